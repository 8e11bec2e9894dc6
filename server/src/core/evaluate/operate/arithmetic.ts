/** Binary operators: built-in operands directly, everything else through the special methods. */

import { type BinaryOperator } from '../../syntax/ast.ts'
import { NOT_IMPLEMENTED } from '../core-classes.ts'
import { NativeFunction, PyBytes, PyComplex, PyDict, PyFloat, PyInstance, PyList, PyObject, PySet, PyTuple, Unknown, type Value } from '../value.ts'
import { comesShuffled, shuffledAs } from './set-order.ts'
import type { Interpreter } from '../run/frame.ts'
import { power as precisePower } from '../precise.ts'
import { unionOf, setOperation } from './collections.ts'
import { bitLength, complexOf, floatFloorDivide, floatModulo, floorDivide, type Int, intOf, modulo, normalInt, realOf, smallInt, strOfBoxed, trueDivide } from './numbers.ts'
import { percentFormat } from './percent.ts'
import { opaqueOf } from './opaque.ts'
import { isTypeLike } from './type-like.ts'

export type BinaryName = BinaryOperator

const SPECIAL: Record<BinaryName, string> = {
  '+': 'add', '-': 'sub', '*': 'mul', '/': 'truediv', '//': 'floordiv', '%': 'mod', '**': 'pow', '@': 'matmul', '<<': 'lshift', '>>': 'rshift', '&': 'and', '|': 'or', '^': 'xor',
}

export function binaryOperation(m: Interpreter, name: BinaryName, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    switch (name) {
      case '+': { const sum = a + b; if (Number.isSafeInteger(sum)) return sum; break }
      case '-': { const difference = a - b; if (Number.isSafeInteger(difference)) return difference; break }
      case '*': { const product = a * b; if (Number.isSafeInteger(product)) return product === 0 ? 0 : product; break }
      default:
    }
  }
  if (a instanceof Unknown) return a
  if (b instanceof Unknown) return b
  const result = builtinOperation(m, name, a, b)
  if (result !== undefined) return result
  return specialOperation(m, name, a, b)
}

export function inplaceOperation(m: Interpreter, name: BinaryName, a: Value, b: Value): Value {
  if (a instanceof PyList && a.cls.name === 'list') {
    if (name === '+') {
      const items = b instanceof PyList || b instanceof PyTuple ? b.items : m.items(b)
      if (items instanceof Unknown) { m.doubt(a, items); return a }
      m.touch(a)
      m.checkSize('items', a.items.length + items.length)
      for (const item of [...items]) a.items.push(item)
      if (comesShuffled(b)) a.isShuffled = true
      return a
    }
    if (name === '*' && intOf(b) !== undefined) {
      const repeated = repeatItems(m, a.items, b)
      if (repeated instanceof Unknown) return repeated
      m.touch(a)
      a.items = repeated
      return a
    }
  }
  if (a instanceof PySet && b instanceof PySet && a.cls.name === 'set') {
    const result = setOperation(m, name, a, b)
    if (result !== undefined) { m.touch(a); a.values = result.values; return a }
  }
  if (a instanceof PyDict && b instanceof PyDict && name === '|' && a.cls !== m.mappingProxy) {
    for (const [key, value] of m.dictEntries(b)) m.dictSet(a, key, value)
    return a
  }
  if (a instanceof PyInstance || a instanceof PyList || a instanceof PyDict) {
    const method = m.lookup(a.cls, `__i${SPECIAL[name]}__`)
    if (method !== undefined) {
      const result = m.call(method, [a, b])
      if (result !== NOT_IMPLEMENTED) return result
    }
  }
  return binaryOperation(m, name, a, b)
}

