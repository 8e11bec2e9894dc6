/**
 * The layers of torch.nn that hold tensors, as Python classes of our own: constructor signatures in PyTorch's order with
 * its defaults, its checks where they decide between a layer and an exception, its names and shapes. Evaluated by the same
 * engine as the user's source, so that subclassing, overriding and keyword forms follow Python's own rules.
 *
 * `_since(major, minor)` asks for the torch version in force; `_unknown(reason)` ends in Unknown.
 * Sources of names, shapes and versions: the oracle under test/oracle/layers (1.13.1, 2.6.0, 2.13.0).
 */

import { plainLayerSource } from './plain-layers.ts'

const LINEAR = String.raw`
import math
import torch
from torch.nn.parameter import Parameter, UninitializedParameter
from .module import Module
from .lazy import LazyModuleMixin

class Identity(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
    def forward(self, input):
        return input

class Linear(Module):
    __constants__ = ['in_features', 'out_features']
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(torch.empty((out_features, in_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(torch.empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter('bias', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input):
        return torch.nn.functional.linear(input, self.weight, self.bias)

class NonDynamicallyQuantizableLinear(Linear):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__(in_features, out_features, bias=bias, device=device, dtype=dtype)

class Bilinear(Module):
    __constants__ = ['in1_features', 'in2_features', 'out_features']
    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        if in1_features <= 0:
            raise ValueError('in1_features must be positive')
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(torch.empty((out_features, in1_features, in2_features), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(torch.empty(out_features, device=device, dtype=dtype))
        else:
            self.register_parameter('bias', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass

class LazyLinear(LazyModuleMixin, Linear):
    cls_to_become = Linear
    def initialize_parameters(self, input):
        if self.has_uninitialized_params():
            self.in_features = input.shape[-1]
            self.weight.materialize((self.out_features, self.in_features))
            if self.bias is not None:
                self.bias.materialize((self.out_features,))
    def __init__(self, out_features, bias=True, device=None, dtype=None):
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)
`

const MODULES_UTILS = String.raw`
from itertools import repeat
import collections.abc

def _ntuple(n, name='parse'):
    def parse(x):
        if isinstance(x, collections.abc.Iterable):
            return tuple(x)
        return tuple(repeat(x, n))
    parse.__name__ = name
    return parse

_single = _ntuple(1, '_single')
_pair = _ntuple(2, '_pair')
_triple = _ntuple(3, '_triple')
_quadruple = _ntuple(4, '_quadruple')

def _reverse_repeat_tuple(t, n):
    return tuple(x for x in reversed(t) for _ in range(n))

def _list_with_default(out_size, defaults):
    if isinstance(out_size, (int, torch.SymInt)):
        return out_size
    return [v if v is not None else d for v, d in zip(out_size, defaults[-len(out_size):])]
`

