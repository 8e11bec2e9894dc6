/** How amounts are printed, everywhere: the editor, the command line, the documents. One rule, three significant digits. */

import type { Figure } from './figure.ts'

export type Units = 'decimal' | 'binary'

const unitNames: Record<Units, readonly string[]> = {
  decimal: ['B', 'kB', 'MB', 'GB', 'TB', 'PB'],
  binary: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'],
}

/** Bytes as people read them: `0 B`, `999 B`, `1.23 kB`, `97.8 MB`, `1.00 GB`. */
export function formatBytes(bytes: number, units: Units = 'decimal'): string {
  const base = units === 'decimal' ? 1000 : 1024
  const sign = bytes < 0 ? '-' : ''
  let amount = Math.abs(bytes)
  let unit = 0
  while (unit < unitNames[units].length - 1 && rounded(amount, unit) >= base) {
    amount /= base
    unit += 1
  }
  return `${sign}${unit === 0 ? String(Math.round(amount)) : threeDigits(amount)} ${unitNames[units][unit]!}`
}

/** A count as people read it: `999`, `11.7 k`, `25.6 M`, `1.50 G`. */
export function formatCount(count: number): string {
  const names = ['', ' k', ' M', ' G', ' T']
  let amount = Math.abs(count)
  let unit = 0
  while (unit < names.length - 1 && rounded(amount, unit) >= 1000) {
    amount /= 1000
    unit += 1
  }
  return `${count < 0 ? '-' : ''}${unit === 0 ? String(amount) : threeDigits(amount)}${names[unit]!}`
}

/** A figure of bytes with its certainty: `97.8 MB`, `at least 97.8 MB`, `about 97.8 MB`, `unknown size`. */
export function formatFigure(figure: Figure, units: Units = 'decimal'): string {
  switch (figure.certainty) {
    case 'exact': return formatBytes(figure.value, units)
    case 'bounded': return `at least ${formatBytes(figure.value, units)}`
    case 'estimate': return `about ${formatBytes(figure.value, units)}`
    case 'unknown': return 'unknown size'
  }
}

/** What is left of `amount` once printed, so that 999.6 kB becomes 1.00 MB and never 1000 kB. */
function rounded(amount: number, unit: number): number {
  return unit === 0 ? amount : Number(amount.toPrecision(3))
}

function threeDigits(amount: number): string {
  if (amount >= 100) return amount.toFixed(0)
  if (Number(amount.toPrecision(3)) >= 100) return '100'
  if (amount >= 10) return amount.toFixed(1)
  return Number(amount.toPrecision(3)) >= 10 ? '10.0' : amount.toFixed(2)
}
