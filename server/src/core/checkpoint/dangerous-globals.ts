/**
 * Which globals of a pickle are dangerous. The mechanism is a list of what is harmless: torch's own allow-lists, inert
 * constructors, torch.nn classes and classes of the user's own; every other name is dangerous, named by a list or not.
 * The words that explain a danger follow from the module; they decide nothing.
 */

import { standardLibrary } from './generated/standard-library.ts'
import { everAllowed } from './torch-release.ts'
import type { PyGlobal } from './values.ts'

export interface DangerousGlobal {
  readonly name: string
  readonly why: string
}

/** How a pickle uses a global. */
export interface GlobalUse {
  readonly global: PyGlobal
  /** REDUCE, OBJ or INST: it is called with arguments of the file's choosing. */
  called: boolean
  /** NEWOBJ: only a class can be used so, and only its `__new__` runs. */
  built: boolean
  /** For `getattr`: only public attributes of harmless classes are asked for. */
  lookedUp: boolean
}

/** Constructors that build plain values whatever they are given; by module. */
const inert: ReadonlyMap<string, ReadonlySet<string>> = new Map(Object.entries({
  'builtins': 'object int float str bytes bytearray bool complex list tuple dict set frozenset range slice Ellipsis NotImplemented type.NoneType NoneType BaseException Exception ValueError TypeError KeyError IndexError RuntimeError StopIteration AttributeError ArithmeticError AssertionError BufferError EOFError OSError FileNotFoundError NotImplementedError ZeroDivisionError OverflowError LookupError MemoryError UnicodeError UserWarning Warning DeprecationWarning RuntimeWarning FutureWarning KeyboardInterrupt',
  'copyreg': '_reconstructor __newobj__ __newobj_ex__', 'collections': 'OrderedDict defaultdict deque Counter ChainMap UserDict UserList UserString',
  'datetime': 'datetime date time timedelta timezone tzinfo', 'decimal': 'Decimal', 'fractions': 'Fraction', 'uuid': 'UUID SafeUUID', 'array': 'array _array_reconstructor',
  'pathlib': 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath', 'pathlib._local': 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath',
  'types': 'SimpleNamespace MappingProxyType NoneType EllipsisType GenericAlias', 'argparse': 'Namespace', 'enum': 'Enum IntEnum Flag IntFlag StrEnum', 'functools': 'partial', '_functools': 'partial',
  'typing': 'Any Union Optional List Dict Tuple Set Callable NamedTuple Generic TypeVar Literal', 're': '_compile', 'ipaddress': 'IPv4Address IPv6Address IPv4Network IPv6Network',
  'random': 'Random', 'string': 'Template', 'numbers': 'Number Integral Real Complex', 'zoneinfo': 'ZoneInfo ZoneInfo._unpickle', 'itertools': 'count cycle repeat chain', 'dataclasses': 'Field _MISSING_TYPE', '_codecs': 'encode',
  'numpy': 'ndarray dtype float16 float32 float64 float128 longdouble complex64 complex128 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_ bool str_ bytes_ object_ intc uintc longlong ulonglong datetime64 timedelta64 void half single double matrix',
  'numpy.core.multiarray': '_reconstruct scalar', 'numpy._core.multiarray': '_reconstruct scalar', 'numpy.core.numeric': '_frombuffer', 'numpy._core.numeric': '_frombuffer', 'numpy.ma.core': 'MaskedArray _mareconstruct', 'numpy.ma': 'MaskedArray',
  'numpy.core._internal': '_convert_to_stringdtype_kwargs', 'numpy.random._pickle': '__randomstate_ctor __generator_ctor __bit_generator_ctor', 'numpy.random._mt19937': 'MT19937', 'numpy.random._pcg64': 'PCG64', 'numpy.random.bit_generator': '__pyx_unpickle_SeedSequence SeedSequence', 'numpy.random': '__RandomState_ctor',
  'torch.storage': 'TypedStorage UntypedStorage _TypedStorage _UntypedStorage _load_from_bytes', 'torch': 'Generator dtype layout memory_format strided sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc jagged contiguous_format channels_last channels_last_3d preserve_format finfo iinfo', 'torch._C': 'Generator _VariableFunctions _VariableFunctionsClass',
  'torch.nn.parameter': 'Parameter Buffer UninitializedParameter UninitializedBuffer', 'torch._utils': '_rebuild_xla_tensor _rebuild_sparse_csr_tensor', 'torch._tensor': '_rebuild_from_type', 'torch.random': '__none__', 'torch.jit._pickle': 'build_intlist build_floatlist build_doublelist build_boollist build_tensorlist build_tensor_from_id restore_type_tag',
  'torch.torch_version': 'TorchVersion', 'torch.amp.grad_scaler': 'GradScaler OptState _refresh_per_optimizer_state', 'torch.cuda.amp.grad_scaler': 'GradScaler OptState _refresh_per_optimizer_state',
  'torch.nested._internal.nested_tensor': 'NestedTensor _rebuild_njt', 'torch._dynamo.decorators': '_DimRange',
  'pandas.core.internals.managers': 'BlockManager SingleBlockManager', 'pandas._libs.internals': '_unpickle_block BlockManager', 'pandas.core.indexes.base': '_new_Index Index', 'pandas.core.indexes.range': 'RangeIndex', 'pytz': '_UTC _p',
  'scipy.sparse._csr': 'csr_matrix', 'joblib.numpy_pickle': 'NumpyArrayWrapper', 'sklearn.externals.joblib.numpy_pickle': 'NumpyArrayWrapper',
}).map(([module, names]) => [module, new Set(names.split(' '))]))

