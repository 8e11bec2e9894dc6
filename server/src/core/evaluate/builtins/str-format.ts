/** `str.format`: replacement fields with attribute and index lookups and nested specifications. */

import { formatValue } from '../operate/format.ts'
import { reprOf, strOf, asciiOf } from '../operate/text.ts'
import type { Interpreter } from '../run/frame.ts'
import { Unknown, type Value } from '../value.ts'

interface State { automatic: number }

export function formatTemplate(m: Interpreter, template: string, args: readonly Value[], keywords: Value): Value {
  return expand(m, template, args, keywords, { automatic: 0 }, 0)
}

function expand(m: Interpreter, template: string, args: readonly Value[], keywords: Value, state: State, depth: number): string | Unknown {
  let out = ''
  for (let i = 0; i < template.length; i++) {
    const unit = template[i]!
    if (unit === '}') {
      if (template[i + 1] !== '}') m.raise('ValueError', 'Single \'}\' encountered in format string')
      out += '}'
      i++
      continue
    }
    if (unit !== '{') { out += unit; continue }
    if (template[i + 1] === '{') { out += '{'; i++; continue }
    const close = closing(template, i)
    if (close < 0) m.raise('ValueError', template.length === i + 1 ? 'Single \'{\' encountered in format string' : 'expected \'}\' before end of string')
    if (depth > 1) m.raise('ValueError', 'Max string recursion exceeded')
    const piece = field(m, template.slice(i + 1, close), args, keywords, state, depth)
    if (piece instanceof Unknown) return piece
    out += piece
    i = close
    m.checkSize('characters', out.length)
  }
  return out
}

function closing(template: string, open: number): number {
  let depth = 0
  for (let i = open; i < template.length; i++) {
    if (template[i] === '{') depth++
    else if (template[i] === '}' && --depth === 0) return i
  }
  return -1
}

function field(m: Interpreter, text: string, args: readonly Value[], keywords: Value, state: State, depth: number): string | Unknown {
  let bracket = 0
  let end = text.length
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') bracket++
    else if (text[i] === ']') bracket--
    else if (bracket === 0 && (text[i] === '!' || text[i] === ':')) { end = i; break }
  }
  const conversion = text[end] === '!' ? text[end + 1] : undefined
  const specStart = text.indexOf(':', end)
  const spec = specStart < 0 || (conversion !== undefined && specStart !== end + 2) ? '' : text.slice(specStart + 1)
  let value = lookUp(m, text.slice(0, end), args, keywords, state)
  if (value instanceof Unknown) return value
  if (conversion === 'r') value = reprOf(m, value)
  else if (conversion === 's') value = strOf(m, value)
  else if (conversion === 'a') { const shown = reprOf(m, value); value = shown instanceof Unknown ? shown : asciiOf(shown) }
  const expanded = expand(m, spec, args, keywords, state, depth + 1)
  return expanded instanceof Unknown ? expanded : formatValue(m, value, expanded)
}

function lookUp(m: Interpreter, path: string, args: readonly Value[], keywords: Value, state: State): Value {
  const first = /^[^.[]*/.exec(path)![0]
  let value: Value
  if (first === '' || /^\d+$/.test(first)) {
    const index = first === '' ? state.automatic++ : Number(first)
    const found = args[index]
    if (found === undefined) m.raise('IndexError', `Replacement index ${index} out of range for positional args tuple`)
    value = found
  } else value = m.getItem(keywords, first)
  const rest = path.slice(first.length)
  for (const step of rest.matchAll(/\.([^.[]+)|\[([^\]]+)\]/g)) {
    if (step[1] !== undefined) value = m.getAttribute(value, step[1])
    else value = m.getItem(value, /^\d+$/.test(step[2]!) ? Number(step[2]) : step[2]!)
  }
  return value
}
