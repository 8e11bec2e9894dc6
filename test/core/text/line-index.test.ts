import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyEdits, LineIndex } from '../../../server/src/core/text/line-index.ts'

const text = fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '\r', ' ')).map((parts) => parts.join(''))

describe('LineIndex', () => {
  it('finds every offset again, except between CR and LF', () => {
    fc.assert(fc.property(text, (source) => {
      const index = new LineIndex(source)
      for (let offset = 0; offset <= source.length; offset++) {
        if (source[offset] === '\n' && source[offset - 1] === '\r') continue
        expect(index.offset(index.position(offset))).toBe(offset)
      }
    }))
  })
  it('moves columns past the end of a line to its end', () => {
    const index = new LineIndex('ab\r\ncd')
    expect(index.offset({ line: 0, character: 99 })).toBe(2)
    expect(index.offset({ line: 9, character: 0 })).toBe(6)
    expect(index.line(0)).toBe('ab')
    expect(index.line(1)).toBe('cd')
  })
})

describe('applyEdits', () => {
  const at = (line: number, character: number) => ({ start: { line, character }, end: { line, character } })
  it('applies insertions at one place in their order', () => {
    expect(applyEdits('ab', [{ range: at(0, 1), newText: '1' }, { range: at(0, 1), newText: '2' }])).toBe('a12b')
  })
  it('refuses overlapping edits', () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 2 } }
    expect(applyEdits('abc', [{ range, newText: 'x' }, { range: at(0, 1), newText: 'y' }])).toBeUndefined()
  })
})
