/** The third part of typing: questions about annotations. Appended to the source in typing.ts. */

export const typingFunctionsSource = String.raw`

def get_origin(tp):
    if _is_unknown(tp):
        return tp
    if isinstance(tp, _GenericAlias):
        return Annotated if tp._name == 'Annotated' else tp.__origin__
    if isinstance(tp, (_types.GenericAlias, ParamSpecArgs, ParamSpecKwargs, _SpecialAlias)):
        return tp.__origin__
    if isinstance(tp, _types.UnionType):
        return _types.UnionType
    return Generic if tp is Generic else None


def get_args(tp):
    if isinstance(tp, _GenericAlias):
        if tp._name == 'Annotated':
            return (tp.__origin__, *tp.__metadata__)
        if tp.__origin__ is collections.abc.Callable and not (len(tp.__args__) == 2 and (tp.__args__[0] is ... or isinstance(tp.__args__[0], ParamSpec))):
            return (list(tp.__args__[:-1]), tp.__args__[-1])
        return tp.__args__
    if isinstance(tp, (_types.GenericAlias, _types.UnionType)):
        if tp.__origin__ is collections.abc.Callable if isinstance(tp, _types.GenericAlias) else False:
            return (list(tp.__args__[:-1]), tp.__args__[-1])
        return tp.__args__
    return ()


def _evaluated(value, globalns, localns):
    if value is None:
        return _NoneType
    if isinstance(value, ForwardRef):
        value = value.__forward_arg__
    if isinstance(value, str):
        value = eval(value, globalns, localns)
        return _NoneType if value is None else value
    if isinstance(value, _GenericAlias) and any(isinstance(one, (ForwardRef, _GenericAlias)) for one in value.__args__) and value._name not in ('Literal', 'Annotated'):
        return type(value)(value.__origin__, tuple([_evaluated(one, globalns, localns) for one in value.__args__]), value._name)
    return value


def get_type_hints(obj, globalns=None, localns=None, include_extras=False):
    import sys
    hints = {}
    if isinstance(obj, type):
        for base in reversed(obj.__mro__):
            module = sys.modules.get(base.__module__, None)
            scope = getattr(module, '__dict__', {}) if globalns is None else globalns
            for name, value in base.__dict__.get('__annotations__', {}).items():
                hints[name] = _evaluated(value, scope, dict(vars(base)) if localns is None else localns)
    else:
        scope = getattr(obj, '__globals__', {}) if globalns is None else globalns
        for name, value in dict(getattr(obj, '__annotations__', {})).items():
            hints[name] = _evaluated(value, scope, localns if localns is not None else scope)
    if include_extras:
        return hints
    return {name: _stripped(value) for name, value in hints.items()}


def _stripped(value):
    if get_origin(value) is Annotated:
        return _stripped(value.__origin__)
    if get_origin(value) in (Required, NotRequired, ReadOnly):
        return _stripped(value.__args__[0])
    return value


def get_original_bases(cls, /):
    return cls.__dict__.get('__orig_bases__', cls.__bases__)


def get_protocol_members(tp, /):
    return frozenset(_protocol_names(tp))


def is_protocol(tp, /):
    return isinstance(tp, type) and getattr(tp, '_is_protocol', False) and tp is not Protocol


def is_typeddict(tp):
    return isinstance(tp, _TypedDictMeta)
`
