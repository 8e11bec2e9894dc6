/** argparse, in Python of our own. With a given argv it parses; without one the defaults hold, each labelled as an assumption when it is read. */

import { fn, type NativeModule } from '../native.ts'
import { type Machine, PyFloat, Unknown, type Value } from '../value.ts'
import { notKnown } from './not-known.ts'
import { parsingSource } from './argparse-parsing.ts'
import { knownName } from './known-names.ts'

const source = String.raw`
SUPPRESS = '==SUPPRESS=='
OPTIONAL, ZERO_OR_MORE, ONE_OR_MORE, PARSER, REMAINDER = '?', '*', '+', 'A...', '...'


class ArgumentError(Exception):
    def __init__(self, argument, message):
        self.argument_name = argument
        self.message = message

    def __str__(self):
        return self.message if self.argument_name is None else f'argument {self.argument_name}: {self.message}'


class ArgumentTypeError(Exception):
    pass


class Namespace:
    def __init__(self, **kwargs):
        for name in kwargs:
            setattr(self, name, kwargs[name])

    def __eq__(self, other):
        return vars(self) == vars(other) if isinstance(other, Namespace) else NotImplemented

    def __contains__(self, key):
        return key in self.__dict__

    def __repr__(self):
        parts = [f'{name}={value!r}' if name.isidentifier() else f'**{{{name!r}: {value!r}}}' for name, value in self.__dict__.items()]
        return f'Namespace({", ".join(parts)})'
    __hash__ = None


_defaults = {}


def _default_text(name, value):
    return f'args.{name} = {value!r} (argparse default)'


class _Assumed(Namespace):
    """What parse_args() gives when the command line is not known: reading a value says what is assumed."""

    def __getattribute__(self, name):
        value = object.__getattribute__(self, name)
        labels = _defaults.get(id(self))
        if labels is not None:
            for one in (labels if name == '__dict__' else (name,)):
                if one in labels:
                    now = value[one] if name == '__dict__' and one in value else value
                    if now is labels[one]:
                        _assume(_default_text(one, now))
        return value

    def _footprint_assume(self, name, value):
        """A better value than the default; a value that the program has set stays."""
        labels = _defaults.get(id(self), {})
        attributes = object.__getattribute__(self, '__dict__')
        if name in labels and attributes.get(name) is labels[name]:
            attributes[name] = value
            del labels[name]
            return True
        if name in attributes and _is_open(attributes[name]):
            attributes[name] = value
            return True
        return False


_Assumed.__name__ = _Assumed.__qualname__ = 'Namespace'


class HelpFormatter:
    def __init__(self, prog='', **kwargs):
        self.prog = prog


class RawDescriptionHelpFormatter(HelpFormatter):
    pass


class RawTextHelpFormatter(RawDescriptionHelpFormatter):
    pass


class ArgumentDefaultsHelpFormatter(HelpFormatter):
    pass


class MetavarTypeHelpFormatter(HelpFormatter):
    pass


class FileType:
    def __init__(self, mode='r', bufsize=-1, encoding=None, errors=None):
        self._mode = mode

    def __call__(self, string):
        return open(string, self._mode)


class Action:
    def __init__(self, option_strings, dest, nargs=None, const=None, default=None, type=None, choices=None, required=False, help=None, metavar=None, **kwargs):
        self.option_strings, self.dest, self.nargs, self.const, self.default = option_strings, dest, nargs, const, default
        self.type, self.choices, self.required, self.help, self.metavar = type, choices, required, help, metavar

    def __call__(self, parser, namespace, values, option_string=None):
        raise NotImplementedError('.__call__() not defined')


class _StoreAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, values)


class _StoreConstAction(Action):
    def __init__(self, option_strings, dest, const=None, **kwargs):
        super().__init__(option_strings, dest, nargs=0, const=const, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, self.const)


class _StoreTrueAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=False, **kwargs):
        super().__init__(option_strings, dest, const=True, default=default, **kwargs)


class _StoreFalseAction(_StoreConstAction):
    def __init__(self, option_strings, dest, default=True, **kwargs):
        super().__init__(option_strings, dest, const=False, default=default, **kwargs)


class BooleanOptionalAction(Action):
    def __init__(self, option_strings, dest, **kwargs):
        kwargs.pop('nargs', None)
        every = []
        for one in option_strings:
            every.append(one)
            if one.startswith('--'):
                every.append('--no-' + one[2:])
        super().__init__(every, dest, nargs=0, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, not option_string.startswith('--no-'))


class _AppendAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        items = list(getattr(namespace, self.dest, None) or [])
        items.append(values)
        setattr(namespace, self.dest, items)


class _AppendConstAction(Action):
    def __init__(self, option_strings, dest, const=None, **kwargs):
        super().__init__(option_strings, dest, nargs=0, const=const, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + [self.const])


class _ExtendAction(Action):
    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, list(getattr(namespace, self.dest, None) or []) + list(values))


class _CountAction(Action):
    def __init__(self, option_strings, dest, **kwargs):
        super().__init__(option_strings, dest, nargs=0, **kwargs)

    def __call__(self, parser, namespace, values, option_string=None):
        setattr(namespace, self.dest, (getattr(namespace, self.dest, None) or 0) + 1)


class _HelpAction(Action):
    def __init__(self, option_strings, dest=SUPPRESS, **kwargs):
        super().__init__(option_strings, dest, nargs=0, default=SUPPRESS, help=kwargs.get('help'))

    def __call__(self, parser, namespace, values, option_string=None):
        parser.exit()


class _VersionAction(_HelpAction):
    pass


class _SubParsersAction(Action):
    def __init__(self, dest, parser_class, required, prog):
        super().__init__([], dest, nargs=PARSER, required=required)
        self.parsers = self.choices = {}
        self.parser_class = parser_class
        self.prog = prog

    def add_parser(self, name, *, aliases=(), help=None, **kwargs):
        kwargs.setdefault('prog', f'{self.prog} {name}')
        parser = self.parser_class(**kwargs)
        for one in (name, *aliases):
            self.parsers[one] = parser
        return parser

    def __call__(self, parser, namespace, values, option_string=None):
        name, rest = values[0], values[1:]
        if self.dest is not SUPPRESS:
            setattr(namespace, self.dest, name)
        if name not in self.parsers:
            raise ArgumentError(self.dest if self.dest is not SUPPRESS else None, f'unknown parser {name!r} (choices: {", ".join(self.parsers)})')
        inner, extras = self.parsers[name].parse_known_args(rest, None)
        for key, value in vars(inner).items():
            setattr(namespace, key, value)
        if extras:
            namespace.__dict__.setdefault('_unrecognized_args', []).extend(extras)


_ACTIONS = {
    None: _StoreAction, 'store': _StoreAction, 'store_const': _StoreConstAction, 'store_true': _StoreTrueAction, 'store_false': _StoreFalseAction, 'append': _AppendAction,
    'append_const': _AppendConstAction, 'count': _CountAction, 'help': _HelpAction, 'version': _VersionAction, 'extend': _ExtendAction,
}


class _ActionsContainer:
    def __init__(self, owner):
        self._owner = owner
        self._group_actions = []

    def add_argument(self, *args, **kwargs):
        action = self._owner._make_action(*args, **kwargs)
        self._group_actions.append(action)
        return action

    def add_argument_group(self, *args, **kwargs):
        return _ActionsContainer(self._owner)

    def add_mutually_exclusive_group(self, *, required=False):
        return self._owner.add_mutually_exclusive_group(required=required)

    def set_defaults(self, **kwargs):
        self._owner.set_defaults(**kwargs)


class _ExclusiveGroup(_ActionsContainer):
    def __init__(self, owner, required):
        super().__init__(owner)
        self.required = required
`

/** An option that is not known. Where its default is a fraction, no layer stands in its place or is chosen by it: a text or an integer may be a key. */
function optionValue(m: Machine, name: Value, fallback: Value): Unknown {
  const open = m.unknown(`args.${String(name)} comes from the command line, which is not known here`)
  return new Unknown(open.reason, open.origin, { isHarmless: fallback instanceof PyFloat, isPlain: fallback instanceof PyFloat })
}

export const argparseModule: NativeModule = {
  name: 'argparse',
  build: () => ({
    _not_known: notKnown,
    _assume: fn('_assume(text)', (m, [text]) => { if (typeof text === 'string') m.assume(text); return null }),
    _is_withheld: fn('_is_withheld(text)', (m, [text]) => m.isWithheld(String(text))),
    _is_open: fn('_is_open(value)', (_m, [value]) => value instanceof Unknown),
    _unknown_argument: fn('_unknown_argument(name, fallback=None)', (m, [name, fallback]) => optionValue(m, name, fallback)),
  }),
  source: source + parsingSource,
  missing: knownName('argparse'),
}