/** Modules of torch whose classes are parts of models and of training: calling them builds a part. */
const torchClasses = /^torch\.(nn|ao\.nn|ao\.quantization|quantization|optim|distributions|utils\.data|utils\.hooks|distributed\.(tensor|_tensor|_shard|device_mesh|fsdp|checkpoint|optim|algorithms)|masked|sparse|cuda\.sparse|cuda\.amp|amp|nested)\./

/** Modules of torch that exist to load, compile or start code: not even an empty object of theirs is plain data. */
const torchCode = /^torch\.(package|jit|fx|hub|_dynamo|_inductor|_functorch|onnx|multiprocessing|utils\.(cpp_extension|bundled_inputs|model_zoo|model_dump)|distributed\.(elastic|rpc|launch|run)|export|classes|ops|_ops|library|_library|testing|cuda\._sanitizer|profiler|autograd)\./

/** Modules of torch whose functions models keep as activations; harmless while nobody calls them. */
const torchFunctions = /^torch\.(nn\.functional|_C\._nn|nn\.init|_C\._VariableFunctions|nn\.modules\.[a-z_]+)$/
const torchActivations = new Set(['relu', 'tanh', 'sigmoid', 'softmax', 'selu', 'celu', 'rrelu', 'prelu', 'sin', 'cos', 'square', 'log_softmax', 'relu_', 'tanh_', 'sigmoid_', 'add', 'mul', 'matmul', 'cat', 'flatten', 'mean', 'sum'])

/** Libraries that exist to rebuild code, install packages or load other pickles: none of their classes is plain data. */
const codeLibraries = new Set(['cloudpickle', 'dill', 'pip', 'setuptools', 'pkg_resources', 'IPython', 'pytest', '_pytest', 'py', 'joblib', 'jsonpickle', 'sh', 'pexpect', 'paramiko', 'fabric', 'invoke', 'requests', 'aiohttp', 'httpx', 'psutil', 'win32api', 'win32com', 'pywin', 'cffi', 'execnet', 'ray'])

/** Parts of other libraries that read files or run programs though they are named like classes. */
const codeModules = /^(tensorflow\.(raw_ops|io|python)|tf|onnxruntime|lightgbm|xgboost|(pytorch_)?lightning(\.pytorch)?\.cli|keras\.(saving|src\.saving))\./

