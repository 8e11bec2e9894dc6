/**
 * nn.Module's methods that walk, move and save, as Python of our own. Registration and lookup are native (../module-core.ts),
 * because every attribute of every layer passes through them. Kept apart from the layers, which only subclass.
 */

export const MODULE_SOURCE = String.raw`
from collections import OrderedDict
from functools import partial
import torch

class _IncompatibleKeys(tuple):
    missing_keys = property(lambda self: self[0])
    unexpected_keys = property(lambda self: self[1])

class _RemovableHandle:
    def __init__(self, hooks=None, key=None):
        self.hooks = hooks
        self.key = key
        self.id = key
    def remove(self):
        if self.hooks is not None and self.key in self.hooks:
            del self.hooks[self.key]
    def __enter__(self):
        return self
    def __exit__(self, *args):
        self.remove()

def _keep_hook(module, name, hook):
    hooks = module.__dict__.setdefault(name, OrderedDict())
    key = _next_hook_id()
    hooks[key] = hook
    return _RemovableHandle(hooks, key)

def _hooks_property(name):
    def get(self):
        return self.__dict__.setdefault(name, OrderedDict())
    def put(self, value):
        self.__dict__[name] = value
    return property(get, put)

def _keep_forward_hook(module, name, hook, with_kwargs, prepend):
    handle = _keep_hook(module, name, (hook, with_kwargs))
    if prepend:
        handle.hooks.move_to_end(handle.key, last=False)
    return handle

class Module:
    dump_patches = False
    _version = 1
    call_super_init = False
    _compiled_call_impl = None
    __init__ = _init
    __setattr__ = _setattr
    __getattr__ = _getattr
    __delattr__ = _delattr
    register_parameter = _register_parameter
    register_buffer = _register_buffer
    add_module = _add_module
    def register_module(self, name, module):
        self.add_module(name, module)
    def __dir__(self):
        return sorted(set(object.__dir__(self)) | set(self._parameters) | set(self._modules) | set(self._buffers))
    def __call__(self, *args, **kwargs):
        if not self.__dict__.get('_forward_pre_hooks') and not self.__dict__.get('_forward_hooks'):
            return _forward(self, args, kwargs)
        for hook, with_kwargs in list(self._forward_pre_hooks.values()):
            changed = hook(self, args, kwargs) if with_kwargs else hook(self, args)
            if changed is not None:
                if with_kwargs:
                    args, kwargs = changed
                else:
                    args = changed if isinstance(changed, tuple) else (changed,)
        result = _forward(self, args, kwargs)
        for hook, with_kwargs in list(self._forward_hooks.values()):
            changed = hook(self, args, kwargs, result) if with_kwargs else hook(self, args, result)
            if changed is not None:
                result = changed
        return result
    _forward_hooks = _hooks_property('_forward_hooks')
    _forward_pre_hooks = _hooks_property('_forward_pre_hooks')
    _backward_hooks = _hooks_property('_backward_hooks')
    _state_dict_hooks = _hooks_property('_state_dict_hooks')
    _load_state_dict_pre_hooks = _hooks_property('_load_state_dict_pre_hooks')
    _load_state_dict_post_hooks = _hooks_property('_load_state_dict_post_hooks')
    _is_full_backward_hook = None
    _call_impl = __call__
    _wrapped_call_impl = __call__
    def forward(self, *args, **kwargs):
        return _unknown('the result of a forward pass')
    def __repr__(self):
        return _unknown('what a layer prints')
    def _get_name(self):
        return self.__class__.__name__
    def extra_repr(self):
        return '' if type(self) is Module else _unknown('what a layer prints')

    def children(self):
        for name, module in self.named_children():
            yield module
    def named_children(self):
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module
    def modules(self):
        for name, module in self.named_modules():
            yield module
    def named_modules(self, memo=None, prefix='', remove_duplicate=True):
        if memo is None:
            memo = set()
        if self not in memo:
            if remove_duplicate:
                memo.add(self)
            yield prefix, self
            for name, module in self._modules.items():
                if module is None:
                    continue
                yield from module.named_modules(memo, prefix + ('.' if prefix else '') + name, remove_duplicate)
    def _named_members(self, get_members_fn, prefix='', recurse=True, remove_duplicate=True):
        seen = set()
        modules = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for module_prefix, module in modules:
            for name, member in get_members_fn(module):
                if member is None or member in seen:
                    continue
                if remove_duplicate:
                    seen.add(member)
                yield module_prefix + ('.' if module_prefix else '') + name, member
    def named_parameters(self, prefix='', recurse=True, remove_duplicate=True):
        yield from self._named_members(lambda module: module._parameters.items(), prefix=prefix, recurse=recurse, remove_duplicate=remove_duplicate)
    def parameters(self, recurse=True):
        for name, parameter in self.named_parameters(recurse=recurse):
            yield parameter
    def named_buffers(self, prefix='', recurse=True, remove_duplicate=True):
        yield from self._named_members(lambda module: module._buffers.items(), prefix=prefix, recurse=recurse, remove_duplicate=remove_duplicate)
    def buffers(self, recurse=True):
        for name, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def get_submodule(self, target):
        if target == '':
            return self
        module = self
        for part in target.split('.'):
            if not hasattr(module, part):
                raise AttributeError(type(module).__name__ + ' has no attribute ' + part)
            module = getattr(module, part)
            if not isinstance(module, Module):
                raise AttributeError(part + ' is not an nn.Module')
        return module
    def set_submodule(self, target, module, strict=False):
        if target == '':
            raise ValueError('Cannot set the submodule without a target name!')
        path, _, name = target.rpartition('.')
        setattr(self.get_submodule(path), name, module)
    def get_parameter(self, target):
        path, _, name = target.rpartition('.')
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(type(module).__name__ + ' has no attribute ' + name)
        parameter = getattr(module, name)
        if not isinstance(parameter, torch.nn.Parameter):
            raise AttributeError(name + ' is not an nn.Parameter')
        return parameter
    def get_buffer(self, target):
        path, _, name = target.rpartition('.')
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(type(module).__name__ + ' has no attribute ' + name)
        if name not in module._buffers:
            raise AttributeError(name + ' is not a buffer')
        return getattr(module, name)

    def apply(self, fn):
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self
    def _apply(self, fn, recurse=True):
        if recurse:
            for module in self.children():
                module._apply(fn)
        for key, parameter in self._parameters.items():
            if parameter is not None:
                _replace_data(self, key, parameter, fn(parameter.data))
        for key, buffer in self._buffers.items():
            if buffer is not None:
                self._buffers[key] = fn(buffer)
        return self
    def float(self):
        return self._apply(lambda t: t.float() if t.is_floating_point() else t)
    def double(self):
        return self._apply(lambda t: t.double() if t.is_floating_point() else t)
    def half(self):
        return self._apply(lambda t: t.half() if t.is_floating_point() else t)
    def bfloat16(self):
        return self._apply(lambda t: t.bfloat16() if t.is_floating_point() else t)
    def type(self, dst_type):
        return self._apply(lambda t: t.type(dst_type))
    def cuda(self, device=None):
        return self._apply(lambda t: t.cuda(device))
    def cpu(self):
        return self._apply(lambda t: t.cpu())
    def xpu(self, device=None):
        return self._apply(lambda t: t.to('xpu'))
    def mtia(self, device=None):
        return self._apply(lambda t: t.to('mtia'))
    def ipu(self, device=None):
        return self._apply(lambda t: t.to('ipu'))
    def to_empty(self, *, device, recurse=True):
        return self._apply(lambda t: torch.empty_like(t, device=device), recurse=recurse)
    def to(self, *args, **kwargs):
        device, dtype, memory_format = _parse_to(args, kwargs)
        if dtype is not None and not (dtype.is_floating_point or dtype.is_complex):
            raise TypeError('nn.Module.to only accepts floating point or complex dtypes')
        def convert(t):
            if memory_format is not None and t.dim() in (4, 5):
                return _to_format(t, device, dtype if t.is_floating_point() or t.is_complex() else None, memory_format)
            return t.to(device, dtype if t.is_floating_point() or t.is_complex() else None)
        return self._apply(convert)
    def share_memory(self):
        return self
    def train(self, mode=True):
        if not isinstance(mode, bool):
            raise ValueError('training mode is expected to be boolean')
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self
    def eval(self):
        return self.train(False)
    def requires_grad_(self, requires_grad=True):
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self
    def zero_grad(self, set_to_none=True):
        pass
    def compile(self, *args, **kwargs):
        pass

    def register_forward_hook(self, hook, *, prepend=False, with_kwargs=False, always_call=False):
        return _keep_forward_hook(self, '_forward_hooks', hook, with_kwargs, prepend)
    def register_forward_pre_hook(self, hook, *, prepend=False, with_kwargs=False):
        return _keep_forward_hook(self, '_forward_pre_hooks', hook, with_kwargs, prepend)
    def register_backward_hook(self, hook):
        return _RemovableHandle({}, 0)
    def register_full_backward_hook(self, hook, prepend=False):
        return _RemovableHandle({}, 0)
    def register_full_backward_pre_hook(self, hook, prepend=False):
        return _RemovableHandle({}, 0)
    def register_load_state_dict_post_hook(self, hook):
        return _keep_hook(self, '_load_state_dict_post_hooks', hook)
    def register_load_state_dict_pre_hook(self, hook):
        return self._register_load_state_dict_pre_hook(hook, with_module=True)
    def _register_load_state_dict_pre_hook(self, hook, with_module=False):
        return _keep_hook(self, '_load_state_dict_pre_hooks', partial(hook, self) if with_module else hook)
    def _register_state_dict_hook(self, hook):
        return _keep_hook(self, '_state_dict_hooks', hook)
    def register_state_dict_post_hook(self, hook):
        return _keep_hook(self, '_state_dict_hooks', hook)
    def register_state_dict_pre_hook(self, hook):
        return _keep_hook(self, '_state_dict_pre_hooks', hook)

    def get_extra_state(self):
        raise RuntimeError('get_extra_state is not implemented')
    def set_extra_state(self, state):
        raise RuntimeError('set_extra_state is not implemented')
    def _save_to_state_dict(self, destination, prefix, keep_vars):
        for name, parameter in self._parameters.items():
            if parameter is not None:
                destination[prefix + name] = parameter if keep_vars else parameter.detach()
        for name, buffer in self._buffers.items():
            if buffer is not None and name not in self._non_persistent_buffers_set:
                destination[prefix + name] = buffer if keep_vars else buffer.detach()
        if getattr(self.__class__, 'get_extra_state', Module.get_extra_state) is not Module.get_extra_state:
            destination[prefix + '_extra_state'] = self.get_extra_state()
    def state_dict(self, *args, destination=None, prefix='', keep_vars=False):
        if args:
            destination = args[0]
            if len(args) > 1:
                prefix = args[1]
            if len(args) > 2:
                keep_vars = args[2]
        if destination is None:
            destination = OrderedDict()
            destination._metadata = OrderedDict()
        local_metadata = dict(version=self._version)
        if hasattr(destination, '_metadata'):
            destination._metadata[prefix[:-1]] = local_metadata
        for hook in self.__dict__.get('_state_dict_pre_hooks', {}).values():
            hook(self, prefix, keep_vars)
        self._save_to_state_dict(destination, prefix, keep_vars)
        for name, module in self._modules.items():
            if module is not None:
                module.state_dict(destination=destination, prefix=prefix + name + '.', keep_vars=keep_vars)
        for hook in self.__dict__.get('_state_dict_hooks', {}).values():
            result = hook(self, destination, prefix, local_metadata)
            if result is not None:
                destination = result
        return destination
    def load_state_dict(self, state_dict, strict=True, assign=False):
        if assign and not _since(2, 1):
            raise TypeError("load_state_dict() got an unexpected keyword argument 'assign'")
        return self._footprint_load(state_dict, strict, assign)
    def _footprint_load(self, state_dict, strict, assign=False, tied=False):
        if not _is_known_state(state_dict):
            if assign:
                _doubt(self, 'load_state_dict(assign=True) takes the tensors of the checkpoint')
            return _IncompatibleKeys(([], []))
        missing, unexpected, errors = [], [], []
        metadata = getattr(state_dict, '_metadata', None)
        entries = OrderedDict(state_dict)
        pending = [('', self)]
        visited = []
        while pending:
            prefix, module = pending.pop()
            visited.append(module)
            local = {} if metadata is None else metadata.get(prefix[:-1], {})
            if assign:
                local = dict(local, assign_to_params_buffers=True)
            module._load_from_state_dict(entries, prefix, local, True, missing, unexpected, errors)
            for name, child in reversed(list(module._modules.items())):
                if child is not None:
                    pending.append((prefix + name + '.', child))
        keys = _IncompatibleKeys((missing, unexpected))
        for module in reversed(visited):
            for hook in module.__dict__.get('_load_state_dict_post_hooks', {}).values():
                hook(module, keys)
        if not strict:
            missing, unexpected = [], []
        elif tied:
            missing = _without_shared(missing, self.state_dict())
        if missing or unexpected or errors:
            text = 'Error(s) in loading state_dict for ' + type(self).__name__
            if _loading_failed(self, state_dict, list(missing), list(unexpected), list(errors)):
                raise RuntimeError(text)
        return keys
    def _load_from_state_dict(self, state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs):
        for hook in self.__dict__.get('_load_state_dict_pre_hooks', {}).values():
            hook(state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
        skipped = self._non_persistent_buffers_set
        own = [(name, value) for name, value in self._parameters.items() if value is not None]
        own += [(name, value) for name, value in self._buffers.items() if value is not None and name not in skipped]
        for name, value in own:
            key = prefix + name
            if key in state_dict:
                problem = _misfit(state_dict[key], value)
                if problem:
                    error_msgs.append(key + ': ' + problem)
                elif local_metadata.get('assign_to_params_buffers', False):
                    self._assign_loaded(name, value, state_dict[key])
            elif strict:
                missing_keys.append(key)
        takes_extra = type(self).set_extra_state is not Module.set_extra_state
        extra = prefix + '_extra_state'
        if takes_extra and extra in state_dict:
            self.set_extra_state(state_dict[extra])
        elif takes_extra and strict:
            missing_keys.append(extra)
        if strict:
            names = set(name for name, value in own)
            for key in _keys_below(state_dict, prefix):
                first, dot, rest = key[len(prefix):].partition('.')
                if key == extra:
                    if not takes_extra:
                        unexpected_keys.append(key)
                elif not (first in self._modules if dot else first in names):
                    unexpected_keys.append(key)
    def _assign_loaded(self, name, own, given):
        if isinstance(own, torch.nn.Parameter):
            # Releases before 2.6 did not all keep whether the parameter is trained.
            trained = own.requires_grad if own.requires_grad or _since(2, 6) else _unknown('whether a parameter stays frozen when it is replaced by the tensor of a checkpoint')
            if isinstance(given, torch.nn.Parameter):
                given.requires_grad_(trained)
            else:
                given = torch.nn.Parameter(given, requires_grad=trained)
        setattr(self, name, given)
    def __setstate__(self, state):
        self.__dict__.update(state)
    def _replicate_for_data_parallel(self):
        return self

def _addindent(text, spaces):
    return text

class _Forwardless:
    pass

def register_module_forward_hook(hook, **kwargs):
    return _RemovableHandle({}, 0)
def register_module_forward_pre_hook(hook):
    return _RemovableHandle({}, 0)
`
