/**
 * Would `torch.load(weights_only=True)` of a given release accept a pickle? The judge watches the machine's events and
 * follows torch/_weights_only_unpickler.py of that release: its opcodes, its allow-list, its checks on what is built.
 */

import type { WeightsOnlyRules } from './torch-release.ts'
import { isCall, isDict, isGlobal, isTuple, numpyTypeOf } from './tensor-values.ts'
import { dtypeOfGlobal } from './dtypes.ts'
import type { PyGlobal, Value } from './values.ts'
import { typeName } from './values.ts'

/** The opcodes that every release since 2.0 accepts; 1.13 lacks BINFLOAT (0x47). */
const accepted: readonly number[] = Array.from('(.)}]NJKMQRUXabcehjqrstu', (text) => text.charCodeAt(0)).concat([0x47, 0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8f])

const blockedModules = new Set(['sys', 'os', 'posix', 'nt'])

const dictClasses = new Set(['dict', 'collections.OrderedDict', 'collections.Counter'])

/** Callables of the allow-list that Python can call with what is checked here; all others, called, leave a doubt. */
type Verdict = 'fine' | 'fails' | 'doubt'

export interface WeightsOnlyVerdict {
  readonly loads: boolean | null
  readonly needs: readonly string[]
  readonly why: string
}

const noArguments: Value = { kind: 'tuple', items: [] }
const sixArguments: Value = { kind: 'tuple', items: [null, 0, noArguments, noArguments, false, null] }

export class WeightsOnlyJudge {
  /** Names that would have to be allow-listed, in the order of the file. */
  readonly needs = new Map<string, PyGlobal>()
  /** Why it is refused whatever is allow-listed. */
  refusal: string | undefined
  doubt: string | undefined
  /** Opcodes to be told of: 1 for those that are refused. */
  readonly watched: Uint8Array
  private readonly rules: WeightsOnlyRules
  private protocol = -1

  constructor(rules: WeightsOnlyRules) {
    this.rules = rules
    this.watched = new Uint8Array(256).fill(1)
    for (const code of accepted) this.watched[code] = 0
    if (!rules.floats) this.watched[0x47] = 1
  }

  refuse(why: string): void {
    this.refusal ??= why
  }

  /** Whether torch accepts it cannot be told here. */
  doubtThat(why: string): void {
    this.doubt ??= why
  }

  /** An opcode that is not among `accepted`. */
  opcode(code: number): void {
    this.refuse(`its pickle uses opcode ${String(code)} (${opcodeName(code)}), which the weights_only reader does not support`)
  }

  protocolIs(protocol: number): void {
    this.protocol = protocol
  }

  global(value: PyGlobal, how: string): void {
    if (how !== 'global') {
      if (!this.rules.allowed.has(value.path)) this.needs.set(value.path, value)
      return
    }
    const moved = this.rules.moves === 'always' || (this.rules.moves === 'protocol-2' && this.protocol === 2)
    const path = moved ? value.path : value.original
    if (this.rules.blocks && blockedModules.has(value.module)) {
      this.needs.set(path, value)
      this.refuse(`${path} is blocked: nothing of the module ${value.module} can be allow-listed`)
    } else if (!this.rules.allowed.has(path)) this.needs.set(path, value)
  }

  call(callee: Value, args: Value, how: string): void {
    if (this.refusal !== undefined) return
    if (!isGlobal(callee)) {
      this.refuse(`it calls a ${typeName(callee)}, which is on no list`)
      return
    }
    if (this.needs.has(callee.path)) {
      if (how === 'newobj' && !this.rules.userList) this.refuse(`it builds a ${callee.path}, and this release builds only torch.nn.Parameter`)
      return
    }
    if (how === 'newobj') {
      if (callee.path === 'torch.nn.parameter.Parameter') {
        if (!isTuple(args)) this.refuse('torch.nn.Parameter is not given a tuple of arguments')
      } else if (!this.rules.buildsAllowed) this.refuse(`it builds a ${callee.path} with NEWOBJ, which this release allows for torch.nn.Parameter only`)
      else this.settle(knownCall(callee.path, args, this.rules), callee.path)
      return
    }
    this.settle(knownCall(callee.path, args, this.rules), callee.path)
  }

