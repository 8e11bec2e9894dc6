/**
 * PyTorch as native modules for the evaluator: every module that exists in the version in force, each name either
 * implemented, or there but Unknown, or absent as it is in that version. Evaluate is given the result and knows none of it.
 */

import { fn, method, nativeClass, type NativeModule } from '../evaluate/native.ts'
import { type Machine, PyBoxed, PyClass, PyInstance, Unknown, type PyDict, type Value, type PyTuple } from '../evaluate/value.ts'
import { isLayer, moduleNatives, type LayerObserver, type ModuleClass } from './module-core.ts'
import { loadAndSave, safetensorsNatives, stateNatives, type StateFiles } from './state-files.ts'
import { everyModule, releaseOf, moduleExists, moduleName, moduleNames } from './name-table.ts'
import { NAME_TABLE_VERSIONS } from './generated/torch-names.ts'
import { CONTAINER_SOURCE } from './python/container-source.ts'
import { MODULE_SOURCE } from './python/module-source.ts'
import { LAYER_SOURCES } from './python/layers.ts'
import { SESSION_EXPORTS, SESSION_SOURCE } from './python/session-source.ts'
import { UTILITY_SOURCES } from './python/utils-source.ts'
import { defineTensorClass } from './tensor-class.ts'
import { forgetValues } from './tensor/tensor.ts'
import { torchFunctions } from './torch-functions.ts'
import { infoOf, isTensor, makeTorchTypes, type TorchTypes } from './torch-types.ts'

/** What the rest of core needs beside the modules: the classes by which values are recognised. */
export interface Torch {
  readonly natives: readonly NativeModule[]
  readonly types: TorchTypes
  readonly moduleClass: ModuleClass
  readonly observer: LayerObserver
  readonly files: StateFiles
}

const SESSION = 'torch._session'

const SOURCES: ReadonlyMap<string, string> = new Map<string, string>([
  ...LAYER_SOURCES, ...UTILITY_SOURCES, ['torch.nn.modules.module', MODULE_SOURCE], ['torch.nn.modules.container', CONTAINER_SOURCE], [SESSION, SESSION_SOURCE],
])

/** Packages that hand out names defined in modules below others: asked in this order. */
const REEXPORTS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['torch.nn', ['torch.nn.modules.', 'torch.nn.parameter', 'torch.nn.parallel.']],
  ['torch.nn.modules', ['torch.nn.modules.']],
  ['torch.nn.parallel', ['torch.nn.parallel.']],
  ['torch.nn.utils', ['torch.nn.utils.']],
  ['torch.quantization', ['torch.ao.quantization.']], ['torch.ao.quantization', ['torch.ao.quantization.']], ['torch.quantization.stubs', ['torch.ao.quantization.']],
  ['torch.nn.quantized', ['torch.ao.nn.quantized.']], ['torch.ao.nn.quantized', ['torch.ao.nn.quantized.']], ['torch.nn.quantized.modules', ['torch.ao.nn.quantized.']], ['torch.ao.nn.quantized.modules', ['torch.ao.nn.quantized.']],
  ['torch.nn.intrinsic', ['torch.ao.nn.intrinsic.']], ['torch.ao.nn.intrinsic', ['torch.ao.nn.intrinsic.']], ['torch.ao.nn.intrinsic.modules', ['torch.ao.nn.intrinsic.']], ['torch.nn.intrinsic.modules.fused', ['torch.ao.nn.intrinsic.']],
])

/** Namespaces whose functions compute and change nothing but contents: their arguments stay trusted. */
const COMPUTING = new Set(['torch', 'torch.nn.functional', 'torch.nn.init', 'torch.linalg', 'torch.fft', 'torch.special', 'torch.functional', 'torch._VF', 'torch.cuda', 'torch.utils.checkpoint', 'torch.hub', 'torch.distributed', 'torch.backends', 'torch.autograd', 'torch.onnx', 'torch.random', 'torch.optim', 'torch.utils.data', 'torch.utils.model_zoo', 'torch.profiler', 'torch.nn.utils.rnn', 'torch.utils.tensorboard', 'torch.serialization'])

