/** Normalising layers of torch.nn as Python source; handed out by layers.ts. */

export const BATCHNORM = String.raw`
import torch
from torch.nn.parameter import Parameter, UninitializedParameter, UninitializedBuffer
from .module import Module
from .lazy import LazyModuleMixin

def _norm_bias(options, name='bias'):
    if not options:
        return True
    if set(options) != {name} or not _since(2, 12):
        raise TypeError('unexpected keyword argument')
    if not _since(2, 13):
        return _unknown('whether this layer takes bias= in this torch version')
    return options[name]

class _NormBase(Module):
    _version = 2
    __constants__ = ['track_running_stats', 'momentum', 'eps', 'num_features', 'affine']
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, **options):
        super().__init__()
        bias = _norm_bias(options)
        self.num_features = num_features
        self.eps = eps
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        if affine:
            self.weight = Parameter(torch.empty(num_features, device=device, dtype=dtype))
            if bias:
                self.bias = Parameter(torch.empty(num_features, device=device, dtype=dtype))
            else:
                self.register_parameter('bias', None)
        else:
            self.register_parameter('weight', None)
            self.register_parameter('bias', None)
        if track_running_stats:
            self.register_buffer('running_mean', torch.zeros(num_features, device=device, dtype=dtype))
            self.register_buffer('running_var', torch.ones(num_features, device=device, dtype=dtype))
            self.register_buffer('num_batches_tracked', torch.tensor(0, dtype=torch.long, device=device))
        else:
            self.register_buffer('running_mean', None)
            self.register_buffer('running_var', None)
            self.register_buffer('num_batches_tracked', None)
        self.reset_parameters()
    def reset_running_stats(self):
        pass
    def reset_parameters(self):
        pass
    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        # Files from before version 2 do not count batches.
        version = local_metadata.get('version', None)
        if (version is None or version < 2) and self.track_running_stats:
            state_dict.setdefault(prefix + 'num_batches_tracked', torch.tensor(0, dtype=torch.long))
        super()._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
    def forward(self, input):
        return torch.empty_like(input)

class _BatchNorm(_NormBase):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, **options):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device=device, dtype=dtype, **options)

class _LazyNormBase(LazyModuleMixin, _NormBase):
    def initialize_parameters(self, input):
        if not self.has_uninitialized_params():
            return
        self.num_features = input.shape[1]
        if self.affine:
            self.weight.materialize((self.num_features,))
            if self.bias is not None:
                self.bias.materialize((self.num_features,))
        if self.track_running_stats:
            self.running_mean.materialize((self.num_features,))
            self.running_var.materialize((self.num_features,))
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, **options):
        super().__init__(0, eps, momentum, False, False, device=device, dtype=dtype)
        bias = _norm_bias(options)
        self.affine = affine
        self.track_running_stats = track_running_stats
        if affine:
            self.weight = UninitializedParameter(device=device, dtype=dtype)
            if bias:
                self.bias = UninitializedParameter(device=device, dtype=dtype)
        if track_running_stats:
            self.running_mean = UninitializedBuffer(device=device, dtype=dtype)
            self.running_var = UninitializedBuffer(device=device, dtype=dtype)
            self.num_batches_tracked = torch.tensor(0, dtype=torch.long, device=device)

class BatchNorm1d(_BatchNorm):
    pass
class BatchNorm2d(_BatchNorm):
    pass
class BatchNorm3d(_BatchNorm):
    pass
class LazyBatchNorm1d(_LazyNormBase, _BatchNorm):
    cls_to_become = BatchNorm1d
class LazyBatchNorm2d(_LazyNormBase, _BatchNorm):
    cls_to_become = BatchNorm2d
class LazyBatchNorm3d(_LazyNormBase, _BatchNorm):
    cls_to_become = BatchNorm3d

class SyncBatchNorm(_BatchNorm):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, process_group=None, device=None, dtype=None, **options):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device=device, dtype=dtype, **options)
        self.process_group = process_group
    @classmethod
    def convert_sync_batchnorm(cls, module, process_group=None):
        converted = module
        if isinstance(module, _BatchNorm):
            converted = SyncBatchNorm(module.num_features, module.eps, module.momentum, module.affine, module.track_running_stats, process_group)
            if module.affine:
                converted.weight = module.weight
                converted.bias = module.bias
            converted.running_mean = module.running_mean
            converted.running_var = module.running_var
            converted.num_batches_tracked = module.num_batches_tracked
            converted.training = module.training
        for name, child in list(module.named_children()):
            converted.add_module(name, cls.convert_sync_batchnorm(child, process_group))
        return converted
`