  /** A call of `_rebuild_tensor_v2` with six arguments that fit, and one of OrderedDict with none. */
  usualTensor(callee: PyGlobal, hooks: PyGlobal): void {
    this.call(callee, sixArguments, 'reduce')
    this.call(hooks, noArguments, 'reduce')
  }

  private settle(verdict: Verdict, path: string): void {
    if (verdict === 'fails') this.refuse(`${path} cannot be called with what the file gives it`)
    else if (verdict === 'doubt') this.doubt ??= `whether ${path} takes these arguments is not known here`
  }

  build(target: Value, state: Value): void {
    if (this.refusal !== undefined) return
    if (isDict(target)) {
      if (target.className === 'collections.OrderedDict') {
        if (!isDict(state)) this.doubt ??= 'the attributes of an OrderedDict are no dict'
      } else if (target.className === 'collections.Counter' && this.rules.buildsAllowed) return
      else if (target.className === 'collections.defaultdict') return
      else this.refuse(`it sets attributes of a ${target.className}`)
      return
    }
    if (!isCall(target) || !isGlobal(target.callee)) {
      this.refuse(`it sets attributes of a ${typeName(target)}`)
      return
    }
    const path = target.callee.path
    if (path === 'numpy.dtype') {
      const name = numpyClass(target)
      if (name === undefined) this.doubt ??= 'the class of a numpy dtype is not known'
      else if (this.rules.buildsAllowed || this.rules.userList) this.needs.set(name, target.callee)
      return
    }
    if (isTensorClass(path) && isTuple(state) && state.items.length === 4) return
    if (path === 'torch._utils._rebuild_parameter' || path === 'torch.nn.parameter.Parameter' || path.endsWith('Tensor') || path.startsWith('torch._utils._rebuild_tensor')) {
      this.doubt ??= `what setting the attributes of a ${path} does is not known here`
      return
    }
    if (this.needs.has(path)) {
      if (!this.rules.userList) this.refuse(`it sets attributes of a ${path}, which this release does not allow`)
      return
    }
    if (!this.rules.buildsAllowed) this.refuse(`it sets attributes of a ${path}, which this release does not allow`)
    else this.doubt ??= `whether the attributes of a ${path} can be set is not known here`
  }

  append(target: Value): void {
    if (this.refusal !== undefined || (isPlain(target) && target.kind === 'list')) return
    if (this.rules.appendsToSubclasses && isCall(target) && isGlobal(target.callee) && this.needs.has(target.callee.path)) return
    this.refuse(`it appends to a ${typeName(target)}; only lists are allowed`)
  }

  setItems(target: Value): void {
    if (this.refusal !== undefined) return
    if (isDict(target) && dictClasses.has(target.className)) return
    if (this.rules.checksItems) this.refuse(`it sets items of a ${typeName(target)}; only dict, OrderedDict and Counter are allowed`)
    else if (!isDict(target) && !isCall(target)) this.refuse(`it sets items of a ${typeName(target)}`)
  }

  persistent(id: Value): void {
    if (this.refusal !== undefined) return
    if (!isTuple(id)) this.refuse('a persistent id is no tuple')
    else if (id.items[0] !== 'storage') this.refuse('a persistent id names something other than a storage')
  }

