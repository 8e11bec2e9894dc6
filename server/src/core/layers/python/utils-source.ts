/**
 * torch.nn.utils, torch.nn.parallel and the eager quantization stubs where they add, rename or wrap tensors, as Python of our own.
 */

import { PARAMETRIZATIONS, PARAMETRIZE, PRUNE } from './parametrize-source.ts'

const WEIGHT_NORM = String.raw`
import torch
from torch.nn.parameter import Parameter

class WeightNorm:
    def __init__(self, name, dim):
        self.name = name
        self.dim = -1 if dim is None else dim
    def __call__(self, module, inputs):
        pass

def weight_norm(module, name='weight', dim=0):
    hooks = module.__dict__.setdefault('_footprint_hooks', {})
    if ('weight_norm', name) in hooks:
        raise RuntimeError('Cannot register two weight_norm hooks on the same parameter ' + name)
    hook = WeightNorm(name, dim)
    weight = getattr(module, name)
    del module._parameters[name]
    module.register_parameter(name + '_g', Parameter(_norm_except_dim(weight, hook.dim).data))
    module.register_parameter(name + '_v', Parameter(weight.data))
    value = weight.data
    _refuse_copy(value)
    setattr(module, name, value)
    hooks[('weight_norm', name)] = hook
    return module

def remove_weight_norm(module, name='weight'):
    hooks = module.__dict__.get('_footprint_hooks', {})
    if ('weight_norm', name) not in hooks:
        raise ValueError('weight_norm of ' + name + ' not found in ' + type(module).__name__)
    weight = getattr(module, name)
    delattr(module, name)
    del module._parameters[name + '_g']
    del module._parameters[name + '_v']
    setattr(module, name, Parameter(weight.data))
    del hooks[('weight_norm', name)]
    return module
`

const SPECTRAL_NORM = String.raw`
import torch
from torch.nn.parameter import Parameter

class SpectralNorm:
    _version = 1
    def __init__(self, name='weight', n_power_iterations=1, dim=0, eps=1e-12):
        self.name = name
        self.dim = dim
        self.n_power_iterations = n_power_iterations
        self.eps = eps

def spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None):
    if dim is None:
        dim = 1 if isinstance(module, (torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d)) else 0
    hooks = module.__dict__.setdefault('_footprint_hooks', {})
    if ('spectral_norm', name) in hooks:
        raise RuntimeError('Cannot register two spectral_norm hooks on the same parameter ' + name)
    if n_power_iterations <= 0:
        raise ValueError('Expected n_power_iterations to be positive')
    weight = module._parameters[name]
    if dim < 0:
        raise RuntimeError('the number of dimensions does not match')
    if weight is None:
        raise ValueError('SpectralNorm cannot be applied as parameter ' + name + ' is None')
    height = weight.size(dim)
    width = weight.numel() // height
    delattr(module, name)
    module.register_parameter(name + '_orig', weight)
    setattr(module, name, weight.data)
    module.register_buffer(name + '_u', weight.new_empty(height))
    module.register_buffer(name + '_v', weight.new_empty(width))
    hook = SpectralNorm(name, n_power_iterations, dim, eps)
    hooks[('spectral_norm', name)] = hook
    module.__dict__.setdefault('_footprint_metadata', {})[name + '.version'] = 1
    return module

def remove_spectral_norm(module, name='weight'):
    hooks = module.__dict__.get('_footprint_hooks', {})
    if ('spectral_norm', name) not in hooks:
        raise ValueError('spectral_norm of ' + name + ' not found in ' + type(module).__name__)
    weight = getattr(module, name + '_orig')
    delattr(module, name)
    delattr(module, name + '_u')
    delattr(module, name + '_v')
    delattr(module, name + '_orig')
    module.register_parameter(name, Parameter(weight.detach()))
    del hooks[('spectral_norm', name)]
    module.__dict__.get('_footprint_metadata', {}).pop(name + '.version', None)
    return module
`

const DATA_PARALLEL = String.raw`
from torch.nn.modules.module import Module

class DataParallel(Module):
    def __init__(self, module, device_ids=None, output_device=None, dim=0):
        super().__init__()
        self.module = module
        self.device_ids = []
        self.dim = dim
`

const DISTRIBUTED = String.raw`
from torch.nn.modules.module import Module

class DistributedDataParallel(Module):
    def __init__(self, module, *args, **kwargs):
        super().__init__()
        if not any(True for _ in module.parameters()):
            raise RuntimeError('DistributedDataParallel is not needed when a module does not have any parameters that require a gradient.')
        self.module = module
    def no_sync(self):
        import contextlib
        return contextlib.nullcontext()
`

