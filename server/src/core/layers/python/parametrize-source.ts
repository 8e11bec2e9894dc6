/** torch.nn.utils.parametrize, .parametrizations and .prune as Python source; handed out by utils-source.ts. */

export const PARAMETRIZE = String.raw`
import torch
from contextlib import contextmanager
from torch.nn.modules.container import Module, ModuleDict, ModuleList
from torch.nn.parameter import Parameter

@contextmanager
def cached():
    yield

class ParametrizationList(ModuleList):
    def __init__(self, modules, original, unsafe=False):
        if len(modules) == 0:
            raise ValueError('ParametrizationList requires one or more modules.')
        super().__init__(modules)
        self.unsafe = unsafe
        shape, dtype = original.shape, original.dtype
        new = original
        for module in reversed(self):
            if hasattr(module, 'right_inverse'):
                try:
                    new = module.right_inverse(new)
                except NotImplementedError:
                    pass
        if not isinstance(new, torch.Tensor) and not isinstance(new, (tuple, list)):
            raise ValueError('right_inverse must return a Tensor or a Sequence of tensors')
        self.is_tensor = isinstance(new, torch.Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            if original.dtype != new.dtype:
                raise ValueError('When right_inverse outputs one tensor, it may not change the dtype.')
            if new is not original:
                original.data = new.data
            _register_parameter_or_buffer(self, 'original', original)
        else:
            for i, each in enumerate(new):
                if isinstance(original, Parameter):
                    each = Parameter(each.data, original.requires_grad)
                _register_parameter_or_buffer(self, 'original' + str(i), each)
        if not unsafe:
            _check_shape(self(), shape, dtype)
    def forward(self):
        if self.is_tensor:
            x = self[0].forward(self.original)
        else:
            x = self[0].forward(*[getattr(self, 'original' + str(i)) for i in range(self.ntensors)])
        for i in range(1, len(self)):
            x = self[i].forward(x)
        return x

def _check_shape(made, shape, dtype):
    # What is not followed is taken to be right: PyTorch has looked at it, or has raised.
    if _is_unknown(made):
        return
    if not isinstance(made, torch.Tensor):
        raise ValueError('A parametrization must return a tensor.')
    if made.dtype != dtype or made.shape != shape:
        raise ValueError('Registering a parametrization may not change the shape or dtype of the tensor, unless the unsafe flag is enabled.')

def _register_parameter_or_buffer(module, name, tensor):
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)

def _inject_new_class(module):
    cls = module.__class__
    def reader(self):
        raise AttributeError('parametrized')
    name = 'Parametrized' + cls.__name__
    module.__class__ = type(name, (cls,), {'__module__': 'torch.nn.utils.parametrize', '_footprint_parametrized': True})
    return module.__class__

def _value_property(name):
    def get(self):
        held = self.parametrizations[name]
        if held.unsafe and not held._footprint_keeps:
            return held.forward()
        return _plain_tensor_like(held._footprint_value)
    def put(self, value):
        pass
    return property(get, put)

def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    parametrization.train(module.training)
    keeps = isinstance(parametrization, _known_shape_keepers())
    if is_parametrized(module, tensor_name):
        held = module.parametrizations[tensor_name]
        if not unsafe:
            value = getattr(module, tensor_name)
            made = value if keeps else parametrization.forward(value)
            _check_shape(made, value.shape, value.dtype)
            if hasattr(parametrization, 'right_inverse') and not keeps:
                try:
                    _check_shape(parametrization.right_inverse(made), value.shape, value.dtype)
                except NotImplementedError:
                    pass
        held.append(parametrization)
        held.unsafe |= unsafe
        held.__dict__['_footprint_keeps'] = held._footprint_keeps and keeps
    elif tensor_name in module._buffers or tensor_name in module._parameters:
        original = getattr(module, tensor_name)
        if original is None:
            raise ValueError('tensor ' + tensor_name + ' is None')
        value = original.detach()
        parametrizations = ParametrizationList([parametrization], original, unsafe=unsafe or keeps)
        parametrizations.unsafe = unsafe
        parametrizations.__dict__['_footprint_value'] = value
        parametrizations.__dict__['_footprint_keeps'] = keeps
        delattr(module, tensor_name)
        if not is_parametrized(module):
            _inject_new_class(module)
            module.parametrizations = ModuleDict()
        setattr(module.__class__, tensor_name, _value_property(tensor_name))
        module.parametrizations[tensor_name] = parametrizations
    else:
        raise ValueError('Module does not have a parameter, a buffer, or a parametrized element with name ' + str(tensor_name))
    return module

def _known_shape_keepers():
    from torch.nn.utils.parametrizations import _SpectralNorm, _Orthogonal
    from torch.nn.utils import parametrizations
    return (_SpectralNorm, _Orthogonal) + ((parametrizations._WeightNorm,) if hasattr(parametrizations, '_WeightNorm') else ())

def is_parametrized(module, tensor_name=None):
    parametrizations = module._modules.get('parametrizations') if hasattr(module, '_modules') else None
    if parametrizations is None or not isinstance(parametrizations, ModuleDict):
        return False
    if tensor_name is None:
        return len(parametrizations) > 0
    return tensor_name in parametrizations

def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    if not is_parametrized(module, tensor_name):
        raise ValueError('Module does not have a parametrization on ' + tensor_name)
    held = module.parametrizations[tensor_name]
    if held.is_tensor:
        tensor = held.original
        if leave_parametrized:
            tensor.data = getattr(module, tensor_name).data
    elif not leave_parametrized:
        raise ValueError('Cannot leave unparametrized a tensor that is parametrized in terms of a sequence of tensors.')
    else:
        tensor = getattr(module, tensor_name)
        tensor = Parameter(tensor.data) if any(getattr(held, 'original' + str(i)).requires_grad for i in range(held.ntensors)) else tensor
    delattr(module.__class__, tensor_name)
    del module.parametrizations[tensor_name]
    _register_parameter_or_buffer(module, tensor_name, tensor)
    if not is_parametrized(module):
        delattr(module, 'parametrizations')
        module.__class__ = module.__class__.__bases__[0]
    return module

def type_before_parametrizations(module):
    return module.__class__.__bases__[0] if is_parametrized(module) else type(module)
`