  /** The answer once the pickle has been read. */
  verdict(): WeightsOnlyVerdict {
    const needs = [...this.needs.keys()]
    const { release, known } = this.rules
    if (this.refusal !== undefined) return { loads: false, needs, why: this.refusal }
    if (needs.length > 0) {
      const more = needs.length > 1 ? ` and ${String(needs.length - 1)} more` : ''
      return { loads: false, needs, why: this.rules.userList ? `${needs[0]!}${more} must be allow-listed with torch.serialization.add_safe_globals` : `${needs[0]!}${more} is not allowed, and torch ${release.text} has no add_safe_globals` }
    }
    if (this.doubt !== undefined) return { loads: null, needs, why: this.doubt }
    return { loads: true, needs, why: known ? `everything in it is allowed by torch ${release.text}` : `everything in it is allowed by the newest torch known here; torch ${release.text} is newer` }
  }
}

/** `torch.FloatTensor` and its like: empty when called without arguments. */
function isTensorClass(path: string): boolean {
  return /^torch\.(cuda\.)?[A-Z]\w*Tensor$/.test(path)
}

function isPlain(value: Value): value is Exclude<Value, null | boolean | number | bigint | string> {
  return typeof value === 'object' && value !== null
}

/** What calling an allow-listed callable with these arguments does. */
function knownCall(path: string, args: Value, rules: WeightsOnlyRules): Verdict {
  if (!isTuple(args)) return 'fails'
  const { items } = args
  switch (path) {
    case 'collections.OrderedDict':
    case 'collections.Counter':
      if (items.length === 0 || (items.length === 1 && isDict(items[0]))) return 'fine'
      return items.length > 1 ? 'fails' : typeof items[0] === 'number' || items[0] === null ? 'fails' : isSequenceOfPairs(items[0]) ? 'fine' : 'doubt'
    case 'builtins.set':
      if (items.length > 1) return 'fails'
      return items.length === 0 || (isPlain(items[0]!) && (items[0].kind === 'list' || items[0].kind === 'tuple' || items[0].kind === 'set')) ? 'fine' : 'doubt'
    case 'builtins.bytearray': return items.length === 0 || (items.length === 2 && typeof items[0] === 'string') || (items.length === 1 && isCall(items[0])) ? 'fine' : 'doubt'
    case 'builtins.complex': return items.length <= 2 && items.every((item) => typeof item === 'number' || (isPlain(item) && item.kind === 'float')) ? 'fine' : 'doubt'
    case '_codecs.encode': return encodes(items)
    case 'torch.Size': return items.length <= 1 && items.every((item) => isPlain(item) && (item.kind === 'tuple' || item.kind === 'list') && item.items.every((size) => typeof size === 'number')) ? 'fine' : 'doubt'
    case 'torch.device': return typeof items[0] === 'string' && /^(cpu|cuda|meta|mps|xpu|xla|hpu|mtia|ipu|privateuseone|vulkan|hip|ve|fpga|ort|lazy|maia)(:\d+)?$/.test(items[0]) && (items.length === 1 || (items.length === 2 && typeof items[1] === 'number')) ? 'fine' : 'doubt'
    case 'torch.serialization._get_layout': return items.length === 1 && typeof items[0] === 'string' && /^torch\.(strided|sparse_coo|sparse_csr|sparse_csc|sparse_bsr|sparse_bsc|jagged|_mkldnn)$/.test(items[0]) ? 'fine' : 'fails'
    case 'torch._utils._rebuild_tensor': return items.length === 4 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_tensor_v2': return items.length === 6 || (items.length === 7 && rules.metadata) ? 'fine' : 'fails'
    case 'torch._utils._rebuild_tensor_v3': return (items.length === 7 || items.length === 8) && isGlobal(items[6]) ? 'fine' : 'fails'
    case 'torch._utils._rebuild_parameter': return items.length === 3 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_parameter_with_state': return items.length === 4 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_qtensor': return items.length === 7 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_sparse_tensor': return rebuildsSparse(items, rules)
    case 'torch.nested._internal.nested_tensor._rebuild_njt': return 'fine'
    case 'torch._utils._rebuild_sparse_csr_tensor': return 'fine'
    case 'torch._utils._rebuild_nested_tensor': return items.length === 4 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_meta_tensor_no_storage': return items.length === 4 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_wrapper_subclass': return items.length === 8 ? 'fine' : 'fails'
    case 'torch._utils._rebuild_device_tensor_from_numpy':
    case 'torch._utils._rebuild_device_tensor_from_cpu_tensor': return items.length === 4 ? 'fine' : 'fails'
    case 'torch._tensor._rebuild_from_type_v2': return items.length === 4 ? 'fine' : 'fails'
    default: if (isTensorClass(path) && items.length === 0) return 'fine'
      return dtypeOfGlobal(path) === undefined && !path.startsWith('torch.per_') ? 'doubt' : 'fails'
  }
}

