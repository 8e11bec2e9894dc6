/** The second half of argparse: the parser. Appended to the source in argparse.ts. */

export const parsingSource = String.raw`

class ArgumentParser:
    def __init__(self, prog=None, usage=None, description=None, epilog=None, parents=(), formatter_class=HelpFormatter, prefix_chars='-', fromfile_prefix_chars=None, argument_default=None, conflict_handler='error', add_help=True, allow_abbrev=True, exit_on_error=True, **kwargs):
        self.prog, self.usage, self.description, self.epilog = prog, usage, description, epilog
        self.argument_default = argument_default
        self.exit_on_error = exit_on_error
        self.allow_abbrev = allow_abbrev
        self.conflict_handler = conflict_handler
        self._actions = []
        self._option_string_actions = {}
        self._defaults = {}
        self._exclusive = []
        self._subparsers = None
        if add_help:
            self.add_argument('-h', '--help', action='help')
        for parent in parents:
            for action in parent._actions:
                if not isinstance(action, _HelpAction):
                    self._add_action(action)
            self._defaults.update(parent._defaults)

    def _add_action(self, action):
        for one in action.option_strings:
            if one in self._option_string_actions:
                if self.conflict_handler != 'resolve':
                    raise ArgumentError('/'.join(action.option_strings), f'conflicting option string: {one}')
                old = self._option_string_actions[one]
                old.option_strings = [other for other in old.option_strings if other != one]
                if not old.option_strings:
                    self._actions.remove(old)
            self._option_string_actions[one] = action
        self._actions.append(action)
        return action

    def _make_action(self, *args, **kwargs):
        if args and isinstance(args[0], Action):
            return self._add_action(args[0])
        kind = kwargs.pop('action', None)
        cls = _ACTIONS[kind] if kind is None or isinstance(kind, str) else kind
        if args and args[0][:1] == '-':
            options = list(args)
            dest = kwargs.pop('dest', None)
            if dest is None:
                long = [one for one in options if one.startswith('--')]
                dest = (long or options)[0].lstrip('-').replace('-', '_')
        else:
            options = []
            dest = kwargs.pop('dest', None) or args[0]
            if kwargs.get('nargs') not in (OPTIONAL, ZERO_OR_MORE, REMAINDER, SUPPRESS):
                kwargs['required'] = True
            if kwargs.get('nargs') == ZERO_OR_MORE and 'default' not in kwargs:
                kwargs['required'] = True
        if 'default' not in kwargs:
            if dest in self._defaults:
                kwargs['default'] = self._defaults[dest]
            elif self.argument_default is not None:
                kwargs['default'] = self.argument_default
        return self._add_action(cls(options, dest, **kwargs))

    def add_argument(self, *args, **kwargs):
        return self._make_action(*args, **kwargs)

    def register(self, registry_name, value, object):
        pass

    def add_argument_group(self, *args, **kwargs):
        return _ActionsContainer(self)

    def add_mutually_exclusive_group(self, *, required=False):
        group = _ExclusiveGroup(self, required)
        self._exclusive.append(group)
        return group

    def add_subparsers(self, *, dest=SUPPRESS, required=False, parser_class=None, **kwargs):
        action = _SubParsersAction(dest, parser_class or type(self), required, self.prog)
        self._subparsers = action
        self._actions.append(action)
        return action

    def set_defaults(self, **kwargs):
        self._defaults.update(kwargs)
        for action in self._actions:
            if action.dest in kwargs:
                action.default = kwargs[action.dest]

    def get_default(self, dest):
        for action in self._actions:
            if action.dest == dest and action.default is not None:
                return action.default
        return self._defaults.get(dest)

    def parse_args(self, args=None, namespace=None):
        result, extras = self.parse_known_args(args, namespace)
        if extras:
            self.error(f'unrecognized arguments: {" ".join(extras)}')
        return result

    parse_intermixed_args = parse_args

    def parse_known_args(self, args=None, namespace=None):
        if args is None or _not_known(args):
            return self._assumed(namespace), []
        if namespace is None:
            namespace = Namespace()
        self._fill_defaults(namespace)
        try:
            extras = self._parse(list(args), namespace)
        except ArgumentError as error:
            if not self.exit_on_error:
                raise
            self.error(str(error))
        return namespace, extras

    def _fill_defaults(self, namespace):
        for action in self._actions:
            if action.dest is not SUPPRESS and not hasattr(namespace, action.dest) and action.default is not SUPPRESS:
                setattr(namespace, action.dest, action.default)
        for dest, value in self._defaults.items():
            if not hasattr(namespace, dest):
                setattr(namespace, dest, value)

    def _assumed(self, namespace):
        result = _Assumed() if namespace is None else namespace
        self._fill_defaults(result)
        labels = {}
        for action in self._actions:
            if action.dest is SUPPRESS or action.default is SUPPRESS:
                continue
            if action.required or isinstance(action, _SubParsersAction):
                setattr(result, action.dest, _unknown_argument(action.dest))
                continue
            value = result.__dict__[action.dest]
            if isinstance(value, str):
                value = self._converted(action, value)
                setattr(result, action.dest, value)
            if _is_withheld(_default_text(action.dest, value)):
                setattr(result, action.dest, _unknown_argument(action.dest, value))
                continue
            labels[action.dest] = value
        _defaults[id(result)] = labels
        return result

    def _converted(self, action, text):
        if action.type is None:
            return text
        kind = action.type
        try:
            return kind(text)
        except ArgumentTypeError as error:
            raise ArgumentError(self._shown(action), str(error))
        except (TypeError, ValueError):
            raise ArgumentError(self._shown(action), f'invalid {getattr(kind, "__name__", repr(kind))} value: {text!r}')

    def _shown(self, action):
        return '/'.join(action.option_strings) or action.metavar or action.dest

    def _checked(self, action, value):
        if action.choices is not None and value not in action.choices and not isinstance(action, _SubParsersAction):
            raise ArgumentError(self._shown(action), f'invalid choice: {value!r} (choose from {", ".join([repr(one) for one in action.choices])})')
        return value

    def _values(self, action, texts):
        if action.nargs in (None, OPTIONAL):
            if not texts:
                value = action.const if action.option_strings else action.default
                return self._converted(action, value) if isinstance(value, str) else value
            return self._checked(action, self._converted(action, texts[0]))
        if action.nargs in (PARSER, REMAINDER):
            return texts
        if action.nargs == ZERO_OR_MORE and not texts and not action.option_strings:
            return action.default if action.default is not None else []
        return [self._checked(action, self._converted(action, one)) for one in texts]

    def _option(self, text):
        if not text.startswith('-') or text == '-':
            return None
        if text in self._option_string_actions:
            return self._option_string_actions[text], text, None
        if '=' in text:
            name, value = text.split('=', 1)
            if name in self._option_string_actions:
                return self._option_string_actions[name], name, value
        if text.startswith('--'):
            name, _, value = text.partition('=')
            near = [one for one in self._option_string_actions if one.startswith(name)] if self.allow_abbrev else []
            if len(near) == 1:
                return self._option_string_actions[near[0]], near[0], value if '=' in text else None
            if len(near) > 1:
                raise ArgumentError(None, f'ambiguous option: {text} could match {", ".join(near)}')
        elif text[:2] in self._option_string_actions:
            return self._option_string_actions[text[:2]], text[:2], text[2:]
        try:
            float(text)
        except ValueError:
            pass
        else:
            if not any(one[1:2].isdigit() for one in self._option_string_actions):
                return None
        if ' ' in text:
            return None
        return None, text, None

    def _parse(self, args, namespace):
        extras = []
        seen = []
        positionals = [one for one in self._actions if not one.option_strings]
        waiting = []
        at = 0
        only_positionals = False
        groups = []
        while at < len(args):
            text = args[at]
            if text == '--' and not only_positionals:
                only_positionals = True
                at += 1
                continue
            option = None if only_positionals else self._option(text)
            if option is None:
                remaining = positionals[0] if positionals else None
                if remaining is not None and remaining.nargs in (PARSER, REMAINDER) and not waiting:
                    self._take(remaining, args[at:], namespace, seen)
                    positionals.pop(0)
                    return extras
                waiting.append(text)
                at += 1
                if at == len(args) or not only_positionals and self._option(args[at]) is not None or len(positionals) > 1 and positionals[0].nargs is None and positionals[1].nargs in (PARSER, REMAINDER):
                    waiting = self._consume(positionals, waiting, namespace, seen)
                    extras.extend(waiting)
                    waiting = []
                continue
            action, name, attached = option
            at += 1
            if action is None:
                extras.append(name)
                continue
            if attached is not None and action.nargs == 0:
                if name.startswith('--') or not attached:
                    raise ArgumentError(self._shown(action), f'ignored explicit argument {attached!r}')
                args.insert(at, '-' + attached)
                attached = None
            texts = [] if attached is None else [attached]
            if attached is None:
                limit = {None: 1, OPTIONAL: 1, ZERO_OR_MORE: len(args), ONE_OR_MORE: len(args), REMAINDER: len(args)}.get(action.nargs, action.nargs)
                while len(texts) < limit and at < len(args) and (action.nargs == REMAINDER or args[at] != '--' and self._option(args[at]) is None):
                    texts.append(args[at])
                    at += 1
            least = {None: 1, OPTIONAL: 0, ZERO_OR_MORE: 0, ONE_OR_MORE: 1, REMAINDER: 0}.get(action.nargs, action.nargs)
            if len(texts) < least:
                expected = {None: 'expected one argument', ONE_OR_MORE: 'expected at least one argument'}.get(action.nargs, f'expected {action.nargs} argument{"" if action.nargs == 1 else "s"}')
                raise ArgumentError(self._shown(action), expected)
            self._take(action, texts, namespace, seen, name)
        self._consume(positionals, [], namespace, seen)
        missing = [self._shown(one) for one in self._actions if one.required and one not in seen]
        if missing:
            raise ArgumentError(None, f'the following arguments are required: {", ".join(missing)}')
        for action in self._actions:
            if action not in seen and action.dest is not SUPPRESS and isinstance(action.default, str) and getattr(namespace, action.dest, None) is action.default:
                setattr(namespace, action.dest, self._converted(action, action.default))
        for group in self._exclusive:
            if group.required and not any(one in seen for one in group._group_actions):
                raise ArgumentError(None, f'one of the arguments {" ".join([self._shown(one) for one in group._group_actions])} is required')
        return extras

    def _take(self, action, texts, namespace, seen, name=None):
        for group in self._exclusive:
            if action in group._group_actions:
                for other in group._group_actions:
                    if other is not action and other in seen:
                        raise ArgumentError(self._shown(action), f'not allowed with argument {self._shown(other)}')
        seen.append(action)
        action(self, namespace, [] if action.nargs == 0 else self._values(action, texts), name)

    def _consume(self, positionals, texts, namespace, seen):
        while positionals:
            action = positionals[0]
            later = sum([{None: 1, ONE_OR_MORE: 1, OPTIONAL: 0, ZERO_OR_MORE: 0, PARSER: 1, REMAINDER: 0}.get(one.nargs, one.nargs) for one in positionals[1:]])
            room = max(len(texts) - later, 0)
            least = {None: 1, ONE_OR_MORE: 1, OPTIONAL: 0, ZERO_OR_MORE: 0, PARSER: 1, REMAINDER: 0}.get(action.nargs, action.nargs)
            most = {None: 1, ONE_OR_MORE: room, OPTIONAL: 1, ZERO_OR_MORE: room, PARSER: room, REMAINDER: room}.get(action.nargs, action.nargs)
            count = min(room, most)
            if count < least or least == 0 and count == 0 and texts:
                break
            self._take(action, texts[:count], namespace, seen)
            texts = texts[count:]
            positionals.pop(0)
        return texts

    def exit(self, status=0, message=None):
        raise SystemExit(status)

    def error(self, message):
        self.exit(2, message)

    def print_help(self, file=None):
        pass
    print_usage = print_help

    def format_help(self):
        return _unknown_argument('help')
    format_usage = format_help
`
