/**
 * The parts of an installed torch: which file belongs to which part, whether the part is needed at run time, and what
 * breaks without it. Sources: removals tried one at a time on torch 2.13.0+cpu and 2.14.1+cu130 (17 checks each).
 */

import { ge, valid } from '@renovatebot/pep440'

export type Need = true | false | 'cuda-only'

export interface TorchPart {
  readonly part: string
  readonly neededAtRunTime: Need
  /** What stops working without it; empty when nothing was found to. */
  readonly breaks: readonly string[]
}

interface PartRule extends TorchPart {
  /** Over the path relative to site-packages. The first rule that matches wins. */
  readonly matches: RegExp
}

const IMPORT = 'import torch'
const LINKED_CUDA = 'import torch (a CUDA build links it also on a machine without a GPU; the CPU wheel has none of it)'

const LIB = String.raw`^torch/lib/(?:lib)?`
const ENDING = String.raw`(?:[-.\w]*)\.(?:so|dll|dylib)(?:\.[\d.]+)?$`

/** In order: bytecode, stubs and archives stand wherever they lie, then libraries, then folders. */
const RULES: readonly PartRule[] = [
  { part: 'bytecode', matches: /\.pyc$/, neededAtRunTime: false, breaks: ['nothing, but Python writes it again unless PYTHONDONTWRITEBYTECODE is set; imports are slower without it'] },
  { part: 'stubs', matches: /^(torch|functorch|torchgen)\/.*\.pyi$/, neededAtRunTime: false, breaks: [] },
  { part: 'test-binaries', matches: /^torch\/test\//, neededAtRunTime: false, breaks: [] },
  { part: 'shm-manager', matches: /^torch\/bin\/torch_shm_manager(\.exe)?$/, neededAtRunTime: true, breaks: [IMPORT] },
  { part: 'tools', matches: /^torch\/bin\//, neededAtRunTime: false, breaks: [] },
  { part: 'headers', matches: /^torch\/include\//, neededAtRunTime: false, breaks: ['torch.compile with inductor on a CPU', 'building C++ extensions'] },
  { part: 'cmake', matches: /^torch\/share\//, neededAtRunTime: false, breaks: ['building C++ programs against libtorch'] },
  { part: 'test-libraries', matches: /^torch\/lib\/(?:lib)?(aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test)\.(so|dll|dylib)$/, neededAtRunTime: false, breaks: [] },
  { part: 'static-libraries', matches: /^torch\/lib\/.*\.(a|lib)$/, neededAtRunTime: false, breaks: ['linking C++ extensions'] },
  { part: 'libtorch_cpu', matches: new RegExp(`${LIB}torch_cpu${ENDING}`), neededAtRunTime: true, breaks: [IMPORT] },
  { part: 'libtorch_python', matches: new RegExp(`${LIB}torch_python${ENDING}`), neededAtRunTime: true, breaks: [IMPORT] },
  { part: 'libtorch_cuda_linalg', matches: new RegExp(`${LIB}torch_cuda_linalg${ENDING}`), neededAtRunTime: 'cuda-only', breaks: ['linear algebra on a GPU'] },
  { part: 'libcaffe2_nvrtc', matches: new RegExp(`${LIB}caffe2_nvrtc${ENDING}`), neededAtRunTime: 'cuda-only', breaks: ['kernels compiled at run time on a GPU'] },
  { part: 'libtorch_cuda', matches: new RegExp(`${LIB}(torch_cuda|c10_cuda|torch_nvshmem)${ENDING}`), neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA] },
  { part: 'libtorch_hip', matches: new RegExp(`${LIB}(torch_hip|c10_hip|rocblas|hipblas|hipfft|hiprand|hipsolver|hipsparse|MIOpen|miopen|rocfft|rocrand|rocsolver|rocsparse|rccl|amdhip64|hsa-runtime64|amd_comgr|magma)${ENDING}`), neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA.replace('CUDA build', 'ROCm build')] },
  { part: 'rocm-kernels', matches: /^torch\/lib\/(rocblas|hipblaslt|hipsparselt|aotriton\.images)\//, neededAtRunTime: 'cuda-only', breaks: ['computing on a GPU'] },
  { part: 'libtorch_xpu', matches: new RegExp(`${LIB}(torch_xpu|c10_xpu)${ENDING}`), neededAtRunTime: 'cuda-only', breaks: ['import torch (this build links it)'] },
  { part: 'cudnn', matches: new RegExp(`${LIB}cudnn${ENDING}`), neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA] },
  { part: 'nccl', matches: new RegExp(`${LIB}nccl${ENDING}`), neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA] },
  { part: 'cuda-libraries', matches: new RegExp(`${LIB}(cublas|cublasLt|cudart|cufft|cufftw|curand|cusolver|cusolverMg|cusparse|cusparseLt|cupti|nvrtc|nvrtc-builtins|nvJitLink|nvToolsExt|cufile|nvperf_host|nvtx)${ENDING}`), neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA] },
  { part: 'libraries', matches: /^torch\/lib\//, neededAtRunTime: true, breaks: [IMPORT] },
  { part: 'inductor', matches: /^torch\/(_inductor|_dynamo|_numpy)\//, neededAtRunTime: false, breaks: ['optimizers (torch.optim)', 'torch.func', 'torch.export', 'torch.compile'] },
  { part: 'onnx', matches: /^torch\/onnx\//, neededAtRunTime: false, breaks: ['torch.onnx', 'torch.compile'] },
  { part: 'benchmark-and-tensorboard', matches: /^torch\/utils\/(benchmark|tensorboard)\//, neededAtRunTime: false, breaks: ['torch.utils.benchmark', 'torch.utils.tensorboard'] },
  { part: 'functorch', matches: /^functorch\//, neededAtRunTime: false, breaks: ['torch.compile', 'import functorch'] },
  { part: 'metadata', matches: /^[^/]+\.(dist|egg)-info(\/|$)/, neededAtRunTime: true, breaks: ['looking up the version with importlib.metadata'] },
]

const REST: TorchPart = { part: 'python', neededAtRunTime: true, breaks: [IMPORT] }

/** The part that a file of the torch distribution belongs to; `path` is relative to site-packages. */
export function torchPartOf(path: string): TorchPart {
  // Most files are headers and Python sources; the rules above are tried only where one of them could hold.
  if (path.startsWith('torch/include/') && !path.endsWith('.pyc')) return HEADERS
  if (path.endsWith('.py') && path.startsWith('torch/') && !SPECIAL_SOURCES.test(path)) return REST
  return RULES.find((rule) => rule.matches.test(path)) ?? REST
}

const HEADERS = RULES.find((rule) => rule.part === 'headers')!
const SPECIAL_SOURCES = /^torch\/(test|bin|share|lib|_inductor|_dynamo|_numpy|onnx|utils)\//

/** The part that a whole package plays for torch, where it is one: CUDA libraries and Triton. */
export function acceleratorPartOf(key: string): TorchPart | undefined {
  const bare = key.replace(/^nvidia-/, '').replace(/-cu\d+$/, '')
  if (/^(pytorch-)?triton/.test(key)) return { part: 'triton', neededAtRunTime: 'cuda-only', breaks: ['torch.compile on a GPU'] }
  if (/^cuda-(toolkit|pathfinder|bindings|python|core)$/.test(key)) return { part: key, neededAtRunTime: 'cuda-only', breaks: key === 'cuda-toolkit' ? [] : ['torch.cuda features that use the CUDA Python bindings'] }
  if (!key.startsWith('nvidia-')) return undefined
  if (bare === 'cusolver') return { part: bare, neededAtRunTime: 'cuda-only', breaks: ['linear algebra on a GPU'] }
  return { part: bare, neededAtRunTime: 'cuda-only', breaks: [LINKED_CUDA] }
}

/** Python parts that releases before 2.13 import at start, or that nobody tried to leave out of them. */
const LATER_OPTIONAL = new Set(['inductor', 'onnx', 'functorch'])

/** The part as it stands in a release: what was tried on 2.13 alone counts as needed before. */
export function needInVersion(part: TorchPart, version: string): TorchPart {
  if (!LATER_OPTIONAL.has(part.part) || (valid(version) && ge(version, '2.13.0.dev0'))) return part
  return { ...part, neededAtRunTime: true, breaks: ['import torch (older releases import it at start)'] }
}
