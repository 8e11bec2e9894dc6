/** torch.nn's containers as Python source: Sequential, ModuleList, ModuleDict and those of parameters. */

export const CONTAINER_SOURCE = String.raw`
import operator
from collections import OrderedDict
import collections.abc as container_abcs
import torch
from torch.nn.parameter import Parameter
from .module import Module

def _position(container, index):
    index = operator.index(index)
    if not -len(container) <= index < len(container):
        raise IndexError('index ' + str(index) + ' is out of range')
    return index + len(container) if index < 0 else index

class Sequential(Module):
    def __init__(self, *args):
        super().__init__()
        if len(args) == 1 and isinstance(args[0], OrderedDict):
            for key, module in args[0].items():
                self.add_module(key, module)
        else:
            for index, module in enumerate(args):
                self.add_module(str(index), module)
    def _key(self, index):
        return list(self._modules)[_position(self, index)]
    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return self.__class__(OrderedDict(list(self._modules.items())[idx]))
        return self._modules[self._key(idx)]
    def __setitem__(self, idx, module):
        setattr(self, self._key(idx), module)
    def __delitem__(self, idx):
        if isinstance(idx, slice):
            for key in list(self._modules)[idx]:
                delattr(self, key)
        else:
            delattr(self, self._key(idx))
        modules = list(self._modules.values())
        self._modules = OrderedDict((str(i), module) for i, module in enumerate(modules))
    def __len__(self):
        return len(self._modules)
    def __iter__(self):
        return iter(list(self._modules.values()))
    def __contains__(self, item):
        return any(module is item for module in self._modules.values())
    def __add__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError('add operator supports only objects of Sequential class')
        result = Sequential()
        for layer in self:
            result.append(layer)
        for layer in other:
            result.append(layer)
        return result
    def __iadd__(self, other):
        if not isinstance(other, Sequential):
            raise ValueError('add operator supports only objects of Sequential class')
        offset = len(self)
        for i, module in enumerate(other):
            self.add_module(str(i + offset), module)
        return self
    def __mul__(self, other):
        if not isinstance(other, int):
            raise TypeError('unsupported operand type for *')
        if other <= 0:
            raise ValueError('Non-positive multiplication factor')
        result = Sequential()
        for _ in range(other):
            for module in self:
                result.append(module)
        return result
    def __rmul__(self, other):
        return self.__mul__(other)
    def __imul__(self, other):
        if not isinstance(other, int):
            raise TypeError('unsupported operand type for *')
        if other <= 0:
            raise ValueError('Non-positive multiplication factor')
        count = len(self)
        for i in range(1, other):
            for j in range(count):
                self.add_module(str(j + i * count), self._modules[str(j)])
        return self
    def pop(self, key):
        value = self[key]
        del self[key]
        return value
    def append(self, module):
        self.add_module(str(len(self)), module)
        return self
    def insert(self, index, module):
        if not isinstance(module, Module):
            raise AssertionError('module should be of type: Module')
        count = len(self._modules)
        if not -count <= index <= count:
            raise IndexError('Index out of range')
        if index < 0:
            index += count
        for i in range(count, index, -1):
            self._modules[str(i)] = self._modules[str(i - 1)]
        self._modules[str(index)] = module
        return self
    def extend(self, sequential):
        for layer in sequential:
            self.append(layer)
        return self
    def forward(self, input):
        for module in self:
            input = module(input)
        return input

class ModuleList(Module):
    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self += modules
    def __getitem__(self, idx):
        if isinstance(idx, slice):
            return self.__class__(list(self._modules.values())[idx])
        return self._modules[str(_position(self, idx))]
    def __setitem__(self, idx, module):
        setattr(self, str(_position(self, idx)), module)
    def __delitem__(self, idx):
        if isinstance(idx, slice):
            for k in range(len(self._modules))[idx]:
                delattr(self, str(k))
        else:
            delattr(self, str(_position(self, idx)))
        modules = list(self._modules.values())
        self._modules = OrderedDict((str(i), module) for i, module in enumerate(modules))
    def __len__(self):
        return len(self._modules)
    def __iter__(self):
        return iter(list(self._modules.values()))
    def __contains__(self, item):
        return any(module is item for module in self._modules.values())
    def __iadd__(self, modules):
        return self.extend(modules)
    def __add__(self, other):
        combined = ModuleList()
        for i, module in enumerate([*self, *other]):
            combined.add_module(str(i), module)
        return combined
    def insert(self, index, module):
        for i in range(len(self._modules), index, -1):
            self._modules[str(i)] = self._modules[str(i - 1)]
        self._modules[str(index)] = module
    def append(self, module):
        self.add_module(str(len(self)), module)
        return self
    def pop(self, key):
        value = self[key]
        del self[key]
        return value
    def extend(self, modules):
        if not isinstance(modules, container_abcs.Iterable):
            raise TypeError('ModuleList.extend should be called with an iterable, but got ' + type(modules).__name__)
        offset = len(self)
        for i, module in enumerate(modules):
            self.add_module(str(offset + i), module)
        return self

class ModuleDict(Module):
    def __init__(self, modules=None):
        super().__init__()
        if modules is not None:
            self.update(modules)
    def __getitem__(self, key):
        return self._modules[key]
    def __setitem__(self, key, module):
        self.add_module(key, module)
    def __delitem__(self, key):
        del self._modules[key]
    def __len__(self):
        return len(self._modules)
    def __iter__(self):
        return iter(list(self._modules))
    def __contains__(self, key):
        return key in self._modules
    def clear(self):
        self._modules.clear()
    def pop(self, key):
        value = self[key]
        del self[key]
        return value
    def keys(self):
        return self._modules.keys()
    def items(self):
        return self._modules.items()
    def values(self):
        return self._modules.values()
    def update(self, modules):
        if not isinstance(modules, container_abcs.Iterable):
            raise TypeError('ModuleDict.update should be called with an iterable of key/value pairs')
        if isinstance(modules, (OrderedDict, ModuleDict, container_abcs.Mapping)):
            for key, module in modules.items():
                self[key] = module
        else:
            for pair in modules:
                if not isinstance(pair, container_abcs.Iterable):
                    raise TypeError('ModuleDict update sequence element should be Iterable')
                pair = list(pair)
                if len(pair) != 2:
                    raise ValueError('ModuleDict update sequence element has wrong length')
                self[pair[0]] = pair[1]

class ParameterList(Module):
    def __init__(self, values=None):
        super().__init__()
        self._size = 0
        if values is not None:
            self += values
    def __getitem__(self, idx):
        if isinstance(idx, slice):
            out = self.__class__()
            for i in range(len(self))[idx]:
                out.append(self[i])
            return out
        return getattr(self, str(_position(self, idx)))
    def __setitem__(self, idx, param):
        name = str(_position(self, idx))
        if isinstance(param, torch.Tensor) and not isinstance(param, Parameter):
            param = Parameter(param)
        setattr(self, name, param)
    def __len__(self):
        return self._size
    def __iter__(self):
        return iter([self[i] for i in range(len(self))])
    def __iadd__(self, values):
        return self.extend(values)
    def append(self, value):
        index = len(self)
        self._size += 1
        self[index] = value
        return self
    def extend(self, values):
        if not isinstance(values, container_abcs.Iterable) or isinstance(values, torch.Tensor):
            raise TypeError('ParameterList.extend should be called with an iterable')
        for value in values:
            self.append(value)
        return self

class ParameterDict(Module):
    def __init__(self, parameters=None):
        super().__init__()
        self._keys = {}
        if parameters is not None:
            self.update(parameters)
    def _key_to_attr(self, key):
        if not isinstance(key, str):
            raise TypeError('Index given to ParameterDict cannot be used as a key as it is not a string')
        return key
    def __getitem__(self, key):
        return getattr(self, self._key_to_attr(key))
    def __setitem__(self, key, value):
        self._keys[key] = None
        attr = self._key_to_attr(key)
        if isinstance(value, torch.Tensor) and not isinstance(value, Parameter):
            value = Parameter(value)
        setattr(self, attr, value)
    def __delitem__(self, key):
        del self._keys[key]
        delattr(self, self._key_to_attr(key))
    def __len__(self):
        return len(self._keys)
    def __iter__(self):
        return iter(list(self._keys))
    def __contains__(self, key):
        return key in self._keys
    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]
    def clear(self):
        for key in list(self._keys):
            del self[key]
    def pop(self, key):
        value = self[key]
        del self[key]
        return value
    def get(self, key, default=None):
        return self[key] if key in self else default
    def keys(self):
        return self._keys.keys()
    def items(self):
        return [(key, self[key]) for key in self._keys]
    def values(self):
        return [self[key] for key in self._keys]
    def update(self, parameters):
        if not isinstance(parameters, container_abcs.Iterable):
            raise TypeError('ParametersDict.update should be called with an iterable of key/value pairs')
        if isinstance(parameters, (OrderedDict, ParameterDict)):
            for key, parameter in parameters.items():
                self[key] = parameter
        elif isinstance(parameters, container_abcs.Mapping):
            for key, parameter in sorted(parameters.items()):
                self[key] = parameter
        else:
            for pair in parameters:
                pair = list(pair)
                if len(pair) != 2:
                    raise ValueError('ParameterDict update sequence element has wrong length')
                self[pair[0]] = pair[1]
    def copy(self):
        return ParameterDict(OrderedDict((k, self[k]) for k in self._keys))

class Container(Module):
    def __init__(self, **kwargs):
        super().__init__()
        for key, value in kwargs.items():
            self.add_module(key, value)
`
