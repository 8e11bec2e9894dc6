/** The Inflate port over Node's zlib. */

import { inflateRawSync } from 'node:zlib'
import type { Inflate } from '../core/ports.ts'

/** Inflates a raw deflate stream; `undefined` when it is broken or would grow past `maxBytes`. */
export const inflate: Inflate = (compressed, maxBytes) => {
  try {
    return new Uint8Array(inflateRawSync(compressed, { maxOutputLength: Math.max(1, maxBytes) }))
  } catch {
    return undefined
  }
}
