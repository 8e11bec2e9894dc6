/**
 * How many bytes CPython's C pickler writes under protocol 2, opcode by opcode. Owns opcode lengths, memo slots and
 * batching; it keeps no bytes and knows nothing of tensors.
 * Source of the format: CPython's Modules/_pickle.c and the opcode table of Lib/pickletools.py.
 */

/** Items between MARK and SETITEMS; a longer dictionary is written in batches of this many. */
const batchItems = 1000

/** The first memo index that no longer fits BINPUT and BINGET (one byte) and takes LONG_BINPUT and LONG_BINGET (four). */
const longMemoIndex = 256

/** A pickle being measured. The memo maps what Python compares by identity to the slot that BINGET names. */
export interface PickleMeter {
  bytes: number
  slots: number
  readonly memo: Map<unknown, number>
}

/** A pickle with its two bytes of PROTO and the one of STOP already counted. */
export function startPickle(): PickleMeter {
  return { bytes: 3, slots: 0, memo: new Map() }
}

/** Opcodes without an argument: MARK, REDUCE, EMPTY_DICT, EMPTY_TUPLE, NONE, NEWTRUE, NEWFALSE, BUILD, BINPERSID, SETITEM ... */
export function addOpcodes(meter: PickleMeter, count: number): void {
  meter.bytes += count
}

/** BINPUT for a new object. `identity` is given when the same object may be pickled again. */
export function memoize(meter: PickleMeter, identity?: unknown): void {
  if (identity !== undefined) meter.memo.set(identity, meter.slots)
  meter.bytes += meter.slots < longMemoIndex ? 2 : 5
  meter.slots += 1
}

/** BINGET when the object was pickled before; false when it was not, and nothing was counted. */
export function recall(meter: PickleMeter, identity: unknown): boolean {
  const slot = meter.memo.get(identity)
  if (slot === undefined) return false
  meter.bytes += slot < longMemoIndex ? 2 : 5
  return true
}

/** A string object of its own: BINUNICODE and its memo slot. */
export function addFreshText(meter: PickleMeter, text: string): void {
  meter.bytes += 5 + utf8Bytes(text)
  memoize(meter)
}

/** A string that Python holds once (interned, or a single Latin-1 character): written the first time, recalled later. */
export function addSharedText(meter: PickleMeter, text: string): void {
  const identity = `text ${text}`
  if (recall(meter, identity)) return
  meter.bytes += 5 + utf8Bytes(text)
  memoize(meter, identity)
}

/**
 * A string cut or joined at run time: an object of its own, except where Python has only one object for the
 * result: the empty string and the single characters up to U+00FF.
 */
export function addComputedText(meter: PickleMeter, text: string): void {
  if (text.length === 0 || (text.length === 1 && text.charCodeAt(0) < 256)) addSharedText(meter, text)
  else addFreshText(meter, text)
}

/** GLOBAL: two lines of text, once per object. */
export function addGlobal(meter: PickleMeter, module: string, name: string): void {
  const identity = `global ${module} ${name}`
  if (recall(meter, identity)) return
  meter.bytes += 3 + utf8Bytes(module) + utf8Bytes(name)
  memoize(meter, identity)
}

/** An int: BININT1, BININT2 and BININT up to 31 bits, LONG1 beyond. Ints have no memo slot. */
export function addInteger(meter: PickleMeter, value: number): void {
  if (value >= 0 && value < 0x100) meter.bytes += 2
  else if (value >= 0 && value < 0x10000) meter.bytes += 3
  else if (value >= -0x80000000 && value <= 0x7fffffff) meter.bytes += 5
  else meter.bytes += 2 + twosComplementBytes(value)
}

/** BINFLOAT. */
export function addFloat(meter: PickleMeter): void {
  meter.bytes += 9
}

/**
 * A tuple of `length` items, each written by `items`: EMPTY_TUPLE; TUPLE1 to TUPLE3 after the items; MARK and TUPLE
 * around more. Only the empty tuple has no memo slot.
 */
export function addTuple(meter: PickleMeter, length: number, items: () => void): void {
  if (length === 0) {
    addOpcodes(meter, 1)
    return
  }
  addOpcodes(meter, length > 3 ? 2 : 1)
  items()
  memoize(meter)
}

/** A tuple of ints, such as a shape or the strides. */
export function addIntegerTuple(meter: PickleMeter, values: readonly number[]): void {
  addTuple(meter, values.length, () => {
    for (const value of values) addInteger(meter, value)
  })
}

/** The empty OrderedDict that stands for a tensor's hooks: a new object each time. */
export function addEmptyOrderedDict(meter: PickleMeter): void {
  addGlobal(meter, 'collections', 'OrderedDict')
  addOpcodes(meter, 2)
  memoize(meter)
}

/** The opcodes around `count` items that a subclass of dict (OrderedDict) hands out one by one. */
export function addOrderedDictBatches(meter: PickleMeter, count: number): void {
  const whole = Math.floor(count / batchItems)
  const rest = count % batchItems
  addOpcodes(meter, 2 * whole + (rest === 0 ? 0 : rest === 1 ? 1 : 2))
}

/** The opcodes around the `count` items of a plain dict; a full last batch is followed by an empty one. */
export function addDictBatches(meter: PickleMeter, count: number): void {
  if (count === 0) return
  addOpcodes(meter, count === 1 ? 1 : 2 * (Math.floor(count / batchItems) + 1))
}

/** The length of a string in UTF-8, a lone surrogate in three bytes as Python's `surrogatepass` writes it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    bytes += 1
    if (unit < 0x800) continue
    bytes += 1
    if (unit >= 0xd800 && unit < 0xdc00) {
      const next = text.charCodeAt(index + 1)
      if (next >= 0xdc00 && next < 0xe000) {
        // Two units of UTF-16, four bytes: the second unit is already counted once by the length.
        index += 1
      }
    }
  }
  return bytes
}

/** Bytes of the shortest two's complement form, as LONG1 holds it. */
function twosComplementBytes(value: number): number {
  let bytes = 5
  let limit = 2 ** 39
  while (value >= limit || value < -limit) {
    bytes += 1
    limit *= 256
  }
  return bytes
}