const CONV = String.raw`
import torch
from torch.nn.parameter import Parameter, UninitializedParameter
from .module import Module
from .lazy import LazyModuleMixin
from .utils import _single, _pair, _triple, _reverse_repeat_tuple

class _ConvNd(Module):
    __constants__ = ['stride', 'padding', 'dilation', 'groups', 'padding_mode', 'output_padding', 'in_channels', 'out_channels', 'kernel_size']
    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None):
        super().__init__()
        if groups <= 0 and _since(2, 0):
            raise ValueError('groups must be a positive integer')
        if in_channels % groups != 0:
            raise ValueError('in_channels must be divisible by groups')
        if out_channels % groups != 0:
            raise ValueError('out_channels must be divisible by groups')
        if isinstance(padding, str):
            if padding not in ('same', 'valid'):
                raise ValueError('invalid padding string')
            if padding == 'same' and any(s != 1 for s in stride):
                raise ValueError("padding='same' is not supported for strided convolutions")
        if padding_mode not in ('zeros', 'reflect', 'replicate', 'circular'):
            raise ValueError('invalid padding_mode')
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.transposed = transposed
        self.output_padding = output_padding
        self.groups = groups
        self.padding_mode = padding_mode
        self._reversed_padding_repeated_twice = [0, 0] * len(kernel_size)
        if not isinstance(padding, str):
            self._reversed_padding_repeated_twice = _reverse_repeat_tuple(padding, 2)
        elif padding == 'same':
            for d, k, i in zip(dilation, kernel_size, range(len(kernel_size) - 1, -1, -1)):
                total = d * (k - 1)
                self._reversed_padding_repeated_twice[2 * i] = total // 2
                self._reversed_padding_repeated_twice[2 * i + 1] = total - total // 2
        if transposed:
            self.weight = Parameter(torch.empty((in_channels, out_channels // groups, *kernel_size), device=device, dtype=dtype))
        else:
            self.weight = Parameter(torch.empty((out_channels, in_channels // groups, *kernel_size), device=device, dtype=dtype))
        if bias:
            self.bias = Parameter(torch.empty(out_channels, device=device, dtype=dtype))
        else:
            self.register_parameter('bias', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input, output_size=None):
        if self.transposed:
            return torch.nn.functional.conv_transpose2d(input, self.weight, self.bias, self.stride, self.padding, self.output_padding, self.groups, self.dilation, output_size)
        return torch.nn.functional.conv2d(input, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)

class Conv1d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _single(kernel_size), _single(stride), padding if isinstance(padding, str) else _single(padding), _single(dilation), False, _single(0), groups, bias, padding_mode, device=device, dtype=dtype)

class Conv2d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _pair(kernel_size), _pair(stride), padding if isinstance(padding, str) else _pair(padding), _pair(dilation), False, _pair(0), groups, bias, padding_mode, device=device, dtype=dtype)

class Conv3d(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _triple(kernel_size), _triple(stride), padding if isinstance(padding, str) else _triple(padding), _triple(dilation), False, _triple(0), groups, bias, padding_mode, device=device, dtype=dtype)

class _ConvTransposeNd(_ConvNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode, device=None, dtype=None):
        if padding_mode != 'zeros':
            raise ValueError('only zeros padding mode is supported')
        super().__init__(in_channels, out_channels, kernel_size, stride, padding, dilation, transposed, output_padding, groups, bias, padding_mode, device=device, dtype=dtype)

class ConvTranspose1d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _single(kernel_size), _single(stride), _single(padding), _single(dilation), True, _single(output_padding), groups, bias, padding_mode, device=device, dtype=dtype)

class ConvTranspose2d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _pair(kernel_size), _pair(stride), _pair(padding), _pair(dilation), True, _pair(output_padding), groups, bias, padding_mode, device=device, dtype=dtype)

class ConvTranspose3d(_ConvTransposeNd):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(in_channels, out_channels, _triple(kernel_size), _triple(stride), _triple(padding), _triple(dilation), True, _triple(output_padding), groups, bias, padding_mode, device=device, dtype=dtype)

class _LazyConvXdMixin(LazyModuleMixin):
    def initialize_parameters(self, input, *args, **kwargs):
        if not self.has_uninitialized_params():
            return
        rank = len(self.kernel_size)
        if input.dim() not in (rank + 1, rank + 2):
            raise RuntimeError('the input has another number of dimensions')
        self.in_channels = input.shape[1] if input.dim() == rank + 2 else input.shape[0]
        if self.in_channels % self.groups != 0:
            raise ValueError('in_channels must be divisible by groups')
        if self.transposed:
            self.weight.materialize((self.in_channels, self.out_channels // self.groups, *self.kernel_size))
        else:
            self.weight.materialize((self.out_channels, self.in_channels // self.groups, *self.kernel_size))
        if self.bias is not None:
            self.bias.materialize((self.out_channels,))

${[1, 2, 3].map((n) => `
class LazyConv${n}d(_LazyConvXdMixin, Conv${n}d):
    cls_to_become = Conv${n}d
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, 0, kernel_size, stride, padding, dilation, groups, False, padding_mode, device, dtype)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_channels = out_channels
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)

class LazyConvTranspose${n}d(_LazyConvXdMixin, ConvTranspose${n}d):
    cls_to_become = ConvTranspose${n}d
    def __init__(self, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1, padding_mode='zeros', device=None, dtype=None):
        super().__init__(0, 0, kernel_size, stride, padding, output_padding, groups, False, dilation, padding_mode, device, dtype)
        self.weight = UninitializedParameter(device=device, dtype=dtype)
        self.out_channels = out_channels
        if bias:
            self.bias = UninitializedParameter(device=device, dtype=dtype)