/** The result when both operands are built-in and the pair is supported. */
function builtinOperation(m: Interpreter, name: BinaryName, a: Value, b: Value): Value | undefined {
  if (hasOwnOperator(m, a, name) || hasOwnOperator(m, b, name)) return undefined
  const x = intOf(a)
  const y = intOf(b)
  if (x !== undefined && y !== undefined) {
    if (typeof a === 'boolean' && typeof b === 'boolean' && (name === '&' || name === '|' || name === '^')) return name === '&' ? a && b : name === '|' ? a || b : a !== b
    return intOperation(m, name, x, y)
  }
  const r = realOf(a)
  const s = realOf(b)
  if (r !== undefined && s !== undefined) return floatOperation(m, name, r, s, x, y)
  if ((a instanceof PyComplex || b instanceof PyComplex) && complexOf(a) !== undefined && complexOf(b) !== undefined) return complexOperation(m, name, complexOf(a)!, complexOf(b)!)
  const text = strOfBoxed(a)
  if (text !== undefined) {
    if (name === '+') {
      const other = strOfBoxed(b)
      if (other === undefined) return undefined
      m.checkSize('characters', text.length + other.length)
      return text + other
    }
    if (name === '*' && y !== undefined) return repeatText(m, text, y)
    if (name === '%') return percentFormat(m, text, b)
  }
  if (name === '*' && x !== undefined && strOfBoxed(b) !== undefined) return repeatText(m, strOfBoxed(b)!, x)
  if (name === '%' && a instanceof PyBytes) return m.unknown('formatting bytes is not evaluated')
  if (name === '+') {
    if (a instanceof PyList && b instanceof PyList) return shuffledAs(withDoubt(new PyList(joined(m, a.items, b.items)), a, b), a, b)
    if (a instanceof PyTuple && b instanceof PyTuple) return shuffledAs(new PyTuple(joined(m, a.items, b.items)), a, b)
    if (a instanceof PyBytes && b instanceof PyBytes) return new PyBytes(Uint8Array.from([...a.data, ...b.data]))
  }
  if (name === '*') {
    const [sequence, count] = a instanceof PyObject && y !== undefined ? [a, b] : [b, a]
    if (intOf(count) !== undefined) {
      if (sequence instanceof PyList || sequence instanceof PyTuple) {
        const items = repeatItems(m, sequence.items, count)
        if (items instanceof Unknown) return items
        return shuffledAs(sequence instanceof PyList ? withDoubt(new PyList(items), sequence) : new PyTuple(items), sequence)
      }
      if (sequence instanceof PyBytes) {
        const times = Math.max(0, smallInt(count) ?? 0)
        m.checkSize('characters', times * sequence.data.length)
        return new PyBytes(Uint8Array.from({ length: times * sequence.data.length }, (_, i) => sequence.data[i % sequence.data.length]!))
      }
    }
  }
  if (a instanceof PySet && b instanceof PySet) return setOperation(m, name, a, b)
  if (name === '|') {
    if (a instanceof PyDict && b instanceof PyDict) return unionOf(m, a, b)
    if ((isTypeLike(a) || a === null) && (isTypeLike(b) || b === null) && !(a === null && b === null)) return m.call(m.getAttribute(m.importModule('typing'), '_union'), [a, b])
  }
  return undefined
}

function withDoubt<T extends PyObject>(result: T, ...sources: readonly PyObject[]): T {
  for (const source of sources) result.doubt ??= source.doubt
  return result
}

/** True for an instance of a Python subclass of a built-in that redefines the operator: its method decides. */
function hasOwnOperator(m: Interpreter, value: Value, name: BinaryName): boolean {
  if (!(value instanceof PyObject) || value.cls.native !== undefined) return false
  const special = SPECIAL[name]
  const own = m.lookup(value.cls, `__${special}__`)
  if (own !== undefined && !(own instanceof NativeFunction)) return true
  const reflected = m.lookup(value.cls, `__r${special}__`)
  return reflected !== undefined && !(reflected instanceof NativeFunction)
}

function joined(m: Interpreter, a: readonly Value[], b: readonly Value[]): Value[] {
  m.checkSize('items', a.length + b.length)
  m.allocate(a.length + b.length)
  return [...a, ...b]
}

function repeatItems(m: Interpreter, items: readonly Value[], count: Value): Value[] | Unknown {
  const times = Math.max(0, smallInt(count) ?? Infinity)
  m.checkSize('items', times * items.length)
  m.allocate(times * items.length)
  const result: Value[] = []
  for (let i = 0; i < times && items.length > 0; i++) for (const item of items) result.push(item)
  return result
}

function repeatText(m: Interpreter, text: string, count: Int): string {
  const times = Math.max(0, Number(count))
  m.checkSize('characters', times * text.length)
  return text === '' ? '' : text.repeat(times)
}

function intOperation(m: Interpreter, name: BinaryName, a: Int, b: Int): Value | undefined {
  switch (name) {
    case '+': return normalInt(BigInt(a) + BigInt(b))
    case '-': return normalInt(BigInt(a) - BigInt(b))
    case '*':
      m.checkSize('integerBits', bitLength(a) + bitLength(b))
      return normalInt(BigInt(a) * BigInt(b))
    case '/': {
      if (Number(b) === 0) m.raise('ZeroDivisionError', 'division by zero')
      const quotient = trueDivide(a, b)
      if (quotient === undefined) m.raise('OverflowError', 'integer division result too large for a float')
      return new PyFloat(quotient)
    }
    case '//':
      if (Number(b) === 0) m.raise('ZeroDivisionError', 'integer division or modulo by zero')
      return floorDivide(a, b)
    case '%':
      if (Number(b) === 0) m.raise('ZeroDivisionError', 'integer modulo by zero')
      return modulo(a, b)
    case '**': return intPower(m, a, b)
    case '<<':
      if (b < 0) m.raise('ValueError', 'negative shift count')
      m.checkSize('integerBits', bitLength(a) + Number(b))
      return normalInt(BigInt(a) << BigInt(b))
    case '>>':
      if (b < 0) m.raise('ValueError', 'negative shift count')
      if (Number(b) > 1e6) return a < 0 ? -1 : 0
      return normalInt(BigInt(a) >> BigInt(b))
    case '&': return normalInt(BigInt(a) & BigInt(b))
    case '|': return normalInt(BigInt(a) | BigInt(b))
    case '^': return normalInt(BigInt(a) ^ BigInt(b))
    case '@': return undefined
  }
}

