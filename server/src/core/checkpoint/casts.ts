/** Casts of floating point numbers as torch does them: round to nearest, ties to even; values that leave the range become infinite and are counted. */

export type FloatCast = 'float64-float32' | 'float64-float16' | 'float64-bfloat16' | 'float32-float16' | 'float32-bfloat16' | 'float16-bfloat16'

/** The cast from one element type to another, when there is one. */
export function castBetween(from: string, to: string): FloatCast | undefined {
  const name = `${from}-${to}`
  return name === 'float64-float32' || name === 'float64-float16' || name === 'float64-bfloat16' || name === 'float32-float16' || name === 'float32-bfloat16' ? name : undefined
}

/**
 * Casts whole elements; `input` starts at a multiple of 8 in its buffer. Returns the bytes and how many finite values
 * overflowed. torch goes from 64 to 16 bits by way of 32.
 */
export function castFloats(cast: FloatCast, input: Uint8Array): { readonly output: Uint8Array, readonly overflowed: number } {
  if (cast.startsWith('float64')) {
    const wide = new Float64Array(input.buffer, input.byteOffset, input.byteLength / 8)
    const narrow = new Float32Array(wide.length)
    let overflowed = 0
    for (let index = 0; index < wide.length; index++) {
      const value = wide[index]!
      narrow[index] = value
      if (narrow[index] === Infinity || narrow[index] === -Infinity) overflowed += value === Infinity || value === -Infinity ? 0 : 1
    }
    if (cast === 'float64-float32') return { output: new Uint8Array(narrow.buffer), overflowed }
    const half = halve(cast === 'float64-bfloat16', new Uint32Array(narrow.buffer))
    return { output: half.output, overflowed: overflowed + half.overflowed }
  }
  return halve(cast === 'float32-bfloat16', new Uint32Array(input.buffer, input.byteOffset, input.byteLength / 4))
}

function halve(brain: boolean, bits: Uint32Array): { readonly output: Uint8Array, readonly overflowed: number } {
  const output = new Uint16Array(bits.length)
  const overflowed = brain ? toBfloat16(bits, output) : toFloat16(bits, output)
  return { output: new Uint8Array(output.buffer), overflowed }
}

function toBfloat16(bits: Uint32Array, output: Uint16Array): number {
  let overflowed = 0
  for (let index = 0; index < bits.length; index++) {
    const value = bits[index]!
    const size = value & 0x7fffffff
    if (size > 0x7f800000) output[index] = 0x7fc0
    else {
      output[index] = (value + 0x7fff + ((value >>> 16) & 1)) >>> 16
      if (size >= 0x7f7f8000 && size < 0x7f800000) overflowed += 1
    }
  }
  return overflowed
}

function toFloat16(bits: Uint32Array, output: Uint16Array): number {
  let overflowed = 0
  for (let index = 0; index < bits.length; index++) {
    const value = bits[index]!
    const sign = (value >>> 16) & 0x8000
    const size = value & 0x7fffffff
    if (size >= 0x38800000 && size < 0x477ff000) {
      // Normal halves: rebias the exponent, round the 13 bits that go.
      output[index] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13)
    } else if (size < 0x38800000) {
      output[index] = sign | (size <= 0x33000000 ? 0 : subnormal(size))
    } else if (size > 0x7f800000) output[index] = sign | 0x7e00 | ((size >>> 13) & 0x3ff)
    else {
      output[index] = sign | 0x7c00
      if (size < 0x7f800000) overflowed += 1
    }
  }
  return overflowed
}

/** Halves below 2^-14: the mantissa shifts right by how far the exponent is short. */
function subnormal(size: number): number {
  const mantissa = (size & 0x7fffff) | 0x800000
  const shift = 126 - (size >>> 23)
  const kept = mantissa >>> shift
  const rest = mantissa & ((1 << shift) - 1)
  const tie = 1 << (shift - 1)
  return rest > tie || (rest === tie && (kept & 1) === 1) ? kept + 1 : kept
}
