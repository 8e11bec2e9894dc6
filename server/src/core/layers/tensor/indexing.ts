/** What `tensor[index]` gives, with the indices already read into plain data. Follows PyTorch's (NumPy's) rules for basic and advanced indexing. */

import { broadcast, product, sliceRange } from './shape.ts'
import { makeTensor, select, slice, unsqueeze, valuesOf, type TensorInfo } from './tensor.ts'

export type Index =
  | { readonly kind: 'int', readonly value: number }
  | { readonly kind: 'slice', readonly start: number | null, readonly stop: number | null, readonly step: number }
  | { readonly kind: 'new-axis' }
  | { readonly kind: 'ellipsis' }
  | { readonly kind: 'tensor', readonly tensor: TensorInfo }

/** The indexed tensor; a message for an IndexError; null when the result's shape depends on contents that are not known. */
export function indexTensor(tensor: TensorInfo, indices: readonly Index[]): TensorInfo | string | null {
  const consumed = indices.reduce((sum, index) => sum + (index.kind === 'int' || index.kind === 'slice' ? 1 : index.kind === 'tensor' ? (index.tensor.dtype === 'bool' || index.tensor.dtype === 'uint8' ? Math.max(index.tensor.shape.length, 1) : 1) : 0), 0)
  if (consumed > tensor.shape.length) return 'too many indices for tensor'
  let current = tensor
  let dim = 0
  const advanced: { dim: number, shape: readonly number[], values: readonly number[] | null }[] = []
  let seenEllipsis = false
  for (const index of indices) {
    switch (index.kind) {
      case 'int': {
        const next = select(current, dim, index.value)
        if (!next) return 'index out of range'
        current = next
        break
      }
      case 'slice': {
        if (index.step <= 0) return 'step must be greater than zero'
        const { start, count } = sliceRange(current.shape[dim]!, index.start, index.stop, index.step)
        current = slice(current, dim, start, count, index.step)
        dim += 1
        break
      }
      case 'new-axis':
        current = unsqueeze(current, dim)!
        dim += 1
        break
      case 'ellipsis':
        if (seenEllipsis) return 'an index can only have a single ellipsis'
        seenEllipsis = true
        dim += tensor.shape.length - consumed
        break
      case 'tensor': {
        const { dtype, shape } = index.tensor
        if (dtype === 'bool' || dtype === 'uint8') {
          const values = valuesOf(index.tensor)
          if (values === null || shape.length !== 1) return null
          if (shape[0] !== current.shape[dim]) return 'The shape of the mask does not match'
          const chosen = values.flatMap((value, i) => (value !== 0 ? [i] : []))
          advanced.push({ dim, shape: [chosen.length], values: chosen })
        } else if (dtype.includes('int')) advanced.push({ dim, shape, values: valuesOf(index.tensor) })
        else return 'tensors used as indices must be long, int, byte or bool tensors'
        dim += 1
        break
      }
    }
  }
  return advanced.length === 0 ? current : gather(current, advanced)
}

function gather(tensor: TensorInfo, advanced: readonly { dim: number, shape: readonly number[], values: readonly number[] | null }[]): TensorInfo | string {
  const shape = broadcast(...advanced.map((index) => index.shape))
  if (!shape) return 'shape mismatch: indexing tensors could not be broadcast together'
  const dims = advanced.map((index) => index.dim)
  const adjacent = dims.every((dim, i) => i === 0 || dim === dims[i - 1]! + 1)
  const rest = tensor.shape.filter((_, i) => !dims.includes(i))
  const lead = adjacent ? dims[0]! : 0
  const result = [...rest.slice(0, lead), ...shape, ...rest.slice(lead)]
  const only = advanced[0]!
  if (advanced.length === 1 && only.values && tensor.shape.length === 1) {
    const source = valuesOf(tensor)
    const picked = source && only.values.map((value) => source[value < 0 ? value + source.length : value])
    if (only.values.some((value) => value < -tensor.shape[0]! || value >= tensor.shape[0]!)) return 'index out of range'
    if (picked && product(result) === picked.length) return makeTensor(result, tensor.dtype, tensor.device, picked as number[])
  }
  return makeTensor(result, tensor.dtype, tensor.device)
}