const EVAL_FRAME = String.raw`
from torch.nn.modules.module import Module

class OptimizedModule(Module):
    def __init__(self, mod):
        super().__init__()
        self._orig_mod = mod
    def __getattr__(self, name):
        if name == '_orig_mod':
            return self._modules['_orig_mod']
        return getattr(self._orig_mod, name)
`

const STUBS = String.raw`
from torch.nn.modules.module import Module
from torch.nn.modules.linear import Identity

class QuantStub(Module):
    def __init__(self, qconfig=None):
        super().__init__()
        if qconfig:
            self.qconfig = qconfig

class DeQuantStub(Module):
    def __init__(self, qconfig=None):
        super().__init__()
        if qconfig:
            self.qconfig = qconfig
`

const FLOAT_FUNCTIONAL = String.raw`
from torch.nn.modules.module import Module
from torch.nn.modules.linear import Identity

class FloatFunctional(Module):
    def __init__(self):
        super().__init__()
        self.activation_post_process = Identity()

class FXFloatFunctional(Module):
    pass
`

/** Fused layers and the classes of their parts, which PyTorch checks. */
const FUSED: readonly (readonly [name: string, ...parts: string[]])[] = [
  ...['1', '2', '3'].flatMap((n) => [[`ConvReLU${n}d`, `Conv${n}d`, 'ReLU'], [`ConvBn${n}d`, `Conv${n}d`, `BatchNorm${n}d`], [`ConvBnReLU${n}d`, `Conv${n}d`, `BatchNorm${n}d`, 'ReLU']] as [string, ...string[]][]),
  ['LinearReLU', 'Linear', 'ReLU'], ['BNReLU2d', 'BatchNorm2d', 'ReLU'], ['BNReLU3d', 'BatchNorm3d', 'ReLU'], ['LinearBn1d', 'Linear', 'BatchNorm1d'], ['LinearLeakyReLU', 'Linear', 'LeakyReLU'], ['LinearTanh', 'Linear', 'Tanh'],
]

const INTRINSIC = String.raw`
import torch
from torch.nn.modules.container import Sequential
from torch.nn.utils.parametrize import type_before_parametrizations

def _check(*parts):
    for part, cls in parts:
        if type_before_parametrizations(part) is not cls:
            raise AssertionError('Incorrect types for input modules')

class _FusedModule(Sequential):
    pass
${FUSED.map(([name, ...parts]) => {
  const names = parts.map((_, i) => `part${i}`).join(', ')
  return `class ${name}(_FusedModule):\n    def __init__(self, ${names}):\n        _check(${parts.map((part, i) => `(part${i}, torch.nn.${part})`).join(', ')})\n        super().__init__(${names})\n`
}).join('')}
class ConvAdd2d(_FusedModule):
    def __init__(self, conv, add):
        super().__init__(conv)
        self.add = add
class ConvAddReLU2d(_FusedModule):
    def __init__(self, conv, add, relu):
        super().__init__(conv)
        self.add = add
        self.relu = relu
`

const SWA_UTILS = String.raw`
import copy
import torch
from torch.nn.modules.module import Module

class AveragedModel(Module):
    def __init__(self, model, device=None, avg_fn=None, *args, **kwargs):
        super().__init__()
        self.module = copy.deepcopy(model)
        if device is not None:
            self.module = self.module.to(device)
        self.register_buffer('n_averaged', torch.tensor(0, dtype=torch.long, device=device))
        self.avg_fn = avg_fn
        self.use_buffers = kwargs.get('use_buffers', False)
    def forward(self, *args, **kwargs):
        return self.module(*args, **kwargs)
    def update_parameters(self, model):
        pass
`

export const UTILITY_SOURCES: ReadonlyMap<string, string> = new Map<string, string>([
  ['torch.nn.utils.weight_norm', WEIGHT_NORM],
  ['torch.nn.utils.spectral_norm', SPECTRAL_NORM],
  ['torch.nn.utils.parametrize', PARAMETRIZE],
  ['torch.nn.utils.parametrizations', PARAMETRIZATIONS],
  ['torch.nn.utils.prune', PRUNE],
  ['torch.nn.parallel.data_parallel', DATA_PARALLEL],
  ['torch.nn.parallel.distributed', DISTRIBUTED],
  ['torch._dynamo.eval_frame', EVAL_FRAME],
  ['torch.optim.swa_utils', SWA_UTILS],
  ['torch.ao.quantization.stubs', STUBS],
  ['torch.ao.nn.quantized.modules.functional_modules', FLOAT_FUNCTIONAL],
  ['torch.ao.nn.intrinsic.modules.fused', INTRINSIC],
])
