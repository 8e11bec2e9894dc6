export interface RuleExample {
  readonly language: string
  readonly expects: string
  readonly text: string
  readonly file: string
  readonly beside: readonly { readonly name: string; readonly fixture: string }[]
  readonly torch?: string
}
export function readPage(file: string, id: string): { summary: string; markdown: string; examples: readonly RuleExample[] }