export function intPower(m: Interpreter, a: Int, b: Int): Value {
  if (b < 0) {
    if (Number(a) === 0) m.raise('ZeroDivisionError', '0.0 cannot be raised to a negative power')
    return floatPower(m, Number(a), Number(b))
  }
  const size = bitLength(a)
  if (size > 1) m.checkSize('integerBits', size * Number(b))
  else return Number(a) === -1 ? (modulo(b, 2) === 0 ? 1 : -1) : Number(a) === 0 ? (Number(b) === 0 ? 1 : 0) : 1
  return normalInt(BigInt(a) ** BigInt(b))
}

function floatOperation(m: Interpreter, name: BinaryName, a: number, b: number, wholeA: Int | undefined, wholeB: Int | undefined): Value | undefined {
  if ((wholeA !== undefined && !Number.isFinite(a)) || (wholeB !== undefined && !Number.isFinite(b))) m.raise('OverflowError', 'int too large to convert to float')
  switch (name) {
    case '+': return new PyFloat(a + b)
    case '-': return new PyFloat(a - b)
    case '*': return new PyFloat(a * b)
    case '/':
      if (b === 0) m.raise('ZeroDivisionError', 'float division by zero')
      return new PyFloat(a / b)
    case '//':
      if (b === 0) m.raise('ZeroDivisionError', 'float floor division by zero')
      return new PyFloat(floatFloorDivide(a, b))
    case '%':
      if (b === 0) m.raise('ZeroDivisionError', 'float modulo')
      return new PyFloat(floatModulo(a, b))
    case '**': return floatPower(m, a, b)
    default: return undefined
  }
}

export function floatPower(m: Interpreter, a: number, b: number): Value {
  if (a === 1 || b === 0) return new PyFloat(1)
  if (a === 0 && b < 0) m.raise('ZeroDivisionError', '0.0 cannot be raised to a negative power')
  if (a < 0 && Number.isFinite(a) && Number.isFinite(b) && !Number.isInteger(b)) {
    const size = (-a) ** b
    return new PyComplex(size * Math.cos(Math.PI * b), size * Math.sin(Math.PI * b))
  }
  if (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) return new PyFloat(1)
  const result = a < 0 ? precisePower(-a, b) * (b % 2 === 0 ? 1 : -1) : precisePower(a, b)
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) m.raise('OverflowError', '(34, \'Numerical result out of range\')')
  return new PyFloat(result)
}

function complexOperation(m: Interpreter, name: BinaryName, a: PyComplex, b: PyComplex): Value | undefined {
  switch (name) {
    case '+': return new PyComplex(a.re + b.re, a.im + b.im)
    case '-': return new PyComplex(a.re - b.re, a.im - b.im)
    case '*': return new PyComplex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    case '/': {
      const size = b.re * b.re + b.im * b.im
      if (size === 0) m.raise('ZeroDivisionError', 'complex division by zero')
      return new PyComplex((a.re * b.re + a.im * b.im) / size, (a.im * b.re - a.re * b.im) / size)
    }
    default: return m.unknown('complex arithmetic is not evaluated')
  }
}

/** `__add__`, then `__radd__`; a subclass's reflected method goes first. */
function specialOperation(m: Interpreter, name: BinaryName, a: Value, b: Value): Value {
  const special = SPECIAL[name]
  const typeA = m.typeOf(a)
  const typeB = m.typeOf(b)
  const forward = m.lookup(typeA, `__${special}__`)
  const backward = typeA === typeB ? undefined : m.lookup(typeB, `__r${special}__`)
  const isSubclassFirst = backward !== undefined && typeB !== typeA && m.isSubclass(typeB, typeA) && m.lookup(typeA, `__r${special}__`) !== backward
  if (isSubclassFirst) {
    const result = m.call(backward, [b, a])
    if (result !== NOT_IMPLEMENTED) return result
  }
  if (forward !== undefined) {
    const result = m.call(forward, [a, b])
    if (result !== NOT_IMPLEMENTED) return result
  }
  if (backward !== undefined && !isSubclassFirst) {
    const result = m.call(backward, [b, a])
    if (result !== NOT_IMPLEMENTED) return result
  }
  const opaque = opaqueOf(a) ?? opaqueOf(b)
  if (opaque !== undefined) return opaque
  if (name === '+' && (typeof a === 'string' || a instanceof PyList || a instanceof PyTuple)) {
    const kind = typeof a === 'string' ? 'str' : a instanceof PyList ? 'list' : 'tuple'
    m.raise('TypeError', `can only concatenate ${kind} (not "${typeB.name}") to ${kind}`)
  }
  m.raise('TypeError', name === '**' ? `unsupported operand type(s) for ** or pow(): '${typeA.name}' and '${typeB.name}'` : `unsupported operand type(s) for ${name}: '${typeA.name}' and '${typeB.name}'`)
}
