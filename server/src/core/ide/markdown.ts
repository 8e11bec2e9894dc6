/** Text of files and packages inside Markdown: shown as it is, never as markup, links or commands. */

export function escapeMarkdown(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').replace(/[\\`*_{}[\]()#+!|<>&~$-]/g, (mark) => (mark === '-' ? mark : `\\${mark}`))
}

/** Inline code, whatever the text holds. */
export function code(text: string): string {
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').replaceAll('|', '¦')
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map((match) => match[0].length))
  const fence = '`'.repeat(longest + 1)
  return longest ? `${fence} ${plain} ${fence}` : `${fence}${plain}${fence}`
}
