/** The built-in functions, and the table of built-in names. */

import { comesShuffled, itemsInOrder, SHUFFLED } from '../operate/set-order.ts'
import { list, needInt, needText, tuple } from './define.ts'
import { namesOf } from './object.ts'
import { builtinClasses, ELLIPSIS, NOT_IMPLEMENTED } from '../core-classes.ts'
import { fn, nativeClass, method, pure } from '../native.ts'
import { binaryOperation } from '../operate/arithmetic.ts'
import { opaqueOf } from '../operate/opaque.ts'
import { classState, namespaceOf } from '../operate/attributes.ts'
import { compareValues, isTrue } from '../operate/compare.ts'
import { formatValue } from '../operate/format.ts'
import { hashOf, identityOf } from '../operate/hash.ts'
import { isBroken, iteratorOf, nextOf } from '../operate/iterate.ts'
import { floatOf, intOf, modulo, normalInt, realOf, scaledDigits } from '../operate/numbers.ts'
import { asciiOf, reprOf, strOf } from '../operate/text.ts'
import { PyGenerator, type Interpreter } from '../run/frame.ts'
import { isMissing, type Machine, NativeFunction, PartlyKnown, PyBoxed, PyClass, PyDict, PyFloat, PyFunction, PyInstance, PyIterator, PyMethod, PyModule, PyObject, PyRaise, PySet, PyTuple, PyWrapper, Unknown, type Value } from '../value.ts'
import { exceptionClasses } from './exceptions.ts'
import { sortItems } from './sort.ts'

const vm = (m: Machine): Interpreter => m as Interpreter

/** Whether an object says that its class is another than the one it has. */
function hasOtherClass(m: Machine, cls: PyClass, value: Value | undefined): boolean {
  return value !== undefined && (m.lookup(cls, '__class__') !== undefined || (value instanceof PyObject && value.attrs?.has('__class__') === true))
}

interface Matches { readonly state: number, readonly answers: Map<PyClass, boolean> }
const matches = new WeakMap<PyClass, Matches>()

/** What abstract base classes answer is remembered until a class changes, as CPython does: layers ask whether a number is iterable all the time. */
function abstractMatch(m: Machine, cls: PyClass, wanted: PyClass, ask: () => boolean | Unknown): boolean | Unknown {
  const state = classState()
  let known = matches.get(wanted)
  if (known?.state !== state) {
    known = { state, answers: new Map() }
    matches.set(wanted, known)
  }
  const before = known.answers.get(cls)
  if (before !== undefined) { m.spend(1); return before }
  const answer = ask()
  if (typeof answer === 'boolean' && classState() === state) known.answers.set(cls, answer)
  return answer
}