/** Packages whose parts the name table leaves out (test/oracle/layers/names.py). */
const UNLISTED = new Set(['torch._inductor', 'torch.testing', 'torch.testing._internal', 'torch.utils.benchmark', 'torch.utils.data.datapipes', 'torch.distributed.elastic', 'torch._vendor', 'torch._strobelight', 'torch.benchmarks'])

/** What torch's modules import from typing and pass on, `torch.jit.Final` among them. */
const TYPING_NAMES = new Set(['Any', 'Callable', 'Dict', 'Final', 'Generic', 'Iterable', 'Iterator', 'List', 'Literal', 'Mapping', 'NamedTuple', 'Optional', 'Sequence', 'Set', 'Tuple', 'Type', 'TypeVar', 'Union'])

/** Modules whose names appear when they are asked for, or differ between builds of one version. */
const MADE_ON_DEMAND = new Set(['torch.ops', 'torch.classes', 'torch._C'])

/** What torchvision asks its compiled part when it is imported: for which CUDA it was made. */
const TORCHVISION_OPERATORS: NativeModule = {
  name: 'torch.ops.torchvision',
  build: () => ({
    _cuda_version: fn('_cuda_version()', (m) => {
      m.assume('torchvision is built without CUDA')
      return -1
    }),
  }),
  missing: (m, name) => name.startsWith('__') ? undefined : new Unknown(`torch.ops.torchvision.${name} is not modelled`, m.here(), { isHarmless: true, isPlain: true }),
}

/** Names defined at the top of a source of ours. */
function definedNames(source: string): string[] {
  return [...source.matchAll(/^(?:class|def) (\w+)/gm)].map((match) => match[1]!)
}

/** name -> module, for the sources below a prefix. */
const DEFINED: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([...SOURCES].map(([module, source]) => [module, new Map(definedNames(source).map((name) => [name, module]))]))

/** Functions that copy their model first, and where `inplace` stands among their arguments. */
const INPLACE_AT: ReadonlyMap<string, number> = new Map([['quantize_dynamic', 4], ['quantize', 4], ['quantize_qat', 3], ['prepare', 1], ['prepare_qat', 2], ['convert', 2], ['fuse_modules', 2], ['fuse_modules_qat', 2]])

/** Builds PyTorch for one evaluator. */
export function createTorch(torchVersion: string): Torch {
  const types = makeTorchTypes()
  defineTensorClass(types)
  const moduleClass: ModuleClass = { current: undefined }
  const observer: LayerObserver = { layerMade: undefined, layerAttached: undefined }
  const files: StateFiles = { read: undefined, refused: undefined, shared: undefined }
  const builder = new Builder(torchVersion, types, moduleClass, observer, files)
  const names = new Set([...everyModule().filter((name) => moduleExists(torchVersion, name) !== 'absent'), ...SOURCES.keys(), 'torch', 'torch.nn', 'torch.ops', 'torch._C', 'torch._dynamo'])
  return { natives: [...[...names].map((name) => builder.module(name)), TORCHVISION_OPERATORS, ...safetensorsNatives(types, files)], types, moduleClass, observer, files }
}

/** Names that modules of torch import from typing: they look like functions from outside, and are subscripted in annotations. */
const TYPING_FORMS: ReadonlySet<string> = new Set(['Any', 'Callable', 'ClassVar', 'Dict', 'Final', 'FrozenSet', 'Iterable', 'Iterator', 'List', 'Literal', 'Mapping', 'NamedTuple', 'Optional', 'Sequence', 'Set', 'Tuple', 'Type', 'Union'])

