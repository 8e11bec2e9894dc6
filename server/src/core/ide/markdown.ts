/** Text of files and packages inside Markdown: shown as it is, never as markup, links or commands of its own. */

import type { Place } from '../text/range.ts'

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

/** A link to a line; `from` is the file in which it is shown. */
export function placeLink(place: Place, from: string): string {
  const line = String(place.range.start.line + 1)
  const name = place.file === from ? `line ${line}` : `${place.file.slice(place.file.lastIndexOf('/') + 1)}:${line}`
  return `[${escapeMarkdown(name)}](${fileUri(place.file)}#L${line})`
}

function fileUri(path: string): string {
  const encoded = path.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)).join('/')
  return path.startsWith('/') ? `file://${encoded}` : `file:///${encoded}`
}
