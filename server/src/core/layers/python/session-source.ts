/**
 * The parts of torch beside layers and tensors that module code touches when it is imported or constructed: context managers,
 * script and checkpoint decorators, hub, distributed and backend questions. None of them changes which layers exist.
 */

import { FUNCTIONAL_EXPORTS, FUNCTIONAL_SOURCE } from './functional-source.ts'

/** Runs as the module `torch._session`; the names are handed out by EXPORTS. */
export const SESSION_SOURCE = String.raw`
import math
import torch

class _Context:
    def __init__(self, *args, **kwargs):
        pass
    def __enter__(self):
        return self
    def __exit__(self, *args):
        return None
    def __call__(self, func):
        return func

class _BareContext(_Context):
    def __new__(cls, orig_func=None, *args, **kwargs):
        if orig_func is None or isinstance(orig_func, (bool, str)):
            return super().__new__(cls)
        return orig_func

class no_grad(_BareContext):
    pass
class enable_grad(_BareContext):
    pass
class inference_mode(_BareContext):
    pass
class set_grad_enabled(_Context):
    pass
class autocast(_Context):
    pass
class GradScaler(_Context):
    def scale(self, outputs):
        return outputs
    def step(self, optimizer, *args, **kwargs):
        return None
    def update(self, *args, **kwargs):
        return None
    def unscale_(self, optimizer):
        return None

def script(obj=None, *args, **kwargs):
    return obj
def pass_through(obj=None, *args, **kwargs):
    if obj is None or isinstance(obj, (bool, str)):
        return lambda fn: fn
    return obj
def script_ignore(drop=False, **kwargs):
    if callable(drop):
        return drop
    return lambda fn: fn
def wrap(fn_or_name=None):
    return fn_or_name
def register_notrace(fn):
    return fn
def unused(fn):
    return fn
def export_method(fn):
    return fn
def decorator_with_name(*args, **kwargs):
    return lambda fn: fn
def custom_operator(*args, **kwargs):
    return lambda fn: _unknown('a custom operator')
def false(*args, **kwargs):
    return False
def true(*args, **kwargs):
    return True
def zero(*args, **kwargs):
    return 0
def one(*args, **kwargs):
    return 1
def nothing(*args, **kwargs):
    return None
def cuda_is_available():
    _assume('torch.cuda.is_available() = False')
    return False
def device_count():
    _assume('torch.cuda.device_count() = 0')
    return 0
def accelerator_is_available(*args, **kwargs):
    _assume('no accelerator')
    return False

def current_accelerator(*args, **kwargs):
    _assume('no accelerator')
    return None

class Placement:
    def is_shard(self, dim=None):
        return isinstance(self, Shard) and (dim is None or self.dim == dim)
    def is_replicate(self):
        return isinstance(self, Replicate)
    def is_partial(self, reduce_op=None):
        return isinstance(self, Partial) and (reduce_op is None or self.reduce_op == reduce_op)
    def __eq__(self, other):
        return type(self) is type(other) and self.__dict__ == other.__dict__
    def __hash__(self):
        return hash((type(self).__name__, tuple(self.__dict__.values())))
class Shard(Placement):
    def __init__(self, dim):
        self.dim = dim
class Replicate(Placement):
    pass
class Partial(Placement):
    def __init__(self, reduce_op='sum'):
        self.reduce_op = reduce_op

def compile(model=None, *args, **kwargs):
    if model is None:
        return lambda fn: compile(fn)
    if isinstance(model, torch.nn.Module):
        from torch._dynamo.eval_frame import OptimizedModule
        return OptimizedModule(model)
    return model

def _fan(tensor):
    if tensor.dim() < 2:
        raise ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
    field = 1
    for size in tensor.shape[2:]:
        field *= size
    return tensor.size(1) * field, tensor.size(0) * field

def _correct_fan(tensor, mode):
    fan_in, fan_out = _fan(tensor)
    if mode.lower() not in ('fan_in', 'fan_out'):
        raise ValueError('Mode not supported')
    return fan_in if mode.lower() == 'fan_in' else fan_out

def calculate_gain(nonlinearity, param=None):
    if nonlinearity == 'tanh':
        return 5.0 / 3
    if nonlinearity == 'relu':
        return 2.0 ** 0.5
    if nonlinearity == 'leaky_relu':
        slope = 0.01 if param is None else param
        return (2.0 / (1 + slope ** 2)) ** 0.5
    if nonlinearity == 'selu':
        return 0.75
    return 1.0

def skip_init(module_cls, *args, **kwargs):
    return module_cls(*args, **kwargs)

def parameters_to_vector(parameters):
    return torch.cat([parameter.reshape(-1) for parameter in parameters])

class TorchVersion(str):
    def __len__(self):
        return _unknown('the build that a version of torch names')
    def _compare(self, other):
        from packaging.version import Version
        if isinstance(other, tuple):
            other = '.'.join(str(part) for part in other)
        return Version(str(self)), Version(str(other))
    def __lt__(self, other):
        a, b = self._compare(other)
        return a < b
    def __le__(self, other):
        a, b = self._compare(other)
        return a <= b
    def __gt__(self, other):
        a, b = self._compare(other)
        return a > b
    def __ge__(self, other):
        a, b = self._compare(other)
        return a >= b

class RRef:
    # A reference to what lives in another process: no layer of this one.
    def __init__(self, value=None, type_hint=None):
        pass
    def __getattr__(self, name):
        if name.startswith('__'):
            raise AttributeError(name)
        return _unknown('what another process holds')
def remote(to, func, args=None, kwargs=None, timeout=-1.0):
    return RRef()

class Function:
    @staticmethod
    def forward(ctx, *args, **kwargs):
        raise NotImplementedError
    @classmethod
    def apply(cls, *args, **kwargs):
        return _unknown('the result of an autograd function')

class Dataset:
    def __getitem__(self, index):
        raise NotImplementedError
    def __class_getitem__(cls, item):
        return cls
class IterableDataset(Dataset):
    pass

# bits, max, min, eps, tiny, resolution: as torch.finfo of 2.13 gives them
_FLOAT_LIMITS = {
    'float16': (16, 65504.0, -65504.0, 0.0009765625, 6.103515625e-05, 0.001),
    'bfloat16': (16, 3.3895313892515355e+38, -3.3895313892515355e+38, 0.0078125, 1.1754943508222875e-38, 0.01),
    'float32': (32, 3.4028234663852886e+38, -3.4028234663852886e+38, 1.1920928955078125e-07, 1.1754943508222875e-38, 1e-06),
    'float64': (64, 1.7976931348623157e+308, -1.7976931348623157e+308, 2.220446049250313e-16, 2.2250738585072014e-308, 1e-15),
    'float8_e4m3fn': (8, 448.0, -448.0, 0.125, 0.015625, 1.0),
    'float8_e4m3fnuz': (8, 240.0, -240.0, 0.125, 0.0078125, 1.0),
    'float8_e5m2': (8, 57344.0, -57344.0, 0.25, 6.103515625e-05, 1.0),
    'float8_e5m2fnuz': (8, 57344.0, -57344.0, 0.125, 3.0517578125e-05, 1.0),
    'float8_e8m0fnu': (8, 1.7014118346046923e+38, 5.877471754111438e-39, 1.0, 5.877471754111438e-39, 1.0),
}

class Finfo:
    def __init__(self, dtype=None):
        dtype = dtype or torch.get_default_dtype()
        name = str(dtype).split('.')[1]
        if not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError(f"torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.finfo'")
        name = {'complex32': 'float16', 'complex64': 'float32', 'complex128': 'float64'}.get(name, name)
        self.dtype = name
        known = _FLOAT_LIMITS.get(name)
        if known is None:
            known = (_unknown('torch.finfo of this type'),) * 6
        self.bits, self.max, self.min, self.eps, self.tiny, self.resolution = known
        self.smallest_normal = self.tiny

class Iinfo:
    def __init__(self, dtype):
        self.bits = dtype.itemsize * 8
        self.max = 2 ** (self.bits - (1 if dtype.is_signed else 0)) - 1
        self.min = -2 ** (self.bits - 1) if dtype.is_signed else 0

class Generator:
    def __init__(self, device=None):
        self.device = device
    def manual_seed(self, seed):
        return self
    def seed(self):
        return 0

def one_hot(tensor, num_classes=-1):
    if num_classes < 0:
        return _unknown('one_hot without num_classes depends on the contents of a tensor')
    return torch.zeros(*tensor.shape, num_classes, dtype=torch.int64)

def pad(input, pad, mode='constant', value=None):
    shape = list(input.shape)
    if len(pad) % 2 != 0 or len(pad) // 2 > len(shape):
        raise RuntimeError('Padding length must be divisible by 2 and fit the dimensions')
    for i in range(len(pad) // 2):
        shape[-1 - i] += pad[2 * i] + pad[2 * i + 1]
    return input.new_empty(*shape)

def _complex_type(dtype):
    if dtype in (torch.float64, torch.complex128):
        return torch.complex128
    if dtype in (torch.float16, torch.complex32):
        return torch.complex32
    if dtype is torch.bfloat16:
        raise RuntimeError('Unsupported dtype BFloat16')
    return torch.complex64

def _real_type(dtype):
    return {torch.complex128: torch.float64, torch.complex32: torch.float16}.get(_complex_type(dtype), torch.float32)

def fft(input, n=None, dim=-1, norm=None, *, out=None):
    shape = list(input.shape)
    shape[dim] = shape[dim] if n is None else n
    return torch.empty(*shape, dtype=_complex_type(input.dtype), device=input.device)

def rfft(input, n=None, dim=-1, norm=None, *, out=None):
    shape = list(input.shape)
    shape[dim] = (shape[dim] if n is None else n) // 2 + 1
    return torch.empty(*shape, dtype=_complex_type(input.dtype), device=input.device)

def irfft(input, n=None, dim=-1, norm=None, *, out=None):
    shape = list(input.shape)
    shape[dim] = 2 * (shape[dim] - 1) if n is None else n
    return torch.empty(*shape, dtype=_real_type(input.dtype), device=input.device)

def fftn(input, s=None, dim=None, norm=None, *, out=None):
    shape = list(input.shape)
    if s is not None:
        dims = range(-len(s), 0) if dim is None else dim
        for size, at in zip(s, dims):
            shape[at] = shape[at] if size == -1 else size
    return torch.empty(*shape, dtype=_complex_type(input.dtype), device=input.device)

def fft2(input, s=None, dim=(-2, -1), norm=None, *, out=None):
    return fftn(input, s, dim)

def fftfreq(n, d=1.0, *, out=None, dtype=None, layout=None, device=None, requires_grad=False):
    return torch.empty(n, dtype=dtype, device=device)

def rfftfreq(n, d=1.0, *, out=None, dtype=None, layout=None, device=None, requires_grad=False):
    return torch.empty(n // 2 + 1, dtype=dtype, device=device)

def fftshift(input, dim=None):
    return torch.empty_like(input)

${FUNCTIONAL_SOURCE}
def vmap(func, *args, **kwargs):
    return func

def jit_annotate(the_type, the_value):
    return the_value
`