/** `isinstance`/`issubclass` against a class, a tuple of them, a union, or something with hooks. */
function matchesClass(m: Machine, cls: PyClass | Unknown, value: Value | undefined, wanted: Value): boolean | Unknown {
  if (wanted instanceof Unknown) return wanted
  if (wanted instanceof PyTuple) {
    let open: Unknown | undefined
    for (const one of wanted.items) {
      const matches = matchesClass(m, cls, value, one)
      if (matches === true) return true
      if (matches instanceof Unknown) open ??= matches
    }
    return open ?? false
  }
  if (cls instanceof Unknown) return wanted === builtinClasses.get('object') ? true : cls
  if (wanted instanceof PyClass) {
    if (cls.mro.includes(wanted)) return true
    const hook = value === undefined ? '__subclasscheck__' : '__instancecheck__'
    const custom = m.lookup(wanted.cls, hook)
    if (custom instanceof PyFunction && custom.module.name === 'abc' && custom.module.file === undefined && !hasOtherClass(m, cls, value)) return abstractMatch(m, cls, wanted, () => m.truth(m.call(custom, [wanted, value === undefined ? cls : value])))
    if (custom !== undefined && !(custom instanceof NativeFunction)) return m.truth(m.call(custom, [wanted, value === undefined ? cls : value]))
    const subclassHook = m.lookup(wanted, '__subclasshook__')
    if (subclassHook instanceof PyWrapper) {
      const answer = m.call(new PyMethod(wanted, subclassHook.callee), [cls])
      if (answer !== NOT_IMPLEMENTED) return m.truth(answer)
    }
    if (value instanceof PyInstance && value.attrs!.get('__class__') === wanted) return true
    for (const one of cls.mro) if (one.opaque !== undefined) return one.opaque
    return false
  }
  const args = m.findAttribute(wanted, '__args__')
  if (args instanceof PyTuple && m.findAttribute(wanted, '__origin__') === undefined) return matchesClass(m, cls, value, tuple(args.items.map((one) => one === null ? m.typeOf(null) : one)))
  const hook = m.lookup(m.typeOf(wanted), value === undefined ? '__subclasscheck__' : '__instancecheck__')
  if (hook !== undefined) return m.truth(m.call(hook, [wanted, value === undefined ? cls : value]))
  return m.raise('TypeError', value === undefined ? 'issubclass() arg 2 must be a class, a tuple of classes, or a union' : 'isinstance() arg 2 must be a type, a tuple of types, or a union')
}

function extreme(name: 'min' | 'max'): (m: Machine, args: Value, key: Value, fallback: Value) => Value {
  return (m, args, key, fallback) => {
    const given = (args as PyTuple).items
    const items = given.length === 1 ? m.items(given[0]!) : given
    if (items instanceof Unknown) return items
    let best: Value | undefined
    let bestKey: Value = null
    for (const item of items) {
      m.spend(1)
      const made = key === null ? item : m.call(key, [item])
      if (best !== undefined) {
        const better = isTrue(vm(m), compareValues(vm(m), name === 'min' ? '<' : '>', made, bestKey))
        if (better instanceof Unknown) return better
        if (!better) continue
      }
      if (made instanceof Unknown && items.length > 1) return made
      best = item
      bestKey = made
    }
    if (best !== undefined) return best
    return isMissing(fallback) ? m.raise('ValueError', `${name}() iterable argument is empty`) : fallback
  }
}

export function roundValue(m: Machine, value: Value, digits: Value): Value {
  if (value instanceof Unknown) return value
  if (digits instanceof Unknown) return digits
  const whole = intOf(value)
  const places = digits === null ? undefined : needInt(m, digits)
  if (whole !== undefined) {
    if (places === undefined || places >= 0) return whole
    const unit = 10n ** BigInt(-places)
    const big = BigInt(whole)
    const down = big - BigInt(modulo(whole, normalInt(unit)))
    const rest = (big - down) * 2n
    const isUp = rest > unit || (rest === unit && (down / unit) % 2n !== 0n)
    return normalInt(isUp ? down + unit : down)
  }
  const real = floatOf(value)
  if (real === undefined) {
    const special = m.lookup(m.typeOf(value), '__round__')
    if (special !== undefined) return m.call(special, digits === null ? [value] : [value, digits])
    return m.raise('TypeError', `type ${m.typeOf(value).name} doesn't define __round__ method`)
  }
  if (!Number.isFinite(real)) {
    if (places !== undefined) return value
    return m.raise(Number.isNaN(real) ? 'ValueError' : 'OverflowError', Number.isNaN(real) ? 'cannot convert float NaN to integer' : 'cannot convert float infinity to integer')
  }
  if (places === undefined) { const size = scaledDigits(real, 0); return normalInt(real < 0 ? -size : size) }
  if (places > 300) return value
  const scaled = scaledDigits(real, Math.max(-330, places))
  const size = Number(places > 0 ? `${scaled}e${-places}` : scaled * 10n ** BigInt(-places))
  return new PyFloat(real < 0 || Object.is(real, -0) ? -size : size)
}

