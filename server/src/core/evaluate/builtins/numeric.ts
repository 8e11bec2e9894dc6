/** int, bool, float, complex and bytes. */

import { addMethods, defaultMethod, needInt } from './define.ts'
import { boolClass, bytearrayClass, bytesClass, complexClass, floatClass, intClass, NOT_IMPLEMENTED } from '../core-classes.ts'
import { fn, method, property, pureMethod } from '../native.ts'
import { binaryOperation, type BinaryName } from '../operate/arithmetic.ts'
import { isTrue } from '../operate/compare.ts'
import { bitLength, exactParts, floatOf, type Int, intOf, normalInt, parseFloatText, parseIntText, realOf, strOfBoxed } from '../operate/numbers.ts'
import { quoted } from '../operate/text.ts'
import type { Interpreter } from '../run/frame.ts'
import { isMissing, type Machine, PyBoxed, PyBytes, type PyClass, PyComplex, PyFloat, PyList, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'
import { decode, encode } from './text.ts'

const vm = (m: Machine): Interpreter => m as Interpreter

export function toInt(m: Machine, value: Value, base: Value): Value {
  if (value instanceof Unknown) return value
  const whole = intOf(value)
  if (whole !== undefined && isMissing(base)) return whole
  const real = floatOf(value)
  if (real !== undefined) {
    if (Number.isNaN(real)) m.raise('ValueError', 'cannot convert float NaN to integer')
    if (!Number.isFinite(real)) m.raise('OverflowError', 'cannot convert float infinity to integer')
    return normalInt(BigInt(Math.trunc(real)))
  }
  const text = strOfBoxed(value) ?? (value instanceof PyBytes ? decode(m, value) : undefined)
  if (text !== undefined) {
    const radix = isMissing(base) ? 10 : needInt(m, base)
    if (text.length > 4300 && radix === 10) m.raise('ValueError', 'Exceeds the limit (4300 digits) for integer string conversion')
    const parsed = parseIntText(text, radix)
    if (parsed === undefined) m.raise('ValueError', `invalid literal for int() with base ${radix}: ${quoted(text)}`)
    return parsed
  }
  for (const name of ['__int__', '__index__', '__trunc__']) {
    const special = m.lookup(m.typeOf(value), name)
    if (special !== undefined) return m.call(special, [value])
  }
  m.raise('TypeError', `int() argument must be a string, a bytes-like object or a real number, not '${m.typeOf(value).name}'`)
}

export function toFloat(m: Machine, value: Value): Value {
  if (value instanceof Unknown) return value
  const real = realOf(value)
  if (real !== undefined) {
    if (!Number.isFinite(real) && intOf(value) !== undefined) m.raise('OverflowError', 'int too large to convert to float')
    return new PyFloat(real)
  }
  const text = strOfBoxed(value)
  if (text !== undefined) {
    const parsed = parseFloatText(text)
    if (parsed === undefined) m.raise('ValueError', `could not convert string to float: ${quoted(text)}`)
    return new PyFloat(parsed)
  }
  for (const name of ['__float__', '__index__']) {
    const special = m.lookup(m.typeOf(value), name)
    if (special !== undefined) { const made = m.call(special, [value]); return made instanceof Unknown ? made : new PyFloat(realOf(made) ?? Number.NaN) }
  }
  m.raise('TypeError', `float() argument must be a string or a real number, not '${m.typeOf(value).name}'`)
}

function constructor(cls: PyClass, signature: string, make: (m: Machine, args: readonly Value[]) => Value): void {
  cls.attrs.set('__new__', new PyWrapper(fn(`__new__(cls, ${signature})`, (m, args) => {
    const made = make(m, args.slice(1))
    return args[0] === cls || made instanceof Unknown ? made : new PyBoxed(args[0] as PyClass, made as PyBoxed['value'])
  }), PyWrapper.staticmethod))
}

constructor(intClass, 'x=?, base=?', (m, [x, base]) => isMissing(x!) ? 0 : toInt(m, x!, base!))
constructor(floatClass, 'x=?', (m, [x]) => isMissing(x!) ? new PyFloat(0) : toFloat(m, x!))
boolClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, x=False)', (m, [, x]) => isTrue(vm(m), x)), PyWrapper.staticmethod))
complexClass.attrs.set('__new__', new PyWrapper(fn('__new__(cls, real=0, imag=0)', (m, [, re, im]) => {
  const x = realOf(re)
  const y = realOf(im)
  return x === undefined || y === undefined ? m.unknown('this complex number is not evaluated') : new PyComplex(x, y)
}), PyWrapper.staticmethod))

