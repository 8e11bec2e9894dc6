/** Poetry's and conda's version syntax as PEP 440 specifiers. */

/** `^2.1` -> `>=2.1,<3`; `~2.1` -> `>=2.1,<2.2`; a bare version is exact; `*` is any; everything else is PEP 440 already. */
export function poetrySpecifier(version: string): string {
  if (version.includes('||')) return ''
  return version.split(',').map((part) => onePoetry(part.trim())).filter((part) => part !== '').join(',')
}

function onePoetry(part: string): string {
  if (part === '' || part === '*') return ''
  const caret = /^\^\s*(\d+(?:\.\d+)*)/.exec(part)
  if (caret) return `>=${caret[1]!},<${nextCaret(caret[1]!)}`
  const tilde = /^~\s*(\d+(?:\.\d+)*)/.exec(part)
  if (tilde) return `>=${tilde[1]!},<${nextTilde(tilde[1]!)}`
  if (/^\d/.test(part)) return `==${part}`
  return part.replace(/\s+/g, '')
}

/** The first version that changes the leftmost number that is not zero. */
function nextCaret(version: string): string {
  const parts = version.split('.').map(Number)
  const at = parts.findIndex((number) => number > 0)
  const place = at < 0 ? parts.length - 1 : at
  return parts.slice(0, place + 1).map((number, order) => (order === place ? number + 1 : number)).join('.')
}

function nextTilde(version: string): string {
  const parts = version.split('.').map(Number).slice(0, 2)
  return parts.length === 1 ? String(parts[0]! + 1) : `${String(parts[0]!)}.${String(parts[1]! + 1)}`
}

/** conda's `=2.1` (any 2.1.x), `==2.1.0`, `>=2,<3`, `2.1.*`; a build string after it is dropped. */
export function condaSpecifier(version: string): string {
  const text = version.trim().replace(/\s+/g, '')
  if (text === '' || text === '*' || text.includes('|')) return ''
  const fuzzy = /^=(\d[\w.]*?)(?:\.\*)?(?:=.*)?$/.exec(text)
  if (fuzzy) return `==${fuzzy[1]!}.*`
  const exactly = /^==(\d[\w.]*)(?:=.*)?$/.exec(text)
  if (exactly) return `==${exactly[1]!}`
  return /^\d/.test(text) ? `==${text}` : text
}
