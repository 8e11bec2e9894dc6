/** The second half of dataclasses: what is asked of them and made from them. Appended to the source in dataclasses.ts. */

export const functionsSource = String.raw`

def fields(class_or_instance):
    found = getattr(class_or_instance, _FIELDS, None)
    if found is None:
        raise TypeError('must be called with a dataclass type or instance')
    return tuple([one for one in found.values() if one._field_type is _FIELD])


def _is_dataclass_instance(obj):
    return hasattr(type(obj), _FIELDS)


def is_dataclass(obj):
    return hasattr(obj if isinstance(obj, type) else type(obj), _FIELDS)


def asdict(obj, *, dict_factory=dict):
    if not _is_dataclass_instance(obj):
        raise TypeError('asdict() should be called on dataclass instances')
    return _convert(obj, dict_factory, False)


def astuple(obj, *, tuple_factory=tuple):
    if not _is_dataclass_instance(obj):
        raise TypeError('astuple() should be called on dataclass instances')
    return _convert(obj, tuple_factory, True)


def _convert(obj, factory, as_tuple):
    if _is_dataclass_instance(obj):
        if as_tuple:
            return factory([_convert(getattr(obj, f.name), factory, True) for f in fields(obj)])
        return factory([(f.name, _convert(getattr(obj, f.name), factory, False)) for f in fields(obj)])
    if isinstance(obj, tuple) and hasattr(obj, '_fields'):
        return type(obj)(*[_convert(one, factory, as_tuple) for one in obj])
    if isinstance(obj, (list, tuple)):
        return type(obj)([_convert(one, factory, as_tuple) for one in obj])
    if isinstance(obj, dict):
        pairs = [(_convert(k, factory, as_tuple), _convert(v, factory, as_tuple)) for k, v in obj.items()]
        if hasattr(type(obj), 'default_factory') or type(obj).__name__ == 'defaultdict':
            result = type(obj)(obj.default_factory)
            for k, v in pairs:
                result[k] = v
            return result
        return type(obj)(pairs)
    from copy import deepcopy
    return deepcopy(obj)


def make_dataclass(cls_name, fields, *, bases=(), namespace=None, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False, weakref_slot=False, module=None):
    body = dict(namespace or {})
    annotations = {}
    for item in fields:
        if isinstance(item, str):
            item = (item, 'typing.Any')
        annotations[item[0]] = item[1]
        if len(item) == 3:
            body[item[0]] = item[2]
    body['__annotations__'] = annotations
    if module is not None:
        body['__module__'] = module
    cls = type(cls_name, bases, body)
    return dataclass(cls, init=init, repr=repr, eq=eq, order=order, unsafe_hash=unsafe_hash, frozen=frozen, match_args=match_args, kw_only=kw_only, slots=slots)


def replace(obj, /, **changes):
    if not _is_dataclass_instance(obj):
        raise TypeError('replace() should be called on dataclass instances')
    for one in getattr(obj, _FIELDS).values():
        if one._field_type is _FIELD_CLASSVAR:
            continue
        if not one.init:
            if one.name in changes:
                raise ValueError(f'field {one.name} is declared with init=False, it cannot be specified with replace()')
            continue
        if one.name not in changes:
            if one._field_type is _FIELD_INITVAR and one.default is MISSING:
                raise ValueError(f'InitVar {one.name!r} must be specified with replace()')
            changes[one.name] = getattr(obj, one.name)
    return obj.__class__(**changes)
`
