/** Makes text from a file safe to print: one line, no control characters, nothing that reorders what stands around it. */

/** Control, bidi and zero-width characters become their escapes. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
