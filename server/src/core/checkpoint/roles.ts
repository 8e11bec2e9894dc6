/** What a tensor is for, told from the structure around it: optimizer state, an averaged twin, weights, or neither. */

import type { Kind, Role } from './checkpoint.ts'
import { getItem } from './values.ts'
import type { PyDict, Value } from './values.ts'
import { isDict } from './tensor-values.ts'

const optimizerKey = /(^|_)optim(izer|izers|s)?($|_)|^optimizer|^opts?(_[a-z0-9]{1,4})?$|^(adam|adamw|sgd)$/i
const emaKey = /(^|_)ema($|_)|^ema(model|net|unet|weights)$|(^|_)(averaged|swa|polyak)_(model|weights|params|state)/i
const otherKey = /rng|random_state|scheduler|^scaler|^amp$|hyper_?param|^hparams|^args$|^config|^cfg|callbacks|^loops$|criterion|^loss|metrics?$|history|^stats$|^best|epoch|^train_|data_?loader|sampler|^step$|iteration/i
const trainingKey = /^(epochs?|global_step|step|steps|iter|iters|iteration|iterations|it|lr_schedulers?|scheduler|scheduler_state_dict|lr_scheduler_state_dict|pytorch-lightning_version|scaler|loops|best_\w+|train_\w+|optimizer_states?|hyper_parameters)$/i

/** The role that a key gives to everything under it; undefined when it says nothing. */
export function roleOfKey(key: string): Role | undefined {
  if (key.includes('.')) return roleOfDottedName(key)
  if (optimizerKey.test(key)) return 'optimizer'
  if (emaKey.test(key)) return 'ema'
  return otherKey.test(key) ? 'other' : undefined
}

/** A flat state_dict names its twins by prefix (`model_ema.`); the last segment is the parameter itself and says nothing. */
export function roleOfDottedName(name: string): Role | undefined {
  // Most names say nothing of the kind: they need no splitting.
  if (!mayBeAveraged(name)) return undefined
  const segments = name.split('.')
  segments.pop()
  return segments.some((segment) => emaKey.test(segment)) ? 'ema' : undefined
}

/** A torch optimizer's state_dict is a dict with `state` and `param_groups`. */
export function isOptimizerState(value: PyDict): boolean {
  return getItem(value, 'state') !== undefined && getItem(value, 'param_groups') !== undefined
}

/** Whether `ema`, `swa`, `averaged` or `polyak` can be in the name, in any case: each has an `ema`, `swa`, `ave` or `pol`. */
function mayBeAveraged(name: string): boolean {
  for (let index = 2; index < name.length; index++) {
    const last = name.charCodeAt(index) | 0x20
    // The third letter: a, e or l; then the two before it.
    if (last !== 0x61 && last !== 0x65 && last !== 0x6c) continue
    const middle = name.charCodeAt(index - 1) | 0x20
    const first = name.charCodeAt(index - 2) | 0x20
    if (last === 0x61 ? (middle === 0x6d && first === 0x65) || (middle === 0x77 && first === 0x73) : last === 0x65 ? middle === 0x76 && first === 0x61 : middle === 0x6f && first === 0x70) return true
  }
  return false
}

/** What a root dict is, given whether it holds tensors itself, dicts of tensors, modules. */
export function kindOfDict(root: PyDict, holds: { readonly direct: number, readonly nested: number, readonly modules: number, readonly optimizer: boolean }): Kind {
  const isTraining = (): boolean => root.keys.some((key) => typeof key === 'string' && (trainingKey.test(key) || optimizerKey.test(key)))
  if (holds.optimizer || (holds.nested + holds.modules > 0 && isTraining())) return 'training-checkpoint'
  if (holds.modules > 0) return 'whole-module'
  if (holds.direct + holds.nested === 0) return 'other'
  return root.keys.every((key) => typeof key === 'string') ? 'state_dict' : 'other'
}

/** Whether a dict's values include a plain optimizer state at the first level. */
export function holdsOptimizer(root: PyDict): boolean {
  return root.values.some((value: Value) => (isDict(value) && isOptimizerState(value)) || (typeof value === 'object' && value?.kind === 'list' && value.items.length > 0 && value.items.every((item) => isDict(item) && isOptimizerState(item))))
}
