/**
 * Every limit of the checkpoint readers, with its reason. A limit that is reached is reported as a problem; it never
 * shortens an answer silently.
 */

/** First look at a file: enough for every magic number and a Git LFS pointer. */
export const headBytes = 512

/** First read at the end of a zip: holds the directory of some 400 records. */
export const zipTailBytes = 32_768

/** The end-of-directory record may stand this far from the end (22 bytes and a comment of 65,535). */
export const zipSearchBytes = 65_557

/** A directory of 64 MiB is a million records; larger ones are hostile. */
export const zipDirectoryBytes = 64 * 1024 * 1024

/** Records of one archive; a checkpoint of 20,000 tensors has 20,006. */
export const zipEntries = 400_000

/** A whole pickle up to this size is read at once, a larger one through windows. */
export const pickleInOneRead = 4 * 1024 * 1024

/** Window over pickles that are read piecewise (legacy streams, huge pickles). */
export const pickleWindow = 64 * 1024

/** Deflated members grow to at most this much; torch stores its records, so this is for other archives. */
export const inflatedBytes = 16 * 1024 * 1024

/** Opcodes of one pickle: 100,000 tensors take four million. */
export const pickleOpcodes = 20_000_000

/** Rough heap weight of the symbols of one pickle in bytes, so that no file makes the process grow past 64 MB: some 75,000 plain tensors. */
export const pickleWeight = 40 * 1024 * 1024

/** Share of one value on the stack and in the memo, whose lists may be copied as they grow. */
export const stackWeight = 20
export const memoWeight = 28

/** Share of that weight of one plain tensor (itself, its nine places in the memo) and of one storage (itself, its key, its place in the lists). */
export const tensorWeight = 176
export const storageWeight = 176

/** Share of a tensor that is not written the usual way, with what is made of it when it is named. */
export const rebuildWeight = 800

/** Memo entries out of sequence: pickles count up, so an honest one has none. */
export const farMemo = 100_000

/** Strings up to this many bytes are kept; longer ones (numpy data, embedded files) only with their place and length. */
export const stringBytes = 64 * 1024

/** A line of a text opcode (GLOBAL, INT, STRING). */
export const lineBytes = 64 * 1024

/** Decimal digits of one integer: Python itself refuses to print more than 4,300. */
export const integerDigits = 4_300

/** Values visited while naming tensors; shared containers count each time they are met. */
export const walkedValues = 250_000

/** Values that a slimmer copy writes again: three for each tensor of the largest pickle that is read. */
export const slimmedValues = 1_000_000

/** Values that a copy of the whole object would hold; past it the file is called a bomb. */
export const expandedValues = 100_000_000

/** Depth of containers while naming tensors. Names grow with depth, so this also bounds their length. */
export const walkedDepth = 1_000

/** Characters of one tensor name, of one global's name. */
export const nameCharacters = 4_096

/** Tensors of one checkpoint. */
export const tensors = 200_000

/** Dimensions of one tensor: more than any torch operation takes. */
export const dimensions = 64

/** Runs of touched bytes that are listed exactly, for all tensors of a file together. */
export const coverageRuns = 400_000

/** Pickles that follow one another in one stream, and pickles inside strings, that are looked through for globals. */
export const stackedPickles = 64
export const nestedPickles = 64
export const nestedDepth = 4

/** Globals that are listed by name. */
export const globals = 10_000

/** Problems that are listed. */
export const problems = 100

/** The header of a safetensors file, as its own library limits it. */
export const safetensorsHeader = 100_000_000

/** Tensors of one safetensors file: as many as fit into 64 MB of heap. */
export const safetensorsTensors = 125_000

/** Header bytes that are kept as text at most; 20,000 tensors take 2 MB. */
export const safetensorsHeaderRead = 24 * 1024 * 1024

/** Bytes of a header in any other way of writing JSON, which takes 15 times that in memory. */
export const unusualHeader = 4 * 1024 * 1024

/** Nesting of JSON in safetensors headers, as serde_json limits it. */
export const jsonDepth = 127

/** Tensors of all shards of one index together: a model of 671 billion parameters has 91,000. */
export const shardTensors = 125_000

/** Shards of one index. */
export const shards = 10_000

/** JSON indexes and configurations beside weights. */
export const indexBytes = 10 * 1024 * 1024

/** Local headers of a zip that are read where torch's own padding does not tell where data starts. */
export const localHeaders = 4_096

/** Members of an archive that are looked through for pickles. */
export const membersLookedAt = 256