function sum(m: Machine, iterable: Value, start: Value): Value {
  const iterator = iteratorOf(vm(m), iterable)
  if (iterator instanceof Unknown) return iterator
  let total = start
  // CPython 3.12 adds floats with compensation; the rest is plain addition.
  let compensation = 0
  let isFloat = false
  for (let next = nextOf(vm(m), iterator); next !== undefined; next = nextOf(vm(m), iterator)) {
    m.spend(1)
    const x = floatOf(total)
    const y = realOf(next)
    if (x !== undefined && total instanceof PyFloat && y !== undefined && !(next instanceof PyObject)) {
      isFloat = true
      const added = x + y
      if (next instanceof PyFloat) compensation += Math.abs(x) >= Math.abs(y) ? (x - added) + y : (y - added) + x
      total = new PyFloat(added)
    } else {
      if (isFloat && compensation !== 0 && Number.isFinite(compensation) && total instanceof PyFloat) { total = new PyFloat(total.value + compensation); compensation = 0 }
      total = binaryOperation(vm(m), '+', total, next)
    }
  }
  return isFloat && compensation !== 0 && Number.isFinite(compensation) && total instanceof PyFloat ? new PyFloat(total.value + compensation) : total
}

function iteratorClassOf(name: string, signature: string, make: (m: Machine, args: readonly Value[]) => (m: Machine, self: PyIterator) => Value | undefined): PyClass {
  const cls = nativeClass({ name, module: 'builtins', methods: [] })
  cls.attrs.set('__new__', new PyWrapper(fn(`__new__(cls, ${signature})`, (m, args) => {
    const unknown = args.find((arg) => arg instanceof Unknown)
    if (unknown !== undefined && name !== 'map' && name !== 'filter') return unknown
    try {
      const iterator = new PyIterator(make(m, args.slice(1)), name)
      iterator.cls = args[0] as PyClass
      // What pairs items with numbers, or with other items, gives Unknowns in their place.
      if (name !== 'enumerate' && name !== 'zip') iterator.isShuffled = args.some(givesShuffled)
      return iterator
    } catch (error) {
      if (error instanceof UnknownSource) return error.unknown
      throw error
    }
  }), PyWrapper.staticmethod))
  cls.attrs.set('__iter__', method('__iter__(self)', (_m, [self]) => self))
  cls.attrs.set('__next__', method('__next__(self)', (m, [self]) => {
    const next = (self as PyIterator).advance(m)
    if (next !== undefined) return next
    throw new PyRaise(m.newInstance(exceptionClasses.get('StopIteration')!) as PyObject)
  }))
  return cls
}

/** As `comesShuffled`, for an argument of a native: `*args` come in a tuple of their own. */
function givesShuffled(arg: Value): boolean {
  return comesShuffled(arg) || (arg instanceof PyTuple && arg.items.some(comesShuffled))
}

/** What is iterated is not known, so neither is what comes of it. Thrown and caught while one of these iterators is made. */
class UnknownSource {
  readonly unknown: Unknown
  constructor(unknown: Unknown) { this.unknown = unknown }
}

/** An iterator to pull from. */
function source(m: Machine, iterable: Value): Value {
  const iterator = iteratorOf(vm(m), iterable)
  if (iterator instanceof Unknown) throw new UnknownSource(iterator)
  return iterator
}

/** The next of what an iterator pulls from; when nothing is known of that any more, neither is of the iterator. */
function pull(m: Machine, self: PyIterator, inner: Value): Value | undefined {
  const next = nextOf(vm(m), inner)
  if (next instanceof Unknown && isBroken(inner)) { m.touch(self); self.doubt = next }
  return next
}

