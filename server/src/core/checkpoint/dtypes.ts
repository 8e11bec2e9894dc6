/** The element types of torch, numpy and safetensors: one name (torch's, without `torch.`) and the bits of one element. */

/** Bits per element by torch's name. Packed types (`quint4x2`, `float4_e2m1fn_x2`, `bits4x2`) count what one element of the tensor takes. */
export const dtypeBits: ReadonlyMap<string, number> = new Map([
  ['float64', 64], ['float32', 32], ['float16', 16], ['bfloat16', 16],
  ['complex128', 128], ['complex64', 64], ['complex32', 32], ['bcomplex32', 32],
  ['int64', 64], ['int32', 32], ['int16', 16], ['int8', 8], ['uint8', 8], ['uint16', 16], ['uint32', 32], ['uint64', 64], ['bool', 8],
  ['float8_e4m3fn', 8], ['float8_e4m3fnuz', 8], ['float8_e5m2', 8], ['float8_e5m2fnuz', 8], ['float8_e8m0fnu', 8], ['float4_e2m1fn_x2', 8],
  ['qint8', 8], ['quint8', 8], ['qint32', 32], ['quint4x2', 8], ['quint2x4', 8],
  ['bits8', 8], ['bits16', 16], ['bits1x8', 8], ['bits2x4', 8], ['bits4x2', 8],
  // torch gives its sub-byte integers a whole byte each.
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((bits): [string, number][] => [[`int${String(bits)}`, 8], [`uint${String(bits)}`, 8]]),
])

/** Bits per element in the storage; torch gives `element_size()` 1 to types that it packs by two or four. */
export function storageBits(dtype: string): number {
  return dtype === 'quint4x2' ? 4 : dtype === 'quint2x4' ? 2 : dtypeBits.get(dtype) ?? 8
}

/** Names that torch also answers to. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['double', 'float64'], ['float', 'float32'], ['half', 'float16'], ['long', 'int64'], ['int', 'int32'], ['short', 'int16'],
  ['cdouble', 'complex128'], ['cfloat', 'complex64'], ['chalf', 'complex32'],
])

/** The storage class that torch writes for an element type; undefined for those that go as untyped bytes. */
export function storageClassOf(dtype: string): string | undefined {
  for (const [name, type] of classDtypes) if (type === dtype && name !== 'Untyped') return `${name}Storage`
  return undefined
}

/** The name that safetensors has for an element type. */
export function safetensorsName(dtype: string): string | undefined {
  for (const [name, type] of safetensorsDtypes) if (type.name === dtype) return name
  return undefined
}

/** The element type that a legacy storage or tensor class name speaks of: `FloatStorage`, `HalfTensor`. */
const classDtypes: ReadonlyMap<string, string> = new Map([
  ['Double', 'float64'], ['Float', 'float32'], ['Half', 'float16'], ['BFloat16', 'bfloat16'], ['Long', 'int64'], ['Int', 'int32'], ['Short', 'int16'],
  ['Char', 'int8'], ['Byte', 'uint8'], ['Bool', 'bool'], ['ComplexDouble', 'complex128'], ['ComplexFloat', 'complex64'],
  ['QInt8', 'qint8'], ['QUInt8', 'quint8'], ['QInt32', 'qint32'], ['QUInt4x2', 'quint4x2'], ['QUInt2x4', 'quint2x4'], ['Untyped', 'uint8'],
])

/** `torch.float32` -> `float32`; undefined when the name is no element type. */
export function dtypeOfGlobal(path: string): string | undefined {
  if (!path.startsWith('torch.')) return undefined
  const name = aliases.get(path.slice(6)) ?? path.slice(6)
  return dtypeBits.has(name) ? name : undefined
}

/** `FloatStorage` -> `float32`, `UntypedStorage` -> `uint8`. */
export function dtypeOfStorageClass(name: string): string | undefined {
  return name.endsWith('Storage') ? classDtypes.get(name.slice(0, -7)) : undefined
}

/** `FloatTensor` -> `float32`. */
export function dtypeOfTensorClass(name: string): string | undefined {
  return name.endsWith('Tensor') ? classDtypes.get(name.slice(0, -6)) : undefined
}

/** Whole bytes of one element; undefined for an unknown type. */
export function elementBytes(dtype: string): number | undefined {
  const bits = dtypeBits.get(dtype)
  return bits === undefined ? undefined : Math.ceil(bits / 8)
}

/** Bytes of `count` elements, rounded up to whole bytes. */
export function bytesOf(dtype: string, count: number): number | undefined {
  const bits = dtypeBits.get(dtype) ?? otherBits.get(dtype)
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8)
}

/** Types that safetensors has and torch has not. */
const otherBits: ReadonlyMap<string, number> = new Map([['float4', 4], ['float6_e2m3', 6], ['float6_e3m2', 6]])

/** safetensors names: ours and bits per element (safetensors/src/tensor.rs). */
export const safetensorsDtypes: ReadonlyMap<string, { readonly name: string, readonly bits: number }> = new Map([
  ['BOOL', { name: 'bool', bits: 8 }], ['F4', { name: 'float4', bits: 4 }], ['F6_E2M3', { name: 'float6_e2m3', bits: 6 }], ['F6_E3M2', { name: 'float6_e3m2', bits: 6 }],
  ['U8', { name: 'uint8', bits: 8 }], ['I8', { name: 'int8', bits: 8 }], ['F8_E5M2', { name: 'float8_e5m2', bits: 8 }], ['F8_E4M3', { name: 'float8_e4m3fn', bits: 8 }],
  ['F8_E8M0', { name: 'float8_e8m0fnu', bits: 8 }], ['F8_E4M3FNUZ', { name: 'float8_e4m3fnuz', bits: 8 }], ['F8_E5M2FNUZ', { name: 'float8_e5m2fnuz', bits: 8 }],
  ['I16', { name: 'int16', bits: 16 }], ['U16', { name: 'uint16', bits: 16 }], ['F16', { name: 'float16', bits: 16 }], ['BF16', { name: 'bfloat16', bits: 16 }],
  ['I32', { name: 'int32', bits: 32 }], ['U32', { name: 'uint32', bits: 32 }], ['F32', { name: 'float32', bits: 32 }], ['C64', { name: 'complex64', bits: 64 }],
  ['F64', { name: 'float64', bits: 64 }], ['I64', { name: 'int64', bits: 64 }], ['U64', { name: 'uint64', bits: 64 }],
])

/** A numpy type string such as `<f4` or `|O`; undefined when its elements have no fixed width here. */
export function numpyDtype(text: string): { readonly name: string, readonly bytes: number } | undefined {
  const match = /^[<>|=]?([biufcOSUVmM])(\d{1,6})$/.exec(text)
  if (!match) return text === '|O' || text === 'O' ? { name: 'object', bytes: 8 } : undefined
  const width = Number(match[2])
  const names: Record<string, string> = { b: 'bool', i: `int${String(width * 8)}`, u: `uint${String(width * 8)}`, f: `float${String(width * 8)}`, c: `complex${String(width * 8)}`, O: 'object', S: `|S${String(width)}`, U: `<U${String(width)}`, V: `|V${String(width)}`, m: 'timedelta64', M: 'datetime64' }
  return { name: names[match[1]!]!, bytes: match[1] === 'U' ? width * 4 : width }
}