export const PARAMETRIZATIONS = String.raw`
import torch
from torch.nn.modules.container import Module
from . import parametrize

class _WeightNorm(Module):
    def __init__(self, dim=0):
        super().__init__()
        self.dim = -1 if dim is None else dim
    def right_inverse(self, weight):
        return _norm_except_dim(weight, self.dim), weight

def weight_norm(module, name='weight', dim=0):
    parametrize.register_parametrization(module, name, _WeightNorm(dim), unsafe=True)
    def take_old_names(state_dict, prefix, *args):
        if prefix + name + '_g' in state_dict and prefix + name + '_v' in state_dict:
            place = prefix + 'parametrizations.' + name + '.original'
            state_dict[place + '0'] = state_dict.pop(prefix + name + '_g')
            state_dict[place + '1'] = state_dict.pop(prefix + name + '_v')
    module._register_load_state_dict_pre_hook(take_old_names)
    return module

class _SpectralNorm(Module):
    def __init__(self, weight, n_power_iterations=1, dim=0, eps=1e-12):
        super().__init__()
        rank = weight.ndim
        if dim >= rank or dim < -rank:
            raise IndexError('Dimension out of range')
        if n_power_iterations <= 0:
            raise ValueError('Expected n_power_iterations to be positive')
        self.dim = dim if dim >= 0 else dim + rank
        self.eps = eps
        if rank > 1:
            self.n_power_iterations = n_power_iterations
            height = weight.size(self.dim)
            self.register_buffer('_u', weight.new_empty(height))
            self.register_buffer('_v', weight.new_empty(weight.numel() // height))
    def right_inverse(self, value):
        return value

def spectral_norm(module, name='weight', n_power_iterations=1, eps=1e-12, dim=None):
    weight = getattr(module, name, None)
    if not isinstance(weight, torch.Tensor):
        raise ValueError('Module has no parameter or buffer with name ' + name)
    if dim is None:
        dim = 1 if isinstance(module, (torch.nn.ConvTranspose1d, torch.nn.ConvTranspose2d, torch.nn.ConvTranspose3d)) else 0
    parametrize.register_parametrization(module, name, _SpectralNorm(weight, n_power_iterations, dim, eps))
    return module

class _Orthogonal(Module):
    def __init__(self, weight, orthogonal_map, *, use_trivialization=True):
        super().__init__()
        if weight.is_complex() and orthogonal_map == 'householder':
            raise ValueError('The householder parametrization does not support complex tensors.')
        self.shape = weight.shape
        self.orthogonal_map = orthogonal_map
        if use_trivialization:
            self.register_buffer('base', None)
    def right_inverse(self, Q):
        if Q.shape != self.shape:
            raise ValueError('Expected a matrix or batch of matrices of another shape')
        if not hasattr(self, 'base'):
            if self.orthogonal_map != 'householder':
                raise NotImplementedError('It is not possible to assign to this parametrization when use_trivialization=False.')
            return Q.clone()
        size = max(Q.size(-2), Q.size(-1))
        self.base = Q.new_empty(*Q.size()[:-2], size, size)
        return Q.new_empty(Q.shape)

def orthogonal(module, name='weight', orthogonal_map=None, *, use_trivialization=True):
    weight = getattr(module, name, None)
    if not isinstance(weight, torch.Tensor):
        raise ValueError('Module has no parameter or buffer with name ' + name)
    if weight.ndim < 2:
        raise ValueError('Expected a matrix or batch of matrices')
    if orthogonal_map is None:
        orthogonal_map = 'matrix_exp' if weight.size(-2) == weight.size(-1) or weight.is_complex() else 'householder'
    if orthogonal_map not in ('matrix_exp', 'cayley', 'householder'):
        raise ValueError('orthogonal_map has to be one of matrix_exp, cayley, householder')
    parametrize.register_parametrization(module, name, _Orthogonal(weight, orthogonal_map, use_trivialization=use_trivialization), unsafe=True)
    return module
`