function rebuildsSparse(items: readonly Value[], rules: WeightsOnlyRules): Verdict {
  const [layout, data] = items
  const name = isCall(layout) && isTuple(layout.args) ? layout.args.items[0] : undefined
  if (items.length !== 2 || !isTuple(data)) return 'fails'
  if (name === 'torch.sparse_coo') return data.items.length === 3 || (data.items.length === 4 && rules.coalesced) ? 'fine' : 'fails'
  return rules.metadata && data.items.length === 4 ? 'fine' : 'fails'
}

function isSequenceOfPairs(value: Value | undefined): boolean {
  return typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple') && value.items.every((item) => isPlain(item) && (item.kind === 'tuple' || item.kind === 'list') && item.items.length === 2)
}

function encodes(items: readonly Value[]): Verdict {
  const [text, codec] = items
  if (items.length !== 2 || codec !== 'latin1') return 'doubt'
  if (isPlain(text ?? null) && (text as { kind: string }).kind === 'long-text') return 'fine'
  if (typeof text !== 'string') return 'doubt'
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 255) return 'fails'
  return 'fine'
}

/** The class that numpy 1.25 and newer give a dtype, which BUILD wants allow-listed. */
function numpyClass(target: Value): string | undefined {
  const type = numpyTypeOf(target)
  if (!type) return undefined
  const titled: Record<string, string> = { bool: 'Bool', object: 'Object', S: 'Bytes', U: 'Str', V: 'Void', timedelta64: 'TimeDelta64', datetime64: 'DateTime64' }
  const name = titled[type.name.replace(/^[<|]([SUV])\d+$/, '$1')] ?? type.name.replace(/^u?int|float|complex/, (kind) => ({ int: 'Int', uint: 'UInt', float: 'Float', complex: 'Complex' })[kind] ?? kind)
  return `numpy.dtypes.${name}DType`
}

const names: Record<number, string> = {
  0x30: 'POP', 0x31: 'POP_MARK', 0x32: 'DUP', 0x42: 'BINBYTES', 0x43: 'SHORT_BINBYTES', 0x46: 'FLOAT', 0x47: 'BINFLOAT', 0x49: 'INT', 0x4c: 'LONG', 0x50: 'PERSID', 0x53: 'STRING', 0x54: 'BINSTRING', 0x56: 'UNICODE',
  0x64: 'DICT', 0x67: 'GET', 0x69: 'INST', 0x6c: 'LIST', 0x6f: 'OBJ', 0x70: 'PUT', 0x82: 'EXT1', 0x83: 'EXT2', 0x84: 'EXT4', 0x8b: 'LONG4', 0x8c: 'SHORT_BINUNICODE', 0x8d: 'BINUNICODE8', 0x8e: 'BINBYTES8',
  0x90: 'ADDITEMS', 0x91: 'FROZENSET', 0x92: 'NEWOBJ_EX', 0x93: 'STACK_GLOBAL', 0x94: 'MEMOIZE', 0x95: 'FRAME', 0x96: 'BYTEARRAY8', 0x97: 'NEXT_BUFFER', 0x98: 'READONLY_BUFFER',
}

function opcodeName(code: number): string {
  return names[code] ?? 'unknown'
}
