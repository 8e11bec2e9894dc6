import { describe, expect, it } from 'vitest'
import { bounded, difference, estimate, exact, sum, unknown } from '../../../server/src/core/measure/figure.ts'
import { formatBytes, formatCount, formatFigure } from '../../../server/src/core/measure/format.ts'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'], [1, '1 B'], [999, '999 B'], [1000, '1.00 kB'], [1234, '1.23 kB'], [9_996, '10.0 kB'], [97_800_000, '97.8 MB'],
    [99_960_000, '100 MB'], [999_499, '999 kB'], [999_600, '1.00 MB'], [1e9, '1.00 GB'], [2.5e12, '2.50 TB'], [-1500, '-1.50 kB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  it('counts in powers of 1024 when asked', () => expect(formatBytes(262_144_000, 'binary')).toBe('250 MiB'))
})

describe('formatCount', () => {
  it.each([[7, '7'], [11_700, '11.7 k'], [25_557_032, '25.6 M'], [1.5e9, '1.50 G'], [999_999, '1.00 M']])('%d is %s', (count, text) => expect(formatCount(count)).toBe(text))
})

describe('figures', () => {
  it('keeps exactness only when every addend is exact', () => {
    expect(sum([exact(1), exact(2)])).toEqual(exact(3))
    expect(sum([exact(1), estimate(2, 'e')])).toEqual(estimate(3, 'e'))
    expect(sum([exact(1), bounded(2, 'b')])).toEqual(bounded(3, 'b'))
    expect(sum([exact(1), unknown('u')])).toEqual(bounded(1, 'u'))
    expect(sum([unknown('u')])).toEqual(unknown('u'))
    expect(sum([estimate(1, 'e'), unknown('u')])).toEqual(estimate(1, 'e'))
  })
  it('never turns an unknown into a number', () => {
    expect(difference(exact(5), unknown('u'))).toEqual(unknown('u'))
    expect(difference(exact(5), exact(7))).toEqual(exact(-2))
    expect(difference(exact(9), bounded(5, 'b'))).toEqual(unknown('b'))
    expect(difference(bounded(5, 'b'), exact(1))).toEqual(bounded(4, 'b'))
  })
  it('prints its certainty', () => {
    expect([exact(1000), bounded(1000, ''), estimate(1000, ''), unknown('')].map((f) => formatFigure(f))).toEqual(['1.00 kB', 'at least 1.00 kB', 'about 1.00 kB', 'unknown size'])
  })
})
