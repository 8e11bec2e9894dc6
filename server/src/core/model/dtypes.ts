/**
 * The tensor element types of PyTorch: their names, their other names and their bytes per element.
 * Knows nothing of files: how a type is written into a checkpoint stands in core/serialize.
 */

export interface DType {
  /** The canonical name without the `torch.` prefix, as `str(dtype)` prints it. */
  readonly name: string
  /** Bytes per element; sub-byte types count as PyTorch's `element_size()` does, which is 1. */
  readonly bytes: number
  readonly isFloatingPoint: boolean
  readonly isComplex: boolean
  /** Other names of the same object in the `torch` namespace. */
  readonly aliases: readonly string[]
}

const FLOATING = { isFloatingPoint: true, isComplex: false }
const COMPLEX = { isFloatingPoint: false, isComplex: true }
const INTEGRAL = { isFloatingPoint: false, isComplex: false }

/** Source: `torch.finfo`, `torch.iinfo` and `element_size()` of PyTorch 1.13.1, 2.6.0 and 2.13.0. */
const TABLE: readonly DType[] = [
  { name: 'float32', bytes: 4, ...FLOATING, aliases: ['float'] },
  { name: 'float64', bytes: 8, ...FLOATING, aliases: ['double'] },
  { name: 'float16', bytes: 2, ...FLOATING, aliases: ['half'] },
  { name: 'bfloat16', bytes: 2, ...FLOATING, aliases: [] },
  { name: 'float8_e4m3fn', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'float8_e4m3fnuz', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'float8_e5m2', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'float8_e5m2fnuz', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'float8_e8m0fnu', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'float4_e2m1fn_x2', bytes: 1, ...FLOATING, aliases: [] },
  { name: 'complex32', bytes: 4, ...COMPLEX, aliases: ['chalf'] },
  { name: 'complex64', bytes: 8, ...COMPLEX, aliases: ['cfloat'] },
  { name: 'complex128', bytes: 16, ...COMPLEX, aliases: ['cdouble'] },
  { name: 'uint8', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'int8', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'int16', bytes: 2, ...INTEGRAL, aliases: ['short'] },
  { name: 'int32', bytes: 4, ...INTEGRAL, aliases: ['int'] },
  { name: 'int64', bytes: 8, ...INTEGRAL, aliases: ['long'] },
  { name: 'uint16', bytes: 2, ...INTEGRAL, aliases: [] },
  { name: 'uint32', bytes: 4, ...INTEGRAL, aliases: [] },
  { name: 'uint64', bytes: 8, ...INTEGRAL, aliases: [] },
  { name: 'bool', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'qint8', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'quint8', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'qint32', bytes: 4, ...INTEGRAL, aliases: [] },
  { name: 'quint4x2', bytes: 1, ...INTEGRAL, aliases: [] },
  { name: 'quint2x4', bytes: 1, ...INTEGRAL, aliases: [] },
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((bits) => ['uint', 'int'].map((kind) => ({ name: `${kind}${String(bits)}`, bytes: 1, ...INTEGRAL, aliases: [] }))),
  ...['bits1x8', 'bits2x4', 'bits4x2', 'bits8'].map((name) => ({ name, bytes: 1, ...INTEGRAL, aliases: [] })),
  { name: 'bits16', bytes: 2, ...INTEGRAL, aliases: [] },
]

const BY_NAME: ReadonlyMap<string, DType> = new Map(TABLE.flatMap((dtype) => [dtype.name, ...dtype.aliases].map((name) => [name, dtype] as const)))

/** Every element type, canonical names only. */
export const DTYPES = TABLE

/** The element type of a name or alias (`float32`, `half`, `torch.int64`), or `undefined`. */
export function dtypeByName(name: string): DType | undefined {
  return BY_NAME.get(name.startsWith('torch.') ? name.slice('torch.'.length) : name)
}

/** Bytes per element of a canonical name; `undefined` for a type that PyTorch does not have. */
export function elementBytes(name: string): number | undefined {
  return dtypeByName(name)?.bytes
}