`).join('')}`

const BATCHNORM = String.raw`
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

const INSTANCENORM = String.raw`
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

const NORMALIZATION = String.raw`
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

const RNN = String.raw`
import numbers
import torch
from torch.nn.parameter import Parameter
from .module import Module

class RNNBase(Module):
    __constants__ = ['mode', 'input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'proj_size']
    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        directions = 2 if bidirectional else 1
        if not isinstance(dropout, numbers.Number) or not 0 <= dropout <= 1 or isinstance(dropout, bool):
            raise ValueError('dropout should be a number in range [0, 1]')
        # Checked since some release after 2.6; in between, no number is better than one that PyTorch may refuse.
        if _since(2, 7):
            if not isinstance(bias, bool):
                raise TypeError('bias should be of type bool')
            if not isinstance(input_size, int):
                raise TypeError('input_size should be of type int')
            if input_size <= 0:
                raise ValueError('input_size must be greater than zero')
        if _since(2, 1):
            if not isinstance(hidden_size, int):
                raise TypeError('hidden_size should be of type int')
            if hidden_size <= 0:
                raise ValueError('hidden_size must be greater than zero')
        if num_layers <= 0:
            raise ValueError('num_layers must be greater than zero')
        if proj_size < 0:
            raise ValueError('proj_size should be a positive integer or zero to disable projections')
        if proj_size >= hidden_size:
            raise ValueError('proj_size has to be smaller than hidden_size')
        if mode == 'LSTM':
            gate_size = 4 * hidden_size
        elif mode == 'GRU':
            gate_size = 3 * hidden_size
        elif mode in ('RNN_TANH', 'RNN_RELU'):
            gate_size = hidden_size
        else:
            raise ValueError('Unrecognized RNN mode: ' + mode)
        out_size = proj_size if proj_size > 0 else hidden_size
        self._flat_weights_names = []
        self._all_weights = []
        for layer in range(num_layers):
            for direction in range(directions):
                in_size = input_size if layer == 0 else out_size * directions
                suffix = '_l' + str(layer) + ('_reverse' if direction == 1 else '')
                tensors = [('weight_ih', (gate_size, in_size)), ('weight_hh', (gate_size, out_size))]
                if bias:
                    tensors += [('bias_ih', (gate_size,)), ('bias_hh', (gate_size,))]
                if proj_size > 0:
                    tensors += [('weight_hr', (proj_size, hidden_size))]
                for name, shape in tensors:
                    setattr(self, name + suffix, Parameter(torch.empty(shape, device=device, dtype=dtype)))
                names = [name + suffix for name, _ in tensors]
                self._flat_weights_names.extend(names)
                self._all_weights.append(names)
        self.reset_parameters()
    @property
    def _flat_weights(self):
        return [getattr(self, name, None) for name in self._flat_weights_names]
    @property
    def all_weights(self):
        return [[getattr(self, name) for name in names] for names in self._all_weights]
    def flatten_parameters(self):
        pass
    def reset_parameters(self):
        pass
    def forward(self, input, hx=None):
        if not isinstance(input, torch.Tensor):
            return _unknown('what a recurrent layer makes of a packed sequence')
        if input.dim() not in (2, 3) or input.shape[-1] != self.input_size:
            raise RuntimeError('the input does not fit the layer')
        directions = 2 if self.bidirectional else 1
        size = self.proj_size if self.proj_size > 0 else self.hidden_size
        batch = () if input.dim() == 2 else (input.shape[0 if self.batch_first else 1],)
        output = input.new_empty(*input.shape[:-1], directions * size)
        hidden = input.new_empty(directions * self.num_layers, *batch, size)
        if self.mode != 'LSTM':
            return output, hidden
        return output, (hidden, input.new_empty(directions * self.num_layers, *batch, self.hidden_size))

class RNN(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        if len(args) > 3 and _since(2, 0):
            if not _since(2, 1):
                raise TypeError('the order of the arguments of nn.RNN differs between releases around this one')
            self_nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self_nonlinearity = kwargs.pop('nonlinearity', 'tanh')
        if self_nonlinearity == 'tanh':
            mode = 'RNN_TANH'
        elif self_nonlinearity == 'relu':
            mode = 'RNN_RELU'
        else:
            raise ValueError('Unknown nonlinearity')
        super().__init__(mode, *args, **kwargs)
        self.nonlinearity = self_nonlinearity

class LSTM(RNNBase):
    def __init__(self, *args, **kwargs):
        super().__init__('LSTM', *args, **kwargs)

class GRU(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        super().__init__('GRU', *args, **kwargs)

class RNNCellBase(Module):
    __constants__ = ['input_size', 'hidden_size', 'bias']
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self.weight_ih = Parameter(torch.empty((num_chunks * hidden_size, input_size), device=device, dtype=dtype))
        self.weight_hh = Parameter(torch.empty((num_chunks * hidden_size, hidden_size), device=device, dtype=dtype))
        if bias:
            self.bias_ih = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
            self.bias_hh = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
        else:
            self.register_parameter('bias_ih', None)
            self.register_parameter('bias_hh', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input, hx=None):
        if input.shape[-1] != self.input_size:
            raise RuntimeError('the input does not fit the layer')
        hidden = input.new_empty(*input.shape[:-1], self.hidden_size)
        return (hidden, torch.empty_like(hidden)) if isinstance(self, LSTMCell) else hidden

class RNNCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

class GRUCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)
`

const SPARSE = String.raw`
import torch
from torch.nn.parameter import Parameter
from .module import Module

class Embedding(Module):
    __constants__ = ['num_embeddings', 'embedding_dim', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, *args, **options):
        super().__init__()
        names = ('_freeze', 'device', 'dtype') if _since(2, 0) else ('device', 'dtype')
        if len(args) > len(names):
            raise TypeError('too many positional arguments')
        given = dict(zip(names, args))
        for name in options:
            if name not in names or name in given:
                raise TypeError('unexpected keyword argument ' + name)
        given.update(options)
        frozen = given.get('_freeze', False)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        if padding_idx is not None:
            if padding_idx > 0:
                assert padding_idx < num_embeddings, 'Padding_idx must be within num_embeddings'
            elif padding_idx < 0:
                assert padding_idx >= -num_embeddings, 'Padding_idx must be within num_embeddings'
                padding_idx = num_embeddings + padding_idx
        self.padding_idx = padding_idx
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if _weight is None:
            self.weight = Parameter(torch.empty((num_embeddings, embedding_dim), device=given.get('device'), dtype=given.get('dtype')), requires_grad=not frozen)
            self.reset_parameters()
        else:
            assert list(_weight.shape) == [num_embeddings, embedding_dim], 'Shape of weight does not match num_embeddings and embedding_dim'
            self.weight = Parameter(_weight, requires_grad=not frozen)
        self.sparse = sparse
    def reset_parameters(self):
        pass
    def _fill_padding_idx_with_zero(self):
        pass
    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
        assert embeddings.dim() == 2, 'Embeddings parameter is expected to be 2-dimensional'
        rows, cols = embeddings.shape
        embedding = cls(num_embeddings=rows, embedding_dim=cols, _weight=embeddings, padding_idx=padding_idx, max_norm=max_norm, norm_type=norm_type, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
        embedding.weight.requires_grad = not freeze
        return embedding

class EmbeddingBag(Module):
    __constants__ = ['num_embeddings', 'embedding_dim', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', 'include_last_offset', 'padding_idx']
    def __init__(self, num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if padding_idx is not None:
            if padding_idx > 0:
                assert padding_idx < num_embeddings, 'padding_idx must be within num_embeddings'
            elif padding_idx < 0:
                assert padding_idx >= -num_embeddings, 'padding_idx must be within num_embeddings'
                padding_idx = num_embeddings + padding_idx
        self.padding_idx = padding_idx
        if _weight is None:
            self.weight = Parameter(torch.empty((num_embeddings, embedding_dim), device=device, dtype=dtype))
            self.reset_parameters()
        else:
            assert list(_weight.shape) == [num_embeddings, embedding_dim], 'Shape of weight does not match num_embeddings and embedding_dim'
            self.weight = Parameter(_weight)
        self.mode = mode
        self.sparse = sparse
        self.include_last_offset = include_last_offset
    def reset_parameters(self):
        pass
    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, include_last_offset=False, padding_idx=None):
        assert embeddings.dim() == 2, 'Embeddings parameter is expected to be 2-dimensional'
        rows, cols = embeddings.shape
        bag = cls(num_embeddings=rows, embedding_dim=cols, _weight=embeddings, max_norm=max_norm, norm_type=norm_type, scale_grad_by_freq=scale_grad_by_freq, mode=mode, sparse=sparse, include_last_offset=include_last_offset, padding_idx=padding_idx)
        bag.weight.requires_grad = not freeze
        return bag
`

const ACTIVATION = String.raw`
import torch
from torch.nn.parameter import Parameter
from .module import Module
from .linear import NonDynamicallyQuantizableLinear

class PReLU(Module):
    __constants__ = ['num_parameters']
    def __init__(self, num_parameters=1, init=0.25, device=None, dtype=None):
        super().__init__()
        self.num_parameters = num_parameters
        self.init = init
        self.weight = Parameter(torch.empty(num_parameters, device=device, dtype=dtype))
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input):
        return torch.empty_like(input)

class MultiheadAttention(Module):
    __constants__ = ['batch_first']
    def __init__(self, embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, kdim=None, vdim=None, batch_first=False, device=None, dtype=None):
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError('embed_dim and num_heads must be greater than 0')
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = kdim if kdim is not None else embed_dim
        self.vdim = vdim if vdim is not None else embed_dim
        self._qkv_same_embed_dim = self.kdim == embed_dim and self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        assert self.head_dim * num_heads == self.embed_dim, 'embed_dim must be divisible by num_heads'
        if not self._qkv_same_embed_dim:
            self.q_proj_weight = Parameter(torch.empty((embed_dim, embed_dim), device=device, dtype=dtype))
            self.k_proj_weight = Parameter(torch.empty((embed_dim, self.kdim), device=device, dtype=dtype))
            self.v_proj_weight = Parameter(torch.empty((embed_dim, self.vdim), device=device, dtype=dtype))
            self.register_parameter('in_proj_weight', None)
        else:
            self.in_proj_weight = Parameter(torch.empty((3 * embed_dim, embed_dim), device=device, dtype=dtype))
            self.register_parameter('q_proj_weight', None)
            self.register_parameter('k_proj_weight', None)
            self.register_parameter('v_proj_weight', None)
        if bias:
            self.in_proj_bias = Parameter(torch.empty(3 * embed_dim, device=device, dtype=dtype))
        else:
            self.register_parameter('in_proj_bias', None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias=bias, device=device, dtype=dtype)
        if add_bias_kv:
            self.bias_k = Parameter(torch.empty((1, 1, embed_dim), device=device, dtype=dtype))
            self.bias_v = Parameter(torch.empty((1, 1, embed_dim), device=device, dtype=dtype))
        else:
            self.bias_k = self.bias_v = None
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()
    def _reset_parameters(self):
        pass
    def forward(self, query, key, value, key_padding_mask=None, need_weights=True, attn_mask=None, average_attn_weights=True, is_causal=False):
        if not need_weights:
            return torch.empty_like(query), None
        if self.bias_k is not None or self.add_zero_attn or query.dim() != 3:
            return torch.empty_like(query), _unknown('the weights of this attention')
        batch, length, source = (query.shape[0], query.shape[1], key.shape[1]) if self.batch_first else (query.shape[1], query.shape[0], key.shape[0])
        heads = () if average_attn_weights else (self.num_heads,)
        return torch.empty_like(query), query.new_empty(batch, *heads, length, source)
`

const TRANSFORMER = String.raw`
import copy
import torch
import torch.nn.functional as F
from .module import Module
from .activation import MultiheadAttention
from .container import ModuleList
from .dropout import Dropout
from .linear import Linear
from .normalization import LayerNorm

def _get_clones(module, N):
    return ModuleList([copy.deepcopy(module) for _ in range(N)])

def _get_activation_fn(activation):
    if activation == 'relu':
        return F.relu
    if activation == 'gelu':
        return F.gelu
    raise RuntimeError('activation should be relu/gelu, not ' + str(activation))

def _layer_options(names, args, options):
    if len(args) > len(names):
        raise TypeError('too many positional arguments')
    given = dict(zip(names, args))
    for name in options:
        if name not in names or name in given:
            raise TypeError('unexpected keyword argument ' + name)
    given.update(options)
    return given

def _tail():
    return ('bias', 'device', 'dtype') if _since(2, 1) else ('device', 'dtype')

def _norm_options(bias, device, dtype):
    options = dict(device=device, dtype=dtype)
    if _since(2, 1):
        options['bias'] = bias
    return options

class TransformerEncoderLayer(Module):
    __constants__ = ['norm_first']
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=F.relu, layer_norm_eps=1e-5, batch_first=False, norm_first=False, *args, **options):
        given = _layer_options(_tail(), args, options)
        bias, device, dtype = given.get('bias', True), given.get('device'), given.get('dtype')
        norm = _norm_options(bias, device, dtype)
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, device=device, dtype=dtype)
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, device=device, dtype=dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, device=device, dtype=dtype)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **norm)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **norm)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        if isinstance(activation, str):
            activation = _get_activation_fn(activation)
        self.activation = activation
    def forward(self, input, *args, **kwargs):
        return torch.empty_like(input)

