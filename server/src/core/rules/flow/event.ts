/** What can happen to a model on its way through a scope, in the words that placing a quantization needs. */

import type { Span } from '../../syntax/ast.ts'

export type Event = Span & (
  /** The name is bound to the model that the question is about. */
  | { readonly kind: 'bind' }
  /** The name stands for something else from here. */
  | { readonly kind: 'other' }
  /** The model is not finished before this: it is trained, loaded or changed. */
  | { readonly kind: 'complete'; readonly how: 'train' | 'load' | 'change' }
  /** Better before quantization than after it, and harmless after: `eval()`, saving, printing. */
  | { readonly kind: 'settle' }
  /** Its parameters are looked up or copied one by one, where a quantized model has none of that name. */
  | { readonly kind: 'state' }
  /** It computes, or is handed to something that lets it compute. */
  | { readonly kind: 'infer' }
  | { readonly kind: 'device'; readonly on: 'cpu' | 'gpu' }
  | { readonly kind: 'precision'; readonly is: 'float32' | 'other' }
  /** `model.fc.weight` is read: the path. */
  | { readonly kind: 'weight'; readonly path: readonly string[] }
  | { readonly kind: 'quantize' }
  /** Something that a quantized model cannot do, or that hides what happens. */
  | { readonly kind: 'refuse'; readonly reason: string }
)

/** What a function does to a model that it is given, or that it finds under a name: its events without their order. */
export type Summary = readonly Event[]
