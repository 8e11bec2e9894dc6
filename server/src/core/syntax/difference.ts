/** Where two texts differ, as one replaced stretch. */

/** Characters compared at a time. */
const BLOCK = 4096

/** Offsets in the text before (`oldEnd`) and after (`newEnd`). */
export interface Change {
  readonly start: number
  readonly oldEnd: number
  readonly newEnd: number
}

/** The one replaced stretch between two texts. */
export function difference(before: string, after: string): Change {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start + BLOCK <= shorter && before.slice(start, start + BLOCK) === after.slice(start, start + BLOCK)) start += BLOCK
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++
  let oldEnd = before.length
  let newEnd = after.length
  while (oldEnd - BLOCK >= start && newEnd - BLOCK >= start && before.slice(oldEnd - BLOCK, oldEnd) === after.slice(newEnd - BLOCK, newEnd)) { oldEnd -= BLOCK; newEnd -= BLOCK }
  while (oldEnd > start && newEnd > start && before.charCodeAt(oldEnd - 1) === after.charCodeAt(newEnd - 1)) { oldEnd--; newEnd-- }
  return { start, oldEnd, newEnd }
}