const enumerateClass = iteratorClassOf('enumerate', 'iterable, start=0', (m, [iterable, start]) => {
  const inner = source(m, iterable!)
  const first = needInt(m, start!)
  const which = comesShuffled(iterable) ? m.unknown(SHUFFLED) : undefined
  return (machine, self) => {
    const next = pull(machine, self, inner)
    return next === undefined || self.doubt !== undefined ? next : tuple([first + self.at++, which ?? next])
  }
})
const zipClass = iteratorClassOf('zip', '*iterables, strict=False', (m, [iterables, strict]) => {
  const given = (iterables as PyTuple).items
  const sources = given.map((one) => source(m, one))
  const which = given.map((one) => given.length > 1 && comesShuffled(one) ? m.unknown(SHUFFLED) : undefined)
  return (machine, self) => {
    if (sources.length === 0) return undefined
    const row: Value[] = []
    for (const [i, one] of sources.entries()) {
      const next = pull(machine, self, one)
      if (self.doubt !== undefined) return self.doubt
      if (next === undefined) {
        if (strict === true && i > 0) machine.raise('ValueError', `zip() argument ${i + 1} is shorter than argument${i > 1 ? 's 1-' : ' '}${i}`)
        if (strict === true) for (const [j, other] of sources.entries()) if (j > 0 && nextOf(vm(machine), other) !== undefined) machine.raise('ValueError', `zip() argument ${j + 1} is longer than argument${j > 1 ? 's 1-' : ' '}${j}`)
        return undefined
      }
      row.push(which[i] ?? next)
    }
    return tuple(row)
  }
})
const mapClass = iteratorClassOf('map', 'function, *iterables', (m, [callee, iterables]) => {
  const sources = (iterables as PyTuple).items.map((one) => source(m, one))
  return (machine, self) => {
    const row: Value[] = []
    for (const one of sources) {
      const next = pull(machine, self, one)
      if (next === undefined) return undefined
      if (self.doubt !== undefined) return self.doubt
      row.push(next)
    }
    return machine.call(callee!, row)
  }
})
const filterClass = iteratorClassOf('filter', 'function, iterable', (m, [callee, iterable]) => {
  const inner = source(m, iterable!)
  return (machine, self) => {
    for (;;) {
      const next = pull(machine, self, inner)
      if (next === undefined || self.doubt !== undefined) return next
      machine.spend(1)
      const keep = machine.truth(callee === null ? next : machine.call(callee!, [next]))
      // Whether this one is among them is not known, so neither is what the next one is.
      if (keep instanceof Unknown) { machine.escape([next, inner], keep); machine.touch(self); self.doubt = keep; return keep }
      if (keep) return next
    }
  }
})
const reversedClass = iteratorClassOf('reversed', 'sequence', (m, [sequence]) => {
  const special = m.lookup(m.typeOf(sequence!), '__reversed__')
  if (special !== undefined && special !== null) { const inner = m.call(special, [sequence!]); return (machine, self) => pull(machine, self, inner) }
  if (special === null || (sequence instanceof PyObject && m.lookup(sequence.cls, '__getitem__') === undefined)) m.raise('TypeError', `'${m.typeOf(sequence!).name}' object is not reversible`)
  const length = m.length(sequence!)
  if (length instanceof Unknown) throw new UnknownSource(length)
  return (machine, self) => self.at < length ? machine.getItem(sequence!, length - ++self.at) : undefined
})

function anyAll(stopOn: boolean): (m: Machine, iterable: Value) => Value {
  return (m, iterable) => {
    const iterator = iteratorOf(vm(m), iterable)
    if (iterator instanceof Unknown) return iterator
    for (let next = nextOf(vm(m), iterator); next !== undefined; next = nextOf(vm(m), iterator)) {
      m.spend(1)
      const truth = m.truth(next)
      if (truth === stopOn) return stopOn
      if (truth instanceof Unknown) {
        // It stops here, or goes on to the end at most; when it is decided there it is decided anyhow.
        let isDecided = false
        if (!isBroken(iterator)) {
          vm(m).maybe(truth, () => {
            for (let one = nextOf(vm(m), iterator); one !== undefined && !isDecided && !isBroken(iterator); one = nextOf(vm(m), iterator)) { m.spend(1); isDecided = m.truth(one) === stopOn }
          })
        }
        return isDecided ? stopOn : truth
      }
    }
    return !stopOn
  }
}