class Builder {
  readonly version: string
  readonly release: ReturnType<typeof releaseOf>
  readonly types: TorchTypes
  readonly holder: ModuleClass
  readonly made = new Map<string, Value>()
  readonly functions: ReadonlyMap<string, Value>
  readonly observer: LayerObserver
  readonly files: StateFiles
  readonly loading: ReadonlyMap<string, Value>
  constructor(version: string, types: TorchTypes, holder: ModuleClass, observer: LayerObserver, files: StateFiles) {
    this.version = version
    this.release = releaseOf(version)
    this.observer = observer
    this.types = types
    this.holder = holder
    this.functions = torchFunctions(types)
    this.files = files
    this.loading = loadAndSave(types, files)
  }

  module(name: string): NativeModule {
    const source = SOURCES.get(name)
    const found = new Map<string, Value>()
    return {
      name,
      ...(source === undefined ? {} : { source }),
      isComplete: !UNLISTED.has(name),
      build: (m) => this.build(m, name, source !== undefined),
      missing: (m, attribute) => found.get(attribute) ?? this.attribute(m, name, attribute, found),
      has: (attribute) => attribute.startsWith('__') || MADE_ON_DEMAND.has(name) ? undefined : presence(moduleName(this.version, name, attribute)),
      names: () => moduleNames(this.version, name),
      ready: (_m: Machine, attrs: Map<string, Value>) => {
        if (name === 'torch.nn.modules.module') this.holder.current = attrs.get('Module') as PyClass
        // Our source has every version's names; those of other versions are not there.
        for (const own of DEFINED.get(name)?.keys() ?? []) if (isForeign(this.version, name, own)) attrs.delete(own)
      },
    }
  }

  private build(m: Machine, name: string, isSource: boolean): Record<string, Value> {
    const names: Record<string, Value> = {}
    if (isSource) {
      names['_since'] = fn('_since(major, minor)', (_m, [major, minor]) => this.isSince(Number(major), Number(minor)))
      names['_unknown'] = fn('_unknown(reason)', (machine, [reason]) => machine.unknown(String(reason)))
      names['_is_unknown'] = fn('_is_unknown(value)', (_m, [value]) => value instanceof Unknown)
      names['_doubt'] = fn('_doubt(object, reason)', (machine, [object, reason]) => { machine.escape([object], machine.unknown(String(reason))); return null })
      names['_assume'] = fn('_assume(text)', (machine, [text]) => { machine.assume(String(text)); return null })
      for (const [key, value] of moduleNatives(this.types, this.holder, this.observer)) names[key] = value
      for (const [key, value] of stateNatives(this.holder, this.files)) names[key] = value
    }
    // A library that is installed is there to be loaded.
    if (name === 'torch.ops') names['load_library'] = fn('load_library(path)', () => null)
    if (name === 'torch.nn.utils') {
      for (const function_ of ['weight_norm', 'spectral_norm']) names[function_] = m.getAttribute(m.importModule(`torch.nn.utils.${function_}`), function_)
    }
    return names
  }

  private isSince(major: number, minor: number): boolean {
    const [ownMajor, ownMinor] = this.release
    return ownMajor > major || (ownMajor === major && ownMinor >= minor)
  }

  /** A name that `build` did not give: implemented, Unknown, or not in this version (`undefined`). */
  private attribute(m: Machine, module: string, name: string, found: Map<string, Value>): Value | undefined {
    const value = this.find(m, module, name)
    // Unknowns carry the place that asked for them, so they are made anew.
    if (value !== undefined && !(value instanceof Unknown) && module !== 'torch.version') found.set(name, value)
    return value
  }