export const INSTANCENORM = String.raw`
from .batchnorm import _NormBase, _LazyNormBase

class _InstanceNorm(_NormBase):
    def __init__(self, num_features, eps=1e-5, momentum=0.1, affine=False, track_running_stats=False, device=None, dtype=None, **options):
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device=device, dtype=dtype, **options)
    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        if local_metadata.get('version', None) is None and not self.track_running_stats:
            old = [name for name in ('running_mean', 'running_var') if prefix + name in state_dict]
            if old:
                error_msgs.append(prefix + ', '.join(old) + ': the layer does not track running statistics')
            for name in old:
                state_dict.pop(prefix + name)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)

class InstanceNorm1d(_InstanceNorm):
    pass
class InstanceNorm2d(_InstanceNorm):
    pass
class InstanceNorm3d(_InstanceNorm):
    pass
class LazyInstanceNorm1d(_LazyNormBase, _InstanceNorm):
    cls_to_become = InstanceNorm1d
    def __init__(self, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True, device=None, dtype=None, **options):
        super().__init__(eps, momentum, affine, track_running_stats, device, dtype, **options)
class LazyInstanceNorm2d(LazyInstanceNorm1d):
    cls_to_become = InstanceNorm2d
class LazyInstanceNorm3d(LazyInstanceNorm1d):
    cls_to_become = InstanceNorm3d
`

export const NORMALIZATION = String.raw`
import numbers
import torch
from torch.nn.parameter import Parameter
from .module import Module
from .batchnorm import _norm_bias

class LocalResponseNorm(Module):
    def __init__(self, size, alpha=1e-4, beta=0.75, k=1.0):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k
    def forward(self, input):
        return torch.empty_like(input)

class CrossMapLRN2d(Module):
    def __init__(self, size, alpha=1e-4, beta=0.75, k=1):
        super().__init__()
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.k = k
    def forward(self, input):
        return torch.empty_like(input)

class LayerNorm(Module):
    __constants__ = ['normalized_shape', 'eps', 'elementwise_affine']
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True, *args, **options):
        super().__init__()
        names = ('bias', 'device', 'dtype') if _since(2, 1) else ('device', 'dtype')
        if len(args) > len(names):
            raise TypeError('too many positional arguments')
        given = dict(zip(names, args))
        for name in options:
            if name not in names or name in given:
                raise TypeError('unexpected keyword argument ' + name)
        given.update(options)
        bias = given.get('bias', True)
        device = given.get('device')
        dtype = given.get('dtype')
        if isinstance(normalized_shape, numbers.Integral):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = Parameter(torch.empty(self.normalized_shape, device=device, dtype=dtype))
            if bias:
                self.bias = Parameter(torch.empty(self.normalized_shape, device=device, dtype=dtype))
            else:
                self.register_parameter('bias', None)
        else:
            self.register_parameter('weight', None)
            self.register_parameter('bias', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input):
        return torch.empty_like(input)

class GroupNorm(Module):
    __constants__ = ['num_groups', 'num_channels', 'eps', 'affine']
    def __init__(self, num_groups, num_channels, eps=1e-5, affine=True, device=None, dtype=None, **options):
        super().__init__()
        bias = _norm_bias(options)
        if num_channels % num_groups != 0:
            raise ValueError('num_channels must be divisible by num_groups')
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.eps = eps
        self.affine = affine
        if affine:
            self.weight = Parameter(torch.empty(num_channels, device=device, dtype=dtype))
            if bias:
                self.bias = Parameter(torch.empty(num_channels, device=device, dtype=dtype))
            else:
                self.register_parameter('bias', None)
        else:
            self.register_parameter('weight', None)
            self.register_parameter('bias', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input):
        return torch.empty_like(input)

class RMSNorm(Module):
    __constants__ = ['normalized_shape', 'eps', 'elementwise_affine']
    def __init__(self, normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None):
        super().__init__()
        if isinstance(normalized_shape, numbers.Integral):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        if elementwise_affine:
            self.weight = Parameter(torch.empty(self.normalized_shape, device=device, dtype=dtype))
        else:
            self.register_parameter('weight', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input):
        return torch.empty_like(input)
`