export function attributeOr(m: Machine, object: Value, name: Value, fallback: Value): Value {
  if (name instanceof Unknown) return name
  const found = m.findAttribute(object, needText(m, name, 'attribute name'))
  if (found !== undefined) return found
  return isMissing(fallback) ? m.getAttribute(object, name as string) : fallback
}

const functions: readonly NativeFunction[] = [
  fn('print(*args, sep=\' \', end=\'\\n\', file=None, flush=False)', (m, [args, sep, end]) => {
    const parts: string[] = []
    for (const one of (args as PyTuple).items) { const text = strOf(vm(m), one); parts.push(text instanceof Unknown ? `<unknown: ${text.reason}>` : text) }
    vm(m).write(parts.join(typeof sep === 'string' ? sep : ' ') + (typeof end === 'string' ? end.replace('\\n', '\n') : '\n'))
    return null
  }),
  fn('len(obj)', (m, [value]) => m.length(value)),
  pure('repr(obj)', (m, [value]) => reprOf(vm(m), value)),
  pure('ascii(obj)', (m, [value]) => { const text = reprOf(vm(m), value); return text instanceof Unknown ? text : asciiOf(text) }),
  pure('format(value, spec=\'\')', (m, [value, spec]) => formatValue(vm(m), value, needText(m, spec, 'format() argument 2'))),
  pure('abs(x)', (m, [x]) => {
    const whole = intOf(x)
    if (whole !== undefined) return whole < 0 ? -whole : whole
    const real = floatOf(x)
    if (real !== undefined) return new PyFloat(Math.abs(real))
    const special = m.lookup(m.typeOf(x), '__abs__')
    return special === undefined ? opaqueOf(x) ?? m.raise('TypeError', `bad operand type for abs(): '${m.typeOf(x).name}'`) : m.call(special, [x])
  }),
  fn('round(number, ndigits=None)', (m, [number, digits]) => roundValue(m, number, digits)),
  pure('divmod(a, b)', (m, [a, b]) => {
    const special = m.lookup(m.typeOf(a), '__divmod__')
    return special !== undefined ? m.call(special, [a, b]) : tuple([binaryOperation(vm(m), '//', a, b), binaryOperation(vm(m), '%', a, b)])
  }),
  pure('pow(base, exp, mod=None)', (m, [base, exponent, mod]) => {
    if (mod === null) return binaryOperation(vm(m), '**', base, exponent)
    let b = BigInt(intOf(base) ?? m.raise('TypeError', 'pow() 3rd argument not allowed unless all arguments are integers'))
    let e = BigInt(intOf(exponent) ?? 0)
    const n = BigInt(intOf(mod) ?? 1)
    if (n === 0n) m.raise('ValueError', 'pow() 3rd argument cannot be 0')
    if (e < 0n) return m.unknown('modular inverses are not evaluated')
    let result = 1n
    b = BigInt(modulo(normalInt(b), normalInt(n)))
    for (; e > 0n; e >>= 1n) { m.spend(1); if (e & 1n) result = (result * b) % n; b = (b * b) % n }
    return modulo(normalInt(result), normalInt(n))
  }),
  fn('sum(iterable, start=0)', (m, [iterable, start]) => sum(m, iterable, start)),
  fn('min(*args, key=None, default=?)', (m, [args, key, fallback]) => extreme('min')(m, args, key, fallback)),
  fn('max(*args, key=None, default=?)', (m, [args, key, fallback]) => extreme('max')(m, args, key, fallback)),
  fn('any(iterable)', (m, [iterable]) => anyAll(true)(m, iterable)),
  fn('all(iterable)', (m, [iterable]) => anyAll(false)(m, iterable)),
  fn('sorted(iterable, *, key=None, reverse=False)', (m, [iterable, key, reverse]) => {
    const items = m.items(iterable)
    if (items instanceof Unknown) return items
    const direction = m.truth(reverse)
    let hasTies = false
    const sorted = direction instanceof Unknown ? direction : sortItems(vm(m), items, key, direction, comesShuffled(iterable) ? () => { hasTies = true } : undefined)
    if (!(sorted instanceof Unknown)) {
      const made = list(sorted)
      made.isShuffled = hasTies
      return made
    }
    m.escape(items, sorted)
    return sorted
  }),
  fn('iter(obj, sentinel=?)', (m, [value, sentinel]) => {
    if (isMissing(sentinel)) return value instanceof PySet && itemsInOrder(value) === undefined ? m.unknown(SHUFFLED) : iteratorOf(vm(m), value)
    return new PyIterator((machine, self) => {
      if (self.at > 0) return undefined
      const next = machine.call(value)
      const isLast = machine.equals(next, sentinel)
      if (isLast instanceof Unknown) { machine.touch(self); self.doubt = isLast; return isLast }
      if (!isLast) return next
      self.at = 1
      return undefined
    }, 'callable_iterator')
  }),
  fn('next(iterator, default=?)', (m, [iterator, fallback]) => {
    if (!(iterator instanceof PyIterator || iterator instanceof PyGenerator || iterator instanceof Unknown) && m.lookup(m.typeOf(iterator), '__next__') === undefined) m.raise('TypeError', `'${m.typeOf(iterator).name}' object is not an iterator`)
    const next = nextOf(vm(m), iterator)
    if (next !== undefined) return iterator instanceof PyIterator && iterator.isShuffled ? m.unknown(SHUFFLED) : next
    if (!isMissing(fallback)) return fallback
    const stop = m.newInstance(exceptionClasses.get('StopIteration')!, iterator instanceof PyGenerator && iterator.result !== null ? [iterator.result] : [])
    throw new PyRaise(stop as PyObject)
  }),
  fn('isinstance(obj, cls)', (m, [value, cls]) => matchesClass(m, value instanceof Unknown ? value : m.typeOf(value), value, cls)),
  fn('issubclass(cls, parent)', (m, [cls, parent]) => cls instanceof PyClass || cls instanceof Unknown ? matchesClass(m, cls, undefined, parent) : m.raise('TypeError', 'issubclass() arg 1 must be a class')),
  fn('callable(obj)', (m, [value]) => {
    if (value instanceof Unknown) return value
    if (value instanceof PyFunction || value instanceof NativeFunction || value instanceof PyClass || value instanceof PyMethod) return true
    return value instanceof PyObject && (m.lookup(value.cls, '__call__') !== undefined || (opaqueOf(value) ?? false))
  }),
  fn('hasattr(obj, name)', (m, [object, name]) => {
    if (object instanceof Unknown) return object instanceof PartlyKnown && typeof name === 'string' && object.attribute(m, name) !== undefined ? true : object
    if (name instanceof Unknown) return name
    const found = m.findAttribute(object, needText(m, name, 'attribute name'))
    if (found instanceof Unknown && object instanceof PyModule && object.has?.(name as string) === true) return true
    return found instanceof Unknown ? found : found !== undefined
  }),
  fn('getattr(obj, name, default=?)', (m, [object, name, fallback]) => object instanceof Unknown && !(object instanceof PartlyKnown) ? object : attributeOr(m, object, name, fallback)),
  fn('setattr(obj, name, value)', (m, [object, name, value]) => {
    if (name instanceof Unknown) { if (object instanceof PyObject) m.doubt(object, name) } else m.setAttribute(object, needText(m, name, 'attribute name'), value)
    return null
  }),
  fn('delattr(obj, name)', (m, [object, name]) => {
    if (name instanceof Unknown) { if (object instanceof PyObject) m.doubt(object, name) } else m.deleteAttribute(object, needText(m, name, 'attribute name'))
    return null
  }),
  pure('hash(obj)', (m, [value]) => {
    const special = value instanceof PyObject && value.cls.native === undefined ? m.lookup(value.cls, '__hash__') : undefined
    return special !== undefined && special !== null && !(special instanceof NativeFunction) ? m.call(special, [value]) : hashOf(vm(m), value)
  }),
  fn('id(obj)', (m, [value]) => value instanceof PyObject && !(value instanceof Unknown) ? new PyBoxed(m.getAttribute(m.importModule('_footprint_identity'), 'identity') as PyClass, identityOf(value) * 16 + 0x7f0000000000) : typeof value === 'boolean' || value === null ? 0x1000 + String(value).length : m.unknown('identities of plain values are not evaluated')),
  fn('dir(obj=?)', (m, [value]) => {
    if (isMissing(value)) return list([...(vm(m).frame?.globals.keys() ?? [])].sort())
    if (value instanceof Unknown) return value
    const special = value instanceof PyObject && value.cls.native === undefined ? m.lookup(value.cls, '__dir__') : undefined
    const listed = value instanceof PyModule ? value.names?.() : undefined
    if (listed !== undefined) return list([...new Set([...listed, ...(value as PyModule).attrs.keys()])].filter((name) => (value as PyModule).has?.(name) !== false).sort())
    if (isWrittenHere(value)) return m.unknown('the names of this are not all followed')
    if (special === undefined || special instanceof NativeFunction) return namesOf(m, value)
    const names = m.items(m.call(special, [value]))
    if (names instanceof Unknown) return names
    const sorted = sortItems(vm(m), names, null, false)
    return sorted instanceof Unknown ? sorted : list(sorted)
  }),
  fn('vars(obj=?)', (m, [value]) => {
    if (isMissing(value)) return locals(m)
    const names = value instanceof PyObject ? slotsOf(value) : undefined
    if (names === 'only' || !(value instanceof PyObject)) return m.raise('TypeError', 'vars() argument must have __dict__ attribute')
    if (names === undefined || names.length === 0) return m.getAttribute(value, '__dict__')
    // Slots are kept with the other attributes, but stand in no __dict__.
    return new PyDict(new Map([...value.attrs ?? []].filter(([name]) => !names.includes(name))) as PyDict['values'])
  }),
  fn('globals()', (m) => { const frame = vm(m).frame; return frame === undefined ? new PyDict() : namespaceOf(frame.module) }),
  fn('locals()', locals),
  pure('chr(i)', (m, [i]) => { const code = needInt(m, i); return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : m.raise('ValueError', 'chr() arg not in range(0x110000)') }),
  pure('ord(c)', (m, [c]) => {
    const points = Array.from(needText(m, c, 'ord() expected string of length 1, but'))
    return points.length === 1 ? points[0]!.codePointAt(0)! : m.raise('TypeError', `ord() expected a character, but string of length ${points.length} found`)
  }),
  pure('bin(n)', (m, [n]) => radix(m, n, 2, '0b')),
  pure('oct(n)', (m, [n]) => radix(m, n, 8, '0o')),
  pure('hex(n)', (m, [n]) => radix(m, n, 16, '0x')),
  fn('input(prompt=\'\')', (m) => m.unknown('what is typed is not known')),
  fn('open(*args, **kwargs)', (m) => m.unknown('files are not opened')),
  fn('exec(*args, **kwargs)', (m, [args]) => {
    const why = m.unknown('exec is not evaluated')
    const [, into] = (args as PyTuple).items
    // What it runs may define any name of the namespace it is given.
    const { frame } = vm(m)
    if (into instanceof PyDict) m.doubt(into, why)
    else if (frame !== undefined) {
      m.touch(frame.module)
      frame.module.doubt ??= why
    }
    return null
  }),
  fn('eval(*args, **kwargs)', (m) => m.unknown('eval is not evaluated')),
  fn('compile(*args, **kwargs)', (m) => m.unknown('compile is not evaluated')),
  fn('breakpoint(*args)', () => null),
  fn('__import__(name, globals=None, locals=None, fromlist=(), level=0)', (m, [name, , , from]) => {
    if (name instanceof Unknown) return name
    const module = m.importModule(needText(m, name, '__import__() argument 1'))
    return m.truth(from) === true ? module : vm(m).modules.get((name as string).split('.')[0]!) ?? module
  }),
]