  private find(m: Machine, module: string, name: string): Value | undefined {
    if (name.startsWith('__') && name !== '__version__') return undefined
    const answer = module === SESSION ? 'absent' : moduleName(this.version, module, name)
    const own = this.implemented(m, module, name)
    if (own !== undefined && answer !== 'absent') return answer === 'unsure' ? m.unknown(`whether ${module}.${name} exists in torch ${this.version}`) : own
    switch (answer) {
      case undefined:
        if (this.isModule(`${module}.${name}`)) return m.importModule(`${module}.${name}`)
        return own ?? m.unknown(`${module}.${name} is not modelled`)
      case 'absent': return MADE_ON_DEMAND.has(module) ? new Unknown(`${module}.${name} is not modelled`, m.here(), { isHarmless: true, isPlain: true }) : undefined
      case 'unsure': return m.unknown(`whether ${module}.${name} exists in torch ${this.version}`)
      case 'module': return this.isModule(`${module}.${name}`) ? m.importModule(`${module}.${name}`) : m.unknown(`${module}.${name} is not modelled`)
      case 'class': return this.opaqueClass(module, name)
      case 'function': return TYPING_FORMS.has(name) ? m.getAttribute(m.importModule('typing'), name) : this.opaqueFunction(module, name)
      case 'layer':
      case 'value': return m.unknown(`${module}.${name} is not modelled`)
    }
  }

  private isModule(name: string): boolean {
    return SOURCES.has(name) || moduleExists(this.version, name) !== 'absent'
  }

  private implemented(m: Machine, module: string, name: string): Value | undefined {
    const { types } = this
    if (TYPING_NAMES.has(name)) return m.findAttribute(m.importModule('typing'), name)
    const session = SESSION_EXPORTS.get(module)?.[name]
    if (session !== undefined) return m.getAttribute(m.importModule(SESSION), session)
    for (const prefix of REEXPORTS.get(module) ?? []) {
      if (prefix === 'torch.nn.parameter') {
        const parameter = this.parameterClass(name)
        if (parameter !== undefined) return parameter
        continue
      }
      for (const [source, names] of DEFINED) if (source.startsWith(prefix) && names.has(name)) return m.getAttribute(m.importModule(source), name)
    }
    switch (module) {
      case 'torch': return this.torchName(m, name)
      case 'torch.nn.parameter': return this.parameterClass(name)
      case 'torch.functional':
      case 'torch._C._VariableFunctions': return this.functions.get(name)
      case 'torch.nn.functional': return ['softmax', 'log_softmax'].includes(name) ? this.functions.get(name) : undefined
      case 'torch.nn.init': return name.endsWith('_') ? initialiser(name) : undefined
      case 'torch.ao.quantization':
      case 'torch.quantization':
      case 'torch.ao.quantization.quantize':
      case 'torch.quantization.quantize':
      case 'torch.ao.quantization.fuse_modules': return this.copyingFunction(module, name)
      case 'torch.hub': return name === 'load_state_dict_from_url' ? fn('load_state_dict_from_url(*args, **kwargs)', (machine) => machine.unknown('the contents of downloaded weights')) : undefined
      case 'torch.version': return this.buildOf(m, name)
      case 'torch.types':
      case 'torch._tensor': return name === 'Tensor' ? types.tensor : name === 'Device' ? m.unknown('a type alias') : undefined
      default: return undefined
    }
  }

  /** How PyTorch was built, which the source of a model cannot say: for the CPU, and said so. */
  private buildOf(m: Machine, name: string): Value | undefined {
    switch (name) {
      case '__version__': return this.version
      case 'debug': return false
      case 'cuda': case 'hip': case 'rocm': case 'xpu':
        m.assume(`torch.version.${name} = None`)
        return null
      default: return undefined
    }
  }

  private parameterClass(name: string): Value | undefined {
    const { types } = this
    return new Map<string, Value>([['Parameter', types.parameter], ['Buffer', types.buffer], ['UninitializedParameter', types.uninitializedParameter], ['UninitializedBuffer', types.uninitializedBuffer]]).get(name)
  }