const OPERATORS: readonly (readonly [string, BinaryName])[] = [
  ['add', '+'], ['sub', '-'], ['mul', '*'], ['truediv', '/'], ['floordiv', '//'], ['mod', '%'], ['pow', '**'], ['lshift', '<<'], ['rshift', '>>'], ['and', '&'], ['or', '|'], ['xor', '^'],
]
for (const cls of [intClass, floatClass]) {
  for (const [name, operator] of OPERATORS) {
    const isBitwise = /^(?:<<|>>|[&|^])$/.test(operator)
    if (isBitwise && cls === floatClass) continue
    // An int leaves a float to the float, whose subclass may have its own operator.
    const takes = (other: Value): boolean => other instanceof Unknown || (cls === intClass ? intOf(other) : realOf(other)) !== undefined || (!isBitwise && other instanceof PyComplex)
    addMethods(cls, [
      defaultMethod(`__${name}__(self, other)`, (m, [self, other]) => takes(other) ? binaryOperation(vm(m), operator, plain(self), plain(other)) : NOT_IMPLEMENTED),
      defaultMethod(`__r${name}__(self, other)`, (m, [self, other]) => takes(other) ? binaryOperation(vm(m), operator, plain(other), plain(self)) : NOT_IMPLEMENTED),
    ])
  }
}

/** Without its subclass, so that the subclass's own operators are not asked again. */
function plain(value: Value): Value {
  return value instanceof PyBoxed ? value.value : value
}

addMethods(intClass, [
  defaultMethod('__int__(self)', (_m, [self]) => intOf(self)!),
  defaultMethod('__index__(self)', (_m, [self]) => intOf(self)!),
  defaultMethod('__float__(self)', (_m, [self]) => new PyFloat(Number(intOf(self)!))),
  defaultMethod('__bool__(self)', (_m, [self]) => Number(intOf(self)!) !== 0),
  method('bit_length(self)', (_m, [self]) => bitLength(intOf(self)!)),
  method('bit_count(self)', (_m, [self]) => { const size = BigInt(intOf(self)!); return (size < 0n ? -size : size).toString(2).replaceAll('0', '').length }),
  method('conjugate(self)', (_m, [self]) => intOf(self)!),
  method('as_integer_ratio(self)', (_m, [self]) => new PyTuple([intOf(self)!, 1])),
  method('is_integer(self)', () => true),
  pureMethod('to_bytes(self, length=1, byteorder=\'big\', *, signed=False)', (m, [self, length, order, signed]) => {
    let rest = BigInt(intOf(self)!)
    const count = needInt(m, length)
    if (signed !== true && rest < 0n) m.raise('OverflowError', 'can\'t convert negative int to unsigned')
    if (count < 0) m.raise('ValueError', 'length argument must be non-negative')
    vm(m).checkSize('characters', count)
    const bits = BigInt(count) * 8n
    const limit = signed === true && bits > 0n ? 1n << (bits - 1n) : 1n << bits
    if (rest >= limit || rest < -limit) m.raise('OverflowError', 'int too big to convert')
    const bytes: number[] = []
    for (let i = 0; i < count; i++) { bytes.push(Number(rest & 255n)); rest >>= 8n }
    return new PyBytes(Uint8Array.from(order === 'big' ? bytes.reverse() : bytes))
  }),
])
intClass.attrs.set('from_bytes', new PyWrapper(fn('from_bytes(cls, bytes, byteorder=\'big\', *, signed=False)', (m, [, bytes, order, signed]) => {
  if (!(bytes instanceof PyBytes)) return m.unknown('these bytes are not evaluated')
  let value = 0n
  for (const byte of order === 'big' ? bytes.data : [...bytes.data].reverse()) value = (value << 8n) | BigInt(byte)
  const bits = BigInt(bytes.data.length) * 8n
  return normalInt(signed === true && bits > 0n && value >= 1n << (bits - 1n) ? value - (1n << bits) : value)
}), PyWrapper.classmethod))
for (const [name, get] of [['real', (one: Int): Int => one], ['imag', (): Int => 0], ['numerator', (one: Int): Int => one], ['denominator', (): Int => 1]] as const) {
  intClass.attrs.set(name, property((_m, self) => get(intOf(self as unknown as Value)!)))
}

