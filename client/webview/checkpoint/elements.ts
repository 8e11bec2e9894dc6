/** Builds elements from data. Text is always text: no markup is ever parsed here. */

export interface Properties {
  readonly class?: string
  readonly text?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly on?: Readonly<Record<string, (event: Event) => void>>
}

export function element<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, properties: Properties = {}, ...children: readonly (Node | undefined)[]): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  if (properties.class !== undefined) made.className = properties.class
  if (properties.text !== undefined) made.textContent = printable(properties.text)
  for (const [name, value] of Object.entries(properties.attributes ?? {})) made.setAttribute(name, value)
  for (const [name, listener] of Object.entries(properties.on ?? {})) made.addEventListener(name, listener)
  for (const child of children) if (child) made.append(child)
  return made
}

/** Text in which `words between backticks` are code, as findings write it. */
export function prose(text: string): HTMLElement[] {
  return text.split('`').map((part, i) => element(i % 2 === 1 ? 'code' : 'span', { text: part }))
}

/** Control and direction signs would let a name pass for another one: they are shown as their code points. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