class TransformerDecoderLayer(Module):
    __constants__ = ['norm_first']
    def __init__(self, d_model, nhead, dim_feedforward=2048, dropout=0.1, activation=F.relu, layer_norm_eps=1e-5, batch_first=False, norm_first=False, *args, **options):
        given = _layer_options(_tail(), args, options)
        bias, device, dtype = given.get('bias', True), given.get('device'), given.get('dtype')
        norm = _norm_options(bias, device, dtype)
        super().__init__()
        self.self_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, bias=bias, device=device, dtype=dtype)
        self.multihead_attn = MultiheadAttention(d_model, nhead, dropout=dropout, batch_first=batch_first, bias=bias, device=device, dtype=dtype)
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, device=device, dtype=dtype)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, device=device, dtype=dtype)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, **norm)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, **norm)
        self.norm3 = LayerNorm(d_model, eps=layer_norm_eps, **norm)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        self.dropout3 = Dropout(dropout)
        if isinstance(activation, str):
            activation = _get_activation_fn(activation)
        self.activation = activation
    def forward(self, input, *args, **kwargs):
        return torch.empty_like(input)

class TransformerEncoder(Module):
    __constants__ = ['norm']
    def __init__(self, encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True):
        super().__init__()
        self.layers = _get_clones(encoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check
    def forward(self, src, *args, **kwargs):
        return torch.empty_like(src)

class TransformerDecoder(Module):
    __constants__ = ['norm']
    def __init__(self, decoder_layer, num_layers, norm=None):
        super().__init__()
        self.layers = _get_clones(decoder_layer, num_layers)
        self.num_layers = num_layers
        self.norm = norm
    def forward(self, tgt, *args, **kwargs):
        return torch.empty_like(tgt)

class Transformer(Module):
    def __init__(self, d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, dim_feedforward=2048, dropout=0.1, activation=F.relu, custom_encoder=None, custom_decoder=None, layer_norm_eps=1e-5, batch_first=False, norm_first=False, *args, **options):
        given = _layer_options(_tail(), args, options)
        bias, device, dtype = given.get('bias', True), given.get('device'), given.get('dtype')
        norm = _norm_options(bias, device, dtype)
        layer = dict(norm)
        super().__init__()
        if custom_encoder is not None:
            self.encoder = custom_encoder
        else:
            encoder_layer = TransformerEncoderLayer(d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, **layer)
            self.encoder = TransformerEncoder(encoder_layer, num_encoder_layers, LayerNorm(d_model, eps=layer_norm_eps, **norm))
        if custom_decoder is not None:
            self.decoder = custom_decoder
        else:
            decoder_layer = TransformerDecoderLayer(d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, batch_first, norm_first, **layer)
            self.decoder = TransformerDecoder(decoder_layer, num_decoder_layers, LayerNorm(d_model, eps=layer_norm_eps, **norm))
        self._reset_parameters()
        self.d_model = d_model
        self.nhead = nhead
        self.batch_first = batch_first
    def _reset_parameters(self):
        pass
    def forward(self, src, tgt, *args, **kwargs):
        return torch.empty_like(tgt)
    @staticmethod
    def generate_square_subsequent_mask(sz, *args, **kwargs):
        return torch.zeros(sz, sz)
`

const ADAPTIVE = String.raw`
from .module import Module
from .container import ModuleList, Sequential
from .linear import Linear

class AdaptiveLogSoftmaxWithLoss(Module):
    def __init__(self, in_features, n_classes, cutoffs, div_value=4.0, head_bias=False, device=None, dtype=None):
        super().__init__()
        cutoffs = list(cutoffs)
        if len(cutoffs) == 0:
            raise ValueError('cutoffs should be a sequence of length larger than 0')
        if cutoffs != sorted(cutoffs) or min(cutoffs) <= 0 or max(cutoffs) > n_classes - 1 or len(set(cutoffs)) != len(cutoffs) or any(int(c) != c for c in cutoffs):
            raise ValueError('cutoffs should be a sequence of unique, positive integers sorted in an increasing order')
        self.in_features = in_features
        self.n_classes = n_classes
        self.cutoffs = cutoffs + [n_classes]
        self.div_value = div_value
        self.head_bias = head_bias
        self.shortlist_size = self.cutoffs[0]
        self.n_clusters = len(self.cutoffs) - 1
        self.head_size = self.shortlist_size + self.n_clusters
        self.head = Linear(in_features, self.head_size, bias=head_bias, device=device, dtype=dtype)
        self.tail = ModuleList()
        for i in range(self.n_clusters):
            hidden = int(in_features // (div_value ** (i + 1)))
            size = self.cutoffs[i + 1] - self.cutoffs[i]
            self.tail.append(Sequential(Linear(in_features, hidden, bias=False, device=device, dtype=dtype), Linear(hidden, size, bias=False, device=device, dtype=dtype)))
`

const FLATTEN = String.raw`
from .module import Module

class Flatten(Module):
    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim
    def forward(self, input):
        return input.flatten(self.start_dim, self.end_dim)

class Unflatten(Module):
    def __init__(self, dim, unflattened_size):
        super().__init__()
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError('unflattened_size must be a tuple')
        self.dim = dim
        self.unflattened_size = unflattened_size
`

const LAZY = String.raw`
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter

class LazyModuleMixin:
    cls_to_become = None
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
    def __call__(self, *args, **kwargs):
        if self.has_uninitialized_params() and not any(_is_unknown(value) for value in (*args, *kwargs.values())):
            self.initialize_parameters(*args, **kwargs)
            if self.has_uninitialized_params():
                raise RuntimeError('module has not been fully initialized')
            if self.cls_to_become is not None:
                self.__class__ = self.cls_to_become
        return super().__call__(*args, **kwargs)
    def has_uninitialized_params(self):
        return any(isinstance(value, (UninitializedParameter, UninitializedBuffer)) for value in (*self._parameters.values(), *self._buffers.values()))
    def initialize_parameters(self, *args, **kwargs):
        raise NotImplementedError('initialize_parameters is not implemented')
`

const WEIGHTED_LOSSES: readonly (readonly [string, string])[] = [
  ['NLLLoss', 'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"'],
  ['BCELoss', 'weight=None, size_average=None, reduce=None, reduction="mean"'],
  ['MultiLabelSoftMarginLoss', 'weight=None, size_average=None, reduce=None, reduction="mean"'],
  ['CrossEntropyLoss', 'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean", label_smoothing=0.0'],
]

const PLAIN_LOSSES: readonly (readonly [string, string])[] = [
  ['L1Loss', 'size_average=None, reduce=None, reduction="mean"'],
  ['MSELoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['SmoothL1Loss', 'size_average=None, reduce=None, reduction="mean", beta=1.0'],
  ['HuberLoss', 'reduction="mean", delta=1.0'],
  ['KLDivLoss', 'size_average=None, reduce=None, reduction="mean", log_target=False'],
  ['PoissonNLLLoss', 'log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"'],
  ['GaussianNLLLoss', '*, full=False, eps=1e-6, reduction="mean"'],
  ['CTCLoss', 'blank=0, reduction="mean", zero_infinity=False'],
  ['HingeEmbeddingLoss', 'margin=1.0, size_average=None, reduce=None, reduction="mean"'],
  ['MultiLabelMarginLoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['SoftMarginLoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['CosineEmbeddingLoss', 'margin=0.0, size_average=None, reduce=None, reduction="mean"'],
  ['MarginRankingLoss', 'margin=0.0, size_average=None, reduce=None, reduction="mean"'],
  ['TripletMarginLoss', 'margin=1.0, p=2.0, eps=1e-6, swap=False, size_average=None, reduce=None, reduction="mean"'],
]

function lossClass(name: string, base: string, signature: string): string {
  const names = signature.split(',').map((argument) => argument.split('=')[0]!.trim()).filter((argument) => argument !== '*')
  const own = names.filter((argument) => !['weight', 'size_average', 'reduce', 'reduction'].includes(argument))
  const passed = base === '_WeightedLoss' ? 'weight, size_average, reduce, reduction' : names.includes('size_average') ? 'size_average, reduce, reduction' : 'reduction=reduction'
  return [`class ${name}(${base}):`, `    def __init__(self, ${signature}):`, `        super().__init__(${passed})`, ...own.map((argument) => `        self.${argument} = ${argument}`)].join('\n')
}

const LOSS = String.raw`
import torch
from .module import Module
from .distance import PairwiseDistance

class _Loss(Module):
    def __init__(self, size_average=None, reduce=None, reduction='mean'):
        super().__init__()
        self.reduction = reduction

class _WeightedLoss(_Loss):
    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)

${WEIGHTED_LOSSES.map(([name, signature]) => lossClass(name, '_WeightedLoss', signature)).join('\n')}
${PLAIN_LOSSES.map(([name, signature]) => lossClass(name, '_Loss', signature)).join('\n')}

class TripletMarginWithDistanceLoss(_Loss):
    def __init__(self, *, distance_function=None, margin=1.0, swap=False, reduction='mean'):
        super().__init__(reduction=reduction)
        self.distance_function = distance_function if distance_function is not None else PairwiseDistance()
        self.margin = margin
        self.swap = swap

class NLLLoss2d(NLLLoss):
    pass

class BCEWithLogitsLoss(_Loss):
    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)
        self.register_buffer('pos_weight', pos_weight)