export const PRUNE = String.raw`
from torch.nn.parameter import Parameter

def _prune(module, name):
    if (name + '_orig') not in module._parameters:
        original = module._parameters[name]
        module.register_parameter(name + '_orig', original)
        del module._parameters[name]
        module.register_buffer(name + '_mask', original.detach().clone())
    setattr(module, name, getattr(module, name + '_orig').data)
    return module

def _check_amount(amount, size):
    if isinstance(amount, bool) or not isinstance(amount, (int, float)):
        raise TypeError('Invalid type for amount. Must be int or float.')
    if isinstance(amount, int) and amount < 0 or not isinstance(amount, int) and not 0.0 <= amount <= 1.0:
        raise ValueError('amount should either be a float in the range [0, 1] or a non-negative integer')
    if isinstance(amount, int) and amount > size:
        raise ValueError('amount should be smaller than the number of parameters to prune')

def identity(module, name):
    return _prune(module, name)
def l1_unstructured(module, name, amount, importance_scores=None):
    _check_amount(amount, getattr(module, name).numel())
    return _prune(module, name)
def random_unstructured(module, name, amount):
    _check_amount(amount, getattr(module, name).numel())
    return _prune(module, name)
def ln_structured(module, name, amount, n, dim, importance_scores=None):
    if getattr(module, name).dim() <= 1:
        raise ValueError('Structured pruning can only be applied to multidimensional tensors.')
    _check_amount(amount, getattr(module, name).shape[dim])
    return _prune(module, name)
def random_structured(module, name, amount, dim):
    if getattr(module, name).dim() <= 1:
        raise ValueError('Structured pruning can only be applied to multidimensional tensors.')
    _check_amount(amount, getattr(module, name).shape[dim])
    return _prune(module, name)
def custom_from_mask(module, name, mask):
    if getattr(module, name).shape != mask.shape:
        raise AssertionError('the mask must have the shape of what it masks')
    return _prune(module, name)
def global_unstructured(parameters, pruning_method, importance_scores=None, **kwargs):
    for module, name in parameters:
        _prune(module, name)
def is_pruned(module):
    return any(key.endswith('_mask') and key[:-5] + '_orig' in m._parameters for m in module.modules() for key in m._buffers)
def remove(module, name):
    if name + '_orig' not in module._parameters:
        raise ValueError('Parameter ' + name + ' has to be pruned before pruning can be removed')
    original = module._parameters[name + '_orig']
    if hasattr(module, name):
        delattr(module, name)
    del module._parameters[name + '_orig']
    del module._buffers[name + '_mask']
    setattr(module, name, original)
    return module
`