/** Module -> (name -> name in `torch._session`). */
export const SESSION_EXPORTS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map<string, Readonly<Record<string, string>>>([
  ['torch', {
    no_grad: 'no_grad', enable_grad: 'enable_grad', inference_mode: 'inference_mode', set_grad_enabled: 'set_grad_enabled', autocast: 'autocast', compile: 'compile', finfo: 'Finfo', iinfo: 'Iinfo', Generator: 'Generator',
    manual_seed: 'nothing', seed: 'nothing', set_num_threads: 'nothing', set_num_interop_threads: 'nothing', set_float32_matmul_precision: 'nothing', use_deterministic_algorithms: 'nothing', set_printoptions: 'nothing', set_warn_always: 'nothing', is_grad_enabled: 'true', is_autocast_enabled: 'false', is_inference_mode_enabled: 'false', set_rng_state: 'nothing', set_flush_denormal: 'nothing',
    vmap: 'vmap',
  }],
  ['torch._C', { _log_api_usage_once: 'nothing', _get_tracing_state: 'nothing', _jit_set_profiling_executor: 'nothing', _jit_set_profiling_mode: 'nothing' }],
  ['torch.autograd', { Variable: 'Variable', no_grad: 'no_grad', enable_grad: 'enable_grad', set_grad_enabled: 'set_grad_enabled', Function: 'Function', set_detect_anomaly: '_Context', detect_anomaly: '_Context' }],
  ['torch.autograd.variable', { Variable: 'Variable' }],
  ['torch.autograd.function', { Function: 'Function', once_differentiable: 'pass_through' }],
  ['torch.autograd.grad_mode', { no_grad: 'no_grad', enable_grad: 'enable_grad', inference_mode: 'inference_mode', set_grad_enabled: 'set_grad_enabled' }],
  ['torch.amp', { autocast: 'autocast', GradScaler: 'GradScaler', custom_fwd: 'pass_through', custom_bwd: 'pass_through' }],
  ['torch.amp.autocast_mode', { autocast: 'autocast', custom_fwd: 'pass_through', custom_bwd: 'pass_through' }],
  ['torch.cuda.amp', { autocast: 'autocast', GradScaler: 'GradScaler', custom_fwd: 'pass_through', custom_bwd: 'pass_through' }],
  ['torch.cuda.amp.autocast_mode', { autocast: 'autocast', custom_fwd: 'pass_through', custom_bwd: 'pass_through' }],
  ['torch.cpu.amp', { autocast: 'autocast' }],
  ['torch.cuda', { is_available: 'cuda_is_available', device_count: 'device_count', manual_seed: 'nothing', manual_seed_all: 'nothing', empty_cache: 'nothing', synchronize: 'nothing', set_device: 'nothing', is_initialized: 'false', current_device: 'zero', is_bf16_supported: 'accelerator_is_available', device: '_Context' }],
  ['torch.mps', { is_available: 'accelerator_is_available', empty_cache: 'nothing', manual_seed: 'nothing' }],
  ['torch.xpu', { is_available: 'accelerator_is_available', empty_cache: 'nothing', device_count: 'zero' }],
  ['torch.accelerator', { is_available: 'accelerator_is_available', current_accelerator: 'current_accelerator', device_count: 'zero' }],
  ...['torch.distributed.tensor', 'torch.distributed._tensor', 'torch.distributed.tensor.placement_types', 'torch.distributed._tensor.placement_types'].map((name): [string, Record<string, string>] => [name, { Placement: 'Placement', Shard: 'Shard', Replicate: 'Replicate', Partial: 'Partial' }]),
  ['torch.backends.mps', { is_available: 'accelerator_is_available', is_built: 'accelerator_is_available' }],
  ['torch.backends.cuda', { is_built: 'accelerator_is_available', enable_flash_sdp: 'nothing', enable_mem_efficient_sdp: 'nothing', enable_math_sdp: 'nothing', enable_cudnn_sdp: 'nothing', sdp_kernel: '_Context' }],
  ['torch.jit', {
    script: 'script', ignore: 'script_ignore', unused: 'unused', export: 'export_method', interface: 'pass_through', script_method: 'pass_through', script_if_tracing: 'pass_through', is_scripting: 'false', is_tracing: 'false',
    _overload_method: 'pass_through', _overload: 'pass_through', annotate: 'jit_annotate', fork: 'nothing', wait: 'nothing', set_fusion_strategy: 'nothing', optimized_execution: '_Context', _script_if_tracing: 'pass_through', save: 'nothing',
  }],
  ['torch._jit_internal', { is_scripting: 'false', ignore: 'script_ignore', unused: 'unused', export: 'export_method', _overload_method: 'pass_through', _overload: 'pass_through', weak_module: 'pass_through', boolean_dispatch: 'pass_through', is_tracing: 'false' }],
  ['torch.jit._script', { script: 'script', interface: 'pass_through' }],
  ['torch.fx', { wrap: 'wrap' }],
  ['torch.fx.experimental.proxy_tensor', { maybe_disable_fake_tensor_mode: '_Context' }],
  ['torch._dynamo', { disable: 'pass_through', allow_in_graph: 'pass_through', is_compiling: 'false', reset: 'nothing', optimize: 'decorator_with_name', graph_break: 'nothing', mark_dynamic: 'nothing', mark_static_address: 'nothing', assume_constant_result: 'pass_through' }],
  ['torch._dynamo.external_utils', { is_compiling: 'false' }],
  ['torch.compiler', { disable: 'pass_through', allow_in_graph: 'pass_through', is_compiling: 'false', is_dynamo_compiling: 'false', is_exporting: 'false', reset: 'nothing', set_stance: '_Context', assume_constant_result: 'pass_through' }],
  ['torch.onnx', { is_in_onnx_export: 'false' }],
  ['torch.distributed', { is_available: 'true', is_initialized: 'false', get_rank: 'zero', get_world_size: 'one', barrier: 'nothing', init_process_group: 'nothing', destroy_process_group: 'nothing', is_torchelastic_launched: 'false' }],
  ['torch.distributed.rpc', { RRef: 'RRef', remote: 'remote', init_rpc: 'nothing', shutdown: 'nothing' }],
  ['torch.random', { manual_seed: 'nothing', fork_rng: '_Context' }],
  ['torch.overrides', { has_torch_function: 'false', has_torch_function_unary: 'false', has_torch_function_variadic: 'false', is_tensor_like: 'true' }],
  ['torch.serialization', { add_safe_globals: 'nothing', safe_globals: '_Context' }],
  ['torch.utils', { set_module: 'nothing' }],
  ['torch.utils.data', { Dataset: 'Dataset', IterableDataset: 'IterableDataset' }],
  ['torch.utils.data.dataset', { Dataset: 'Dataset', IterableDataset: 'IterableDataset' }],
  ['torch.library', { custom_op: 'custom_operator', register_fake: 'decorator_with_name', impl_abstract: 'decorator_with_name', register_kernel: 'decorator_with_name', register_autograd: 'nothing', impl: 'decorator_with_name', register_autocast: 'nothing', triton_op: 'custom_operator', define: 'nothing' }],
  ['torch.torch_version', { TorchVersion: 'TorchVersion' }],
  ['torch.profiler', { record_function: '_Context', profile: '_Context' }],
  ['torch.autograd.profiler', { record_function: '_Context', profile: '_Context' }],
  ['torch.nn.attention', { sdpa_kernel: '_Context' }],
  ['torch.nn.init', { _calculate_fan_in_and_fan_out: '_fan', _calculate_correct_fan: '_correct_fan', calculate_gain: 'calculate_gain' }],
  ['torch.nn.utils', { skip_init: 'skip_init', parameters_to_vector: 'parameters_to_vector', clip_grad_norm_: 'zero', clip_grad_value_: 'nothing', vector_to_parameters: 'nothing' }],
  ['torch.nn.utils.init', { skip_init: 'skip_init' }],
  ['torch.nn.utils.clip_grad', { clip_grad_norm_: 'zero', clip_grad_value_: 'nothing' }],
  ['torch.nn.functional', FUNCTIONAL_EXPORTS],
  ['torch.func', { vmap: 'vmap' }],
  ['torch.fft', { fft: 'fft', ifft: 'fft', rfft: 'rfft', irfft: 'irfft', fftn: 'fftn', ifftn: 'fftn', fft2: 'fft2', ifft2: 'fft2', fftfreq: 'fftfreq', rfftfreq: 'rfftfreq', fftshift: 'fftshift', ifftshift: 'fftshift' }],
])