/** Why the global is dangerous; undefined when it is not. */
export function dangerOf({ global, called, built, lookedUp }: GlobalUse): string | undefined {
  const module = global.module.trim()
  const name = global.name.trim()
  const path = `${module}.${name}`
  if (lookedUp && !called && !built) return undefined
  if (everAllowed.has(path) || inert.get(module)?.has(name)) return undefined
  const root = module.split('.')[0]!
  if (module.includes('<computed>') || name.includes('<computed>')) return 'which name it is, is computed while the file loads'
  if (root === 'torch') {
    const functions = torchFunctions.test(module) || (module === 'torch' && torchActivations.has(name))
    if (!name.includes('.') && functions && !called) return undefined
    if (isClassName(name) && (torchClasses.test(`${module}.`) || (!called && module !== 'torch' && !torchCode.test(`${module}.`)))) return undefined
    return explain(path)
  }
  if (standardLibrary.has(root)) return explain(path)
  if (root === 'numpy') return module === 'numpy.dtypes' && isClassName(name) ? undefined : explain(path)
  if (codeLibraries.has(root) || codeModules.test(path)) return explain(path)
  if (isClassName(name)) return undefined
  if (!/^[^\W\d]\w*(\.[^\W\d]\w*)*$/u.test(name) || module === '') return 'it is no name that Python code could have'
  // A lower-case name that is built with NEWOBJ is a class; one that is only mentioned does nothing.
  if (!called) return name.includes('.') && !built ? explain(path) : undefined
  return 'it is called while the file loads, and it is no class: whatever it does is done before anyone can look'
}

/** Every part of a dotted name begins like a class: `Net`, `_Private`, `Outer.Inner`. */
function isClassName(name: string): boolean {
  return name.split('.').every((part) => /^_*\p{Lu}\w*$/u.test(part))
}

const explanations: readonly (readonly [RegExp, string])[] = [
  [/^(os|posix|nt|subprocess|pty|commands|popen2|_posixsubprocess|multiprocessing|asyncio|concurrent|_osx_support|_aix_support|uuid|distutils\.spawn)\b/, 'it runs programs or changes the process and its files'],
  [/^builtins\.(eval|exec|compile|execfile|apply|__import__|__build_class__)$/, 'it runs Python code that the file carries'],
  [/^(builtins\.(getattr|setattr|delattr|globals|locals|vars|map|filter|type)|operator\.|_operator\.|functools\.|inspect\.|types\.|gc\.)/, 'it reaches any other object, and through it any code'],
  [/^(importlib|pkgutil|imp|runpy|zipimport|zipapp|_frozen_importlib|code|codeop|bdb|pdb|cProfile|profile|trace|timeit|doctest|unittest|test|idlelib|lib2to3|ensurepip|venv|pip|setuptools|pydoc|sys|site|_pyrepl)\b/, 'it imports or runs code, or gives a hand to what does'],
  [/^(pickle|_pickle|cPickle|marshal|shelve|dill|cloudpickle|joblib|jsonpickle|torch\.load|torch\.hub|torch\.jit|numpy\.load|copyreg)/, 'it loads code or another pickle'],
  [/^(socket|_socket|urllib|http|ftplib|smtplib|ssl|telnetlib|xmlrpc|imaplib|poplib|nntplib|webbrowser|requests|aiohttp|httpx|select|selectors)\b/, 'it opens network connections'],
  [/^(io|_io|shutil|tempfile|builtins\.open|logging|fileinput|codecs|gzip|bz2|lzma|zipfile|tarfile|sqlite3|dbm|mmap|glob|linecache|pathlib|distutils)\b/, 'it reads or writes files'],
  [/^(ctypes|_ctypes|cffi|mmap)\b/, 'it calls native code'],
  [/^builtins\./, 'it is a function of Python that no weights need'],
]

function explain(path: string): string {
  for (const [pattern, why] of explanations) if (pattern.test(path)) return why
  return 'no version of torch allows it, it is no plain constructor and no torch.nn class'
}