function radix(m: Machine, value: Value, base: number, prefix: string): string {
  const whole = BigInt(intOf(value) ?? needInt(m, value))
  return `${whole < 0n ? '-' : ''}${prefix}${(whole < 0n ? -whole : whole).toString(base)}`
}

function locals(m: Machine): Value {
  const { frame } = vm(m)
  if (frame === undefined) return new PyDict()
  if (frame.names !== undefined) return new PyDict(frame.names as Map<never, Value>)
  if (frame.code.kind === 'module') return namespaceOf(frame.module)
  const dict = new PyDict()
  frame.instructions.localNames.forEach((name, i) => { const value = frame.locals[i]; if (value !== undefined && !name.startsWith('.')) dict.values.set(name, value) })
  frame.instructions.cellNames.forEach((name, i) => { const value = frame.cells[i]?.value; if (value !== undefined) dict.values.set(name, value) })
  return dict
}

/** The names of the `builtins` module; one table per machine, because Python code may add to it. */
export function makeBuiltins(): Map<string, Value> {
  const names = new Map<string, Value>()
  for (const one of functions) names.set(one.name, one)
  for (const [name, cls] of builtinClasses) if (/^(?:[a-z]+|[A-Z]\w+(?:Error|Exception|Iteration|Exit|Interrupt|Warning)|Warning|Exception)$/.test(name) && !HIDDEN.has(name)) names.set(name, cls)
  for (const cls of [enumerateClass, zipClass, mapClass, filterClass, reversedClass]) names.set(cls.name, cls)
  names.set('None', null)
  names.set('True', true)
  names.set('False', false)
  names.set('Ellipsis', ELLIPSIS)
  names.set('NotImplemented', NOT_IMPLEMENTED)
  names.set('__debug__', true)
  for (const name of ['ExceptionGroup', 'BaseExceptionGroup']) names.set(name, new Unknown('exception groups are not evaluated'))
  names.set('EnvironmentError', exceptionClasses.get('OSError')!)
  names.set('IOError', exceptionClasses.get('OSError')!)
  return names
}