  private torchName(m: Machine, name: string): Value | undefined {
    const { types } = this
    const dtype = types.dtypes.get(name)
    if (dtype) return dtype
    switch (name) {
      case 'Tensor': return types.tensor
      case 'device': return types.device
      case 'dtype': return types.dtype
      case 'Size': return types.size
      case '__version__': return this.torchVersionObject(m)
      case 'channels_last': case 'channels_last_3d': case 'contiguous_format': case 'preserve_format':
        return new PyInstance(this.opaqueClass('torch', 'memory_format') as PyClass, name)
      case 'strided': case 'sparse_coo': case 'sparse_csr': return new PyInstance(this.opaqueClass('torch', 'layout') as PyClass, name)
      case 'load': case 'save': return this.loading.get(name)
      case 'inf': case 'nan': case 'pi': case 'e': case 'newaxis': return name === 'newaxis' ? null : m.getAttribute(m.importModule('math'), name)
      default: return this.functions.get(name)
    }
  }

  private torchVersionObject(m: Machine): Value {
    const cls = m.getAttribute(m.importModule(SESSION), 'TorchVersion')
    return cls instanceof PyClass ? new PyBoxed(cls, this.version) : this.version
  }

  /** A class of torch that is no layer: instances are objects about which nothing more is known. */
  private opaqueClass(module: string, name: string): Value {
    const key = `class ${module}.${name}`
    const known = this.made.get(key)
    if (known !== undefined) return known
    const cls = nativeClass({
      name, module,
      methods: [
        method('__init__(self, *args, **kwargs)', () => null),
        method('__getattr__(self, attribute)', (m, [, attribute]) => m.unknown(`${module}.${name}.${String(attribute)} is not modelled`)),
        ...['__call__', '__getitem__', '__len__', '__iter__', '__enter__', '__exit__', '__or__'].map((dunder) => method(`${dunder}(self, *args, **kwargs)`, (m) => m.unknown(`${module}.${name} is not modelled`))),
      ],
    })
    this.made.set(key, cls)
    return cls
  }

  /** Quantizing works on a deep copy unless `inplace` says otherwise: the model that it is given stays as it is. */
  private copyingFunction(module: string, name: string): Value | undefined {
    const at = INPLACE_AT.get(name)
    if (at === undefined) return undefined
    return fn(`${name}(*args, **kwargs)`, (m, [args, kwargs]) => {
      const given = (args as PyTuple).items
      const keywords = (kwargs as PyDict).values
      const inplace = keywords.get('inplace') ?? given[at] ?? false
      const why = new Unknown(`the result of ${module}.${name} is not known`, m.unknown('').origin, { isHarmless: true })
      if (inplace !== false) m.escape([...given, ...keywords.values()], m.unknown(`${module}.${name} changes the model in place`))
      return why
    })
  }

  private opaqueFunction(module: string, name: string): Value {
    return fn(`${name}(*args, **kwargs)`, (m, [args, kwargs]) => {
      const why = m.unknown(`the result of ${module}.${name} is not known`)
      if (name.endsWith('_') || !COMPUTING.has(module)) {
        const values = [...(args as PyTuple).items, ...(kwargs as PyDict).values.values()]
        for (const value of values) if (isTensor(value)) forgetValues(infoOf(value))
        const passed = values.filter((value) => !isTensor(value) && (isLayer(m, this.holder, value) || m.typeOf(value).name === 'list' || m.typeOf(value).name === 'dict'))
        if (!COMPUTING.has(module) && passed.length > 0) m.escape(passed, why)
      }
      return why
    })
  }
}

/** Whether a name is there, whatever its value; `undefined` when that is not certain. */
function presence(answer: ReturnType<typeof moduleName>): boolean | undefined {
  return answer === undefined || answer === 'unsure' ? undefined : answer !== 'absent'
}

/** In the table for the newest version, but not for the one in force. */
function isForeign(version: string, module: string, name: string): boolean {
  const newest = moduleName(NAME_TABLE_VERSIONS[NAME_TABLE_VERSIONS.length - 1]!, module, name)
  return newest !== undefined && newest !== 'absent' && moduleName(version, module, name) === 'absent'
}

/** `torch.nn.init.*_`: changes contents only. */
function initialiser(name: string): Value {
  return fn(`${name}(tensor=None, *args, **kwargs)`, (_m, [tensor]) => {
    if (isTensor(tensor)) forgetValues(infoOf(tensor))
    return tensor
  })
}