class MultiMarginLoss(_WeightedLoss):
    def __init__(self, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(weight, size_average, reduce, reduction)
        if p != 1 and p != 2:
            raise ValueError('only p == 1 and p == 2 supported')
        if weight is not None and weight.dim() != 1:
            raise ValueError('weight must be one-dimensional')
        self.p = p
        self.margin = margin
`

const FROM_MODULE = 'import torch\nfrom .module import Module\n'

/** Python source by module name. */
export const LAYER_SOURCES: ReadonlyMap<string, string> = new Map<string, string>([
  ['torch.nn.modules.utils', MODULES_UTILS],
  ['torch.nn.modules.lazy', LAZY],
  ['torch.nn.modules.linear', LINEAR],
  ['torch.nn.modules.conv', CONV],
  ['torch.nn.modules.batchnorm', BATCHNORM],
  ['torch.nn.modules.instancenorm', INSTANCENORM],
  ['torch.nn.modules.normalization', NORMALIZATION],
  ['torch.nn.modules.rnn', RNN],
  ['torch.nn.modules.sparse', SPARSE],
  ['torch.nn.modules.activation', ACTIVATION + plainLayerSource('torch.nn.modules.activation')],
  ['torch.nn.modules.transformer', TRANSFORMER],
  ['torch.nn.modules.adaptive', ADAPTIVE],
  ['torch.nn.modules.flatten', FLATTEN],
  ['torch.nn.modules.loss', LOSS],
  ...['dropout', 'pooling', 'padding', 'upsampling', 'pixelshuffle', 'channelshuffle', 'fold', 'distance']
    .map((name) => [`torch.nn.modules.${name}`, FROM_MODULE + plainLayerSource(`torch.nn.modules.${name}`)] as const),
])