addMethods(floatClass, [
  defaultMethod('__float__(self)', (_m, [self]) => new PyFloat(floatOf(self)!)),
  defaultMethod('__int__(self)', (m, [self]) => toInt(m, new PyFloat(floatOf(self)!), missing())),
  method('is_integer(self)', (_m, [self]) => Number.isInteger(floatOf(self)!)),
  method('conjugate(self)', (_m, [self]) => new PyFloat(floatOf(self)!)),
  method('as_integer_ratio(self)', (m, [self]) => {
    const value = floatOf(self)!
    if (!Number.isFinite(value)) m.raise(Number.isNaN(value) ? 'ValueError' : 'OverflowError', `cannot convert ${Number.isNaN(value) ? 'NaN' : 'Infinity'} to integer ratio`)
    let { mantissa, exponent } = exactParts(value)
    while (exponent < 0 && mantissa % 2n === 0n) { mantissa /= 2n; exponent++ }
    return new PyTuple(exponent >= 0 ? [normalInt(mantissa << BigInt(exponent)), 1] : mantissa === 0n ? [0, 1] : [normalInt(mantissa), normalInt(1n << BigInt(-exponent))])
  }),
  method('hex(self)', (m) => m.unknown('float.hex is not evaluated')),
])
floatClass.attrs.set('fromhex', new PyWrapper(fn('fromhex(cls, text)', (m) => m.unknown('float.fromhex is not evaluated')), PyWrapper.classmethod))
for (const [name, get] of [['real', (one: number): number => one], ['imag', (): number => 0]] as const) floatClass.attrs.set(name, property((_m, self) => new PyFloat(get(floatOf(self as unknown as Value)!))))
for (const [name, get] of [['real', (one: PyComplex): number => one.re], ['imag', (one: PyComplex): number => one.im]] as const) complexClass.attrs.set(name, property((_m, self) => new PyFloat(get(self as unknown as PyComplex))))
addMethods(complexClass, [
  method('conjugate(self)', (_m, [self]) => new PyComplex((self as PyComplex).re, -(self as PyComplex).im)),
  method('__abs__(self)', (_m, [self]) => new PyFloat(Math.hypot((self as PyComplex).re, (self as PyComplex).im))),
])

function missing(): Value {
  return MISSING_ARGUMENT
}
const MISSING_ARGUMENT = fn('x(a=?)', (_m, [a]) => a).signature!.parameters[0]!.defaultValue!

// ---------------------------------------------------------------------------------------------- bytes

for (const cls of [bytesClass, bytearrayClass]) {
  cls.attrs.set('__new__', new PyWrapper(fn('__new__(cls, source=?, encoding=None, errors=None)', (m, [type, source]) => {
    if (isMissing(source)) return new PyBytes(new Uint8Array(), type as PyClass)
    if (source instanceof Unknown) return source
    if (source instanceof PyBytes) return new PyBytes(source.data.slice(), type as PyClass)
    const text = strOfBoxed(source)
    if (text !== undefined) return new PyBytes(encode(text).data, type as PyClass)
    const count = intOf(source)
    if (count !== undefined) { vm(m).checkSize('characters', Number(count)); return new PyBytes(new Uint8Array(Number(count)), type as PyClass) }
    const items = m.items(source)
    return items instanceof Unknown ? items : new PyBytes(Uint8Array.from(items.map((item) => needInt(m, item))), type as PyClass)
  }), PyWrapper.staticmethod))
}
bytesClass.attrs.set('fromhex', new PyWrapper(fn('fromhex(cls, string)', (m, [, text]) => {
  if (typeof text !== 'string') return text instanceof Unknown ? text : m.raise('TypeError', 'fromhex() argument must be str')
  const digits = text.replace(/\s+/g, '')
  if (digits.length % 2 !== 0 || /[^0-9a-fA-F]/.test(digits)) return m.raise('ValueError', 'non-hexadecimal number found in fromhex() arg')
  return new PyBytes(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
}), PyWrapper.classmethod))
addMethods(bytesClass, [
  method('__len__(self)', (_m, [self]) => (self as PyBytes).data.length),
  method('decode(self, encoding=\'utf-8\', errors=\'strict\')', (m, [self]) => decode(m, self as PyBytes)),
  method('hex(self)', (_m, [self]) => Array.from((self as PyBytes).data, (byte) => byte.toString(16).padStart(2, '0')).join('')),
  pureMethod('startswith(self, prefix)', (_m, [self, prefix]) => latin(self).startsWith(latin(prefix))),
  pureMethod('endswith(self, suffix)', (_m, [self, suffix]) => latin(self).endsWith(latin(suffix))),
  pureMethod('join(self, items)', (m, [self, items]) => {
    const all = m.items(items)
    return all instanceof Unknown ? all : fromLatin(all.map(latin).join(latin(self)))
  }),
  pureMethod('split(self, sep=None)', (_m, [self, separator]) => new PyList((separator === null ? latin(self).trim().split(/\s+/) : latin(self).split(latin(separator))).map(fromLatin))),
  pureMethod('upper(self)', (_m, [self]) => fromLatin(latin(self).toUpperCase())),
  pureMethod('lower(self)', (_m, [self]) => fromLatin(latin(self).toLowerCase())),
  pureMethod('strip(self)', (_m, [self]) => fromLatin(latin(self).trim())),
  pureMethod('find(self, part)', (_m, [self, part]) => latin(self).indexOf(latin(part))),
  pureMethod('count(self, part)', (_m, [self, part]) => latin(self).split(latin(part)).length - 1),
  pureMethod('replace(self, old, new)', (_m, [self, old, made]) => fromLatin(latin(self).replaceAll(latin(old), () => latin(made)))),
])

function latin(value: Value): string {
  let out = ''
  if (value instanceof PyBytes) for (const byte of value.data) out += String.fromCharCode(byte)
  return out
}

function fromLatin(text: string): PyBytes {
  return new PyBytes(Uint8Array.from(text, (unit) => unit.charCodeAt(0) & 255))
}

