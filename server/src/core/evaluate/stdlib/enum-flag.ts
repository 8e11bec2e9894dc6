/** The second half of enum: enumerations that are ints and strs, flags, and the decorators unique and verify. Appended to the source in enum.ts. */

export const flagSource = String.raw`

class ReprEnum(Enum):
    def __str__(self):
        return self._member_type_.__str__(self._value_) if self._member_type_ is not str else str(self._value_)

    def __format__(self, format_spec):
        return format(self._value_, format_spec)


class IntEnum(int, ReprEnum):
    def __hash__(self):
        return hash(self._value_)


class StrEnum(str, ReprEnum):
    def __new__(cls, *values):
        if len(values) > 3:
            raise TypeError(f'too many arguments for str(): {values!r}')
        if len(values) == 1 and not isinstance(values[0], str):
            raise TypeError(f'{values[0]!r} is not a string')
        value = str(*values)
        one = str.__new__(cls, value)
        one._value_ = value
        return one
    _new_member_ = __new__

    def __hash__(self):
        return hash(self._value_)

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()


class FlagBoundary(StrEnum):
    STRICT = auto()
    CONFORM = auto()
    EJECT = auto()
    KEEP = auto()


STRICT, CONFORM, EJECT, KEEP = FlagBoundary


class Flag(Enum):
    _boundary_ = STRICT
    _flag_mask_ = 0
    _singles_mask_ = 0

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        if not last_values:
            return start if start is not None else 1
        last = max(last_values)
        return 2 ** last.bit_length()

    @classmethod
    def _missing_(cls, value):
        if not isinstance(value, int):
            raise ValueError(f'{value!r} is not a valid {cls.__qualname__}')
        mask = cls._flag_mask_
        full = (1 << mask.bit_length()) - 1
        original = value
        unknown = None
        if not ~full <= value <= full or value & (full ^ mask) and value >= 0 or value < 0 and cls._boundary_ is STRICT and not ~full <= value:
            if cls._boundary_ is STRICT:
                width = max(value.bit_length(), mask.bit_length())
                raise ValueError(f'{cls!r} invalid value {value!r}\n    given {_bin(value, width)}\n  allowed {_bin(mask, width)}')
            if cls._boundary_ is CONFORM:
                value &= mask
            elif cls._boundary_ is EJECT:
                return value
            elif value < 0:
                value = max(full + 1, 2 ** value.bit_length()) + value
        if value < 0:
            value = (full + 1 + value) & mask if cls._boundary_ is not KEEP else full + 1 + value
        unknown = value & ~mask
        if cls._member_type_ is object:
            one = object.__new__(cls)
        else:
            one = cls._member_type_.__new__(cls, value)
        one._value_ = value
        names = [m._name_ for m in cls._member_map_.values() if m._value_ and _is_single_bit(m._value_) and m._value_ & value]
        seen = []
        for name in names:
            if name not in seen and cls._member_map_[name]._name_ == name:
                seen.append(name)
        if seen:
            one._name_ = '|'.join(seen)
            if unknown:
                one._name_ += f'|{unknown}'
        else:
            one._name_ = None
        existing = cls._value2member_map_.setdefault(value, one)
        return existing

    def __contains__(self, other):
        if not isinstance(other, self.__class__):
            raise TypeError(f"unsupported operand type(s) for 'in': {type(other).__qualname__!r} and {self.__class__.__qualname__!r}")
        return other._value_ & self._value_ == other._value_

    def __iter__(self):
        value = self._value_ & self._flag_mask_
        for name in type(self)._member_names_:
            one = type(self)._member_map_[name]
            if one._value_ & value:
                yield one

    def __len__(self):
        return bin(self._value_).count('1')

    def __repr__(self):
        shown = _value_repr(type(self))(self._value_)
        if self._name_ is None:
            return f'<{self.__class__.__name__}: {shown}>'
        return f'<{self.__class__.__name__}.{self._name_}: {shown}>'

    def __str__(self):
        if self._name_ is None:
            return f'{self.__class__.__name__}({self._value_!r})'
        return f'{self.__class__.__name__}.{self._name_}'

    def __bool__(self):
        return bool(self._value_)

    def _operand(self, other):
        if isinstance(other, self.__class__):
            return other._value_
        if self._member_type_ is not object and isinstance(other, self._member_type_):
            return other
        return NotImplemented

    def __or__(self, other):
        value = self._operand(other)
        return value if value is NotImplemented else self.__class__(self._value_ | value)

    def __and__(self, other):
        value = self._operand(other)
        return value if value is NotImplemented else self.__class__(self._value_ & value)

    def __xor__(self, other):
        value = self._operand(other)
        return value if value is NotImplemented else self.__class__(self._value_ ^ value)

    def __invert__(self):
        if self._boundary_ in (EJECT, KEEP):
            return self.__class__(~self._value_)
        return self.__class__(self._singles_mask_ & ~self._value_)

    __ror__ = __or__
    __rand__ = __and__
    __rxor__ = __xor__
    __hash__ = Enum.__hash__


def _bin(num, width):
    text = bin(num & ((1 << max(width, num.bit_length())) - 1) if num < 0 else num)[2:]
    digits = text.rjust(width, '1' if num < 0 else '0')
    return f'0b{1 if num < 0 else 0} {digits}'


class IntFlag(int, ReprEnum, Flag):
    _boundary_ = KEEP

    def __hash__(self):
        return hash(self._value_)


def unique(enumeration):
    duplicates = [(name, one.name) for name, one in enumeration.__members__.items() if name != one.name]
    if duplicates:
        details = ', '.join([f'{alias} -> {name}' for alias, name in duplicates])
        raise ValueError(f'duplicate values found in {enumeration!r}: {details}')
    return enumeration


class EnumCheck(StrEnum):
    CONTINUOUS = 'no skipped integer values'
    NAMED_FLAGS = 'multi-flag aliases may not contain unnamed flags'
    UNIQUE = 'one name per value'


CONTINUOUS, NAMED_FLAGS, UNIQUE = EnumCheck


class verify:
    def __init__(self, *checks):
        self.checks = checks

    def __call__(self, enumeration):
        if UNIQUE in self.checks:
            unique(enumeration)
        return enumeration


def global_enum(cls, update_str=False):
    import sys
    sys.modules[cls.__module__].__dict__.update(cls.__members__)
    return cls


def pickle_by_global_name(self, proto):
    return self.name


def pickle_by_enum_name(self, proto):
    return getattr, (self.__class__, self._name_)


_property = property


class property(_property):
    pass
`