/** A native module, a built-in value, or a class that is written here: it has other names than CPython's. */
function isWrittenHere(value: Value): boolean {
  if (value instanceof PyModule) return value.file === undefined && value.fallback !== undefined
  const cls = value instanceof PyClass ? value : value instanceof PyObject ? value.cls : undefined
  return cls === undefined || (cls.native !== undefined && !(value instanceof PyModule)) || cls.origin?.file.startsWith('<') === true
}

/** The names that the classes of an instance keep in slots; `only` when it has no `__dict__` beside them. */
function slotsOf(value: PyObject): readonly string[] | 'only' | undefined {
  if (value instanceof PyClass || value.cls.native !== undefined) return undefined
  const names: string[] = []
  let hasDict = false
  for (const cls of value.cls.mro) {
    if (cls.native !== undefined) { hasDict ||= cls.name !== 'object'; continue }
    const slots = cls.attrs.get('__slots__')
    if (slots === undefined) hasDict = true
    else names.push(...(slots instanceof PyTuple ? slots.items : [slots]).filter((one) => typeof one === 'string'))
  }
  return hasDict || names.includes('__dict__') ? names : 'only'
}

const HIDDEN = new Set(['cell', 'function', 'method', 'module', 'iterator', 'generator', 'coroutine', 'ellipsis', 'unknown', 'mappingproxy', 'builtin_function_or_method'])

