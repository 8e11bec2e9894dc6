/**
 * What differs between PyTorch releases in what torch.save writes. Owns the version facts of the container and of the
 * pickle, nothing else. Every fact was measured on the releases named in test/oracle/serialize.
 */

export interface TorchRelease {
  readonly major: number
  readonly minor: number
}

/** The releases between which the layout is known. */
const OLDEST: TorchRelease = { major: 1, minor: 6 }
const NEWEST: TorchRelease = { major: 2, minor: 15 }

/** `2.6.0+cpu`, `1.13.0a0`, `2.13`: the first two numbers; `undefined` when there are none. */
export function parseTorchRelease(version: string): TorchRelease | undefined {
  const match = /^\s*v?(\d{1,4})\.(\d{1,4})/.exec(version)
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined
}

export function isAtLeast(release: TorchRelease, major: number, minor: number): boolean {
  return release.major > major || (release.major === major && release.minor >= minor)
}

/** The layout of the zip container. */
export interface ContainerFormat {
  /** The folder inside the file: named after the file, or always `archive`. */
  readonly root: 'file-name' | 'archive'
  /** Whether a path with letters beyond ASCII is written through Python, which makes the folder `archive`. */
  readonly asciiRootOnly: boolean
  /** Keys of storages: a running number, or the address of the storage in the saving process. */
  readonly keys: 'numbers' | 'addresses'
  /** Storages in the order of their keys as text (0, 1, 10, 2), or as first met. */
  readonly storageOrder: 'text' | 'first-met'
  /** Bytes of the small records between data.pkl and the storages, in order. */
  readonly before: readonly (readonly [name: string, bytes: number])[]
  /** The same after the storages. */
  readonly after: readonly (readonly [name: string, bytes: number])[]
}

const BYTE_ORDER = ['byteorder', 'little'.length] as const
const FORMAT_VERSION = ['.format_version', 1] as const
const STORAGE_ALIGNMENT = ['.storage_alignment', 2] as const
const VERSION = ['version', 2] as const
const SERIALIZATION_ID = ['.data/serialization_id', 40] as const

/** The container of a release, or the sentence that says why it is not known. */
export function containerFormat(release: TorchRelease): ContainerFormat | string {
  if (!isAtLeast(release, OLDEST.major, OLDEST.minor)) return `torch.save before ${name(OLDEST)} wrote another format, which is not predicted`
  const from21 = isAtLeast(release, 2, 1)
  const from27 = isAtLeast(release, 2, 7)
  return {
    root: isAtLeast(release, 1, 13) ? 'file-name' : 'archive',
    asciiRootOnly: from21,
    keys: isAtLeast(release, 1, 9) ? 'numbers' : 'addresses',
    storageOrder: from27 ? 'first-met' : 'text',
    before: from27 ? [FORMAT_VERSION, STORAGE_ALIGNMENT, BYTE_ORDER] : from21 ? [BYTE_ORDER] : [],
    after: from21 ? [VERSION, SERIALIZATION_ID] : [VERSION],
  }
}

/** Whether the release is newer than every one that was measured: its layout is then a guess from the last known one. */
export function isBeyondKnown(release: TorchRelease): boolean {
  return isAtLeast(release, NEWEST.major, NEWEST.minor + 1)
}

/** The legacy storage class that names a dtype in the pickle; `undefined` for a dtype that has none. */
export function storageClass(dtype: string): string | undefined {
  return storageClasses.get(dtype)
}

const storageClasses = new Map([
  ['float64', 'DoubleStorage'], ['float32', 'FloatStorage'], ['float16', 'HalfStorage'], ['bfloat16', 'BFloat16Storage'],
  ['int64', 'LongStorage'], ['int32', 'IntStorage'], ['int16', 'ShortStorage'], ['int8', 'CharStorage'],
  ['uint8', 'ByteStorage'], ['bool', 'BoolStorage'], ['complex128', 'ComplexDoubleStorage'], ['complex64', 'ComplexFloatStorage'],
  ['qint8', 'QInt8Storage'], ['quint8', 'QUInt8Storage'], ['qint32', 'QInt32Storage'],
  ['quint4x2', 'QUInt4x2Storage'], ['quint2x4', 'QUInt2x4Storage'],
])

/** Whether the release saves a dtype that has no storage class, over an untyped storage; an older one refuses. */
export function savesUntyped(release: TorchRelease, dtype: string): boolean {
  const since = untypedSince.get(dtype)
  return since !== undefined && isAtLeast(release, 2, since)
}

/** The release 2.N from which on `torch.storage._new_dtypes()` lists the dtype. */
const untypedSince = new Map([
  ['complex32', 4], ['float8_e4m3fn', 4], ['float8_e5m2', 4], ['float8_e4m3fnuz', 4], ['float8_e5m2fnuz', 4],
  ['uint16', 6], ['uint32', 6], ['uint64', 6], ['float8_e8m0fnu', 7], ['float4_e2m1fn_x2', 8],
])

function name(release: TorchRelease): string {
  return `${String(release.major)}.${String(release.minor)}`
}
