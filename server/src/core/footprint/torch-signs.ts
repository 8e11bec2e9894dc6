/**
 * What one Python file says about torch: which of the packages that rules ask about it imports, and every sign that it may
 * run on a GPU. Lexical, with strings and comments told apart from code; what it cannot decide counts as a sign.
 */

/** Import names that rules ask about; the others are passed over. */
const companions = ['torch', 'torchvision', 'torchaudio', 'torchtext']
/** Distribution -> import name of what is for training, or for watching it. */
export const trainingModules: ReadonlyMap<string, string> = new Map([
  ['tensorboard', 'tensorboard'], ['wandb', 'wandb'], ['mlflow', 'mlflow'], ['optuna', 'optuna'], ['deepspeed', 'deepspeed'], ['comet-ml', 'comet_ml'], ['neptune', 'neptune'], ['tensorboardx', 'tensorboardX'],
  ['jupyter', 'jupyter'], ['jupyterlab', 'jupyterlab'], ['notebook', 'notebook'],
])
/** Libraries that exist for a GPU, or that take one by themselves where there is one. */
const gpuLibraries = [
  'triton', 'flash_attn', 'bitsandbytes', 'apex', 'vllm', 'deepspeed', 'xformers', 'tensorrt', 'torch_tensorrt', 'transformer_engine', 'pycuda', 'cupy', 'pynvml', 'lightning', 'pytorch_lightning', 'accelerate',
  'ultralytics', 'sentence_transformers', 'bertopic', 'keybert', 'easyocr', 'whisper', 'fastai', 'stanza', 'flair',
]
const isGpuLibrary: ReadonlySet<string> = new Set(gpuLibraries)
const asked: ReadonlySet<string> = new Set([...companions, ...trainingModules.values(), ...gpuLibraries, 'transformers'])

/** A file that holds neither word nor such an import has no sketch: what `sketchTorchUse` looks for, for a search over many files. */
export const torchSearch = { anywhere: 'torch', keyword: 'import', names: [...asked] } as const

export interface NamedImport {
  readonly name: string
  readonly offset: number
}

/** A first look at a file: what a second, precise one would be for. */
export interface TorchSketch {
  /** Statements that look like imports of what is asked about; one in a docstring looks so too. */
  readonly imports: readonly NamedImport[]
  /** It has to do with torch: what else it says may be a sign. */
  readonly maySign: boolean
}

export interface FileTorchUse {
  /** Asked imports that stand in code, each with its first place. */
  readonly imports: readonly NamedImport[]
  readonly signs: readonly { readonly offset: number; readonly what: string }[]
}

/** Undefined for most files: nothing in them is asked about. Fast, for it looks at every file of a workspace. */
export function sketchTorchUse(text: string): TorchSketch | undefined {
  const imports = askedImports(text)
  const maySign = text.includes('torch') || imports.some(({ name }) => name === 'transformers' || isGpuLibrary.has(name))
  return maySign || imports.length > 0 ? { imports, maySign } : undefined
}

const newline = 10
const carriageReturn = 13
const colon = 58
const semicolon = 59
const space = 32
const tab = 9
/** No import statement stands this far from the start of its line. */
const maxPrefix = 300

function isBlank(unit: number): boolean {
  return unit === space || unit === tab
}

function isWord(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 48 && unit <= 57)
}

/** Every statement that looks like an import of something that is asked about, the first of each name. */
function askedImports(text: string): readonly NamedImport[] {
  let found: NamedImport[] | undefined
  for (let at = text.indexOf('import'); at >= 0; at = text.indexOf('import', at + 6)) {
    if (!isBlank(text.charCodeAt(at + 6)) && text.charCodeAt(at + 6) !== 92 && text.charCodeAt(at + 6) !== 40) continue
    let start = at
    while (start > 0 && at - start < maxPrefix) {
      const unit = text.charCodeAt(start - 1)
      if (unit === newline || unit === carriageReturn || unit === semicolon || unit === colon) break
      start -= 1
    }
    while (isBlank(text.charCodeAt(start))) start += 1
    if (start === at) for (const name of listedNames(text, at + 6)) found = noted(found, name, start)
    else if (text.startsWith('from', start) && isBlank(text.charCodeAt(start + 4))) found = noted(found, wordAt(text, start + 5), start)
  }
  return found ?? []
}

function noted(found: NamedImport[] | undefined, name: string, offset: number): NamedImport[] | undefined {
  if (!asked.has(name) || found?.some((one) => one.name === name)) return found
  return [...found ?? [], { name, offset }]
}

function wordAt(text: string, from: number): string {
  let start = from
  while (isBlank(text.charCodeAt(start))) start += 1
  let end = start
  while (isWord(text.charCodeAt(end))) end += 1
  return text.slice(start, end)
}

/** The first names of `import a.b as c, d`, on one line or continued. */
function listedNames(text: string, from: number): readonly string[] {
  const first = wordAt(text, from)
  let end = text.indexOf('\n', from)
  if (end < 0) end = text.length
  const comma = text.indexOf(',', from)
  if ((comma < 0 || comma > end) && text.charCodeAt(end - 1) !== 92) return [first]
  return text.slice(from, from + maxPrefix).replace(/\\\r?\n/g, ' ').split(/[\n#;]/, 1)[0]!.split(',').map((part) => wordAt(part, 0))
}

/** Attributes of torch.cuda that ask or tidy, and do nothing on a machine without a GPU. */
const guards = 'is_available|is_initialized|device_count|empty_cache|manual_seed|manual_seed_all|synchronize|is_bf16_supported|ipc_collect|reset_peak_memory_stats|max_memory_allocated|memory_allocated|memory_reserved|get_device_name|get_device_properties|get_device_capability|get_rng_state|set_rng_state|get_rng_state_all|set_rng_state_all'
const atRunTime = 'a device that is chosen when it runs'
/** What a value rests on that only the run knows. */
const runtime = String.raw`(?:\b(?:args?|cfg|config|conf|opts?|options|settings|hparams|params|flags|FLAGS)\s*[.[]|sys\.argv|\benviron\b|\bgetenv\s*\(|\binput\s*\()`

/** A pattern of code, and the word without which it cannot match: to look for a word is fast. */
const codeSigns: readonly { readonly word: string; readonly pattern: RegExp; readonly what: string }[] = [
  { word: '.cuda', pattern: /\.cuda\s*\(/g, what: '`.cuda()`' },
  { word: 'cuda.', pattern: new RegExp(String.raw`\bcuda\.(?!(?:${guards})\b)[A-Za-z_]\w*`, 'g'), what: '`torch.cuda`' },
  { word: 'torch.cuda', pattern: new RegExp(String.raw`\bfrom[ \t]+torch\.cuda[ \t]+import[ \t]+(?!(?:${guards})\b)`, 'g'), what: '`torch.cuda`' },
  { word: 'CUDAExtension', pattern: /\bCUDAExtension\b/g, what: 'a CUDA extension' },
  { word: 'cuda_sources', pattern: /\bcuda_sources\b/g, what: 'a CUDA extension' },
  { word: 'current_accelerator', pattern: /\bcurrent_accelerator\b/g, what: '`torch.accelerator`' },
  { word: 'DataParallel', pattern: /\b(?:Distributed)?DataParallel\s*\(/g, what: '`DataParallel`' },
  { word: '.to', pattern: /\.to\s*\(\s*\d/g, what: 'a device by its number' },
  { word: 'device', pattern: new RegExp(String.raw`\.to\s*\(\s*(?:device\s*=\s*)?[^()\n]{0,40}?${runtime}[^\n]{0,40}?device`, 'g'), what: atRunTime },
  { word: '.to', pattern: /\.to\s*\(\s*(?:device\s*=\s*)?(?:sys\.argv|os\.environ|os\.getenv|input\s*\()/g, what: atRunTime },
  { word: 'device', pattern: new RegExp(String.raw`\bdevice\s*\(\s*[^"'()\n]{0,40}?${runtime}`, 'g'), what: atRunTime },
  { word: 'device', pattern: new RegExp(String.raw`device\w*[ \t]*(?::[^=\n]{1,40})?=[^=\n]{0,60}?${runtime}`, 'g'), what: atRunTime },
  { word: 'DEVICE', pattern: new RegExp(String.raw`DEVICE\w*[ \t]*(?::[^=\n]{1,40})?=[^=\n]{0,60}?${runtime}`, 'g'), what: atRunTime },
  { word: 'device_map', pattern: /\bdevice_map\s*=/g, what: '`device_map`' },
]
const stringWords = ['cuda', 'CUDA', 'gpu', 'nccl', 'device']

/** Strings that name a GPU, or an option that does; read with their quotes. */
const deviceStrings = /(["'])(cuda(?::[^"'\n]*)?|gpu|nccl|torch\.cuda\.\w+|--(?:no[-_])?(?:use[-_])?(?:cuda|gpus?|device)(?:[-_]\w+)?|CUDA_VISIBLE_DEVICES)\1/g

/** What one file says for sure; strings and comments do not count as code. */
export function fileTorchUse(text: string, sketch = sketchTorchUse(text)): FileTorchUse {
  if (!sketch) return { imports: [], signs: [] }
  let known: readonly Literal[] | undefined
  const literals = (): readonly Literal[] => (known ??= literalsOf(text))
  // A statement at the start of a line stands in a string only where one of three quotes was opened before it.
  const last = sketch.imports.reduce((most, { offset }) => Math.max(most, offset), 0)
  const before = text.slice(0, last)
  const isPlain = !before.includes('"""') && !before.includes("'''") && sketch.imports.every(({ offset }) => startsLine(text, offset))
  const imports = isPlain ? sketch.imports : sketch.imports.flatMap((one) => confirmed(text, one, literals()))
  const signs: { offset: number; what: string }[] = []
  for (const { name, offset } of imports) if (isGpuLibrary.has(name)) signs.push({ offset, what: `${name}, which takes a GPU where there is one` })
  const usesTransformers = imports.some(({ name }) => name === 'transformers')
  if (!usesTransformers && !text.includes('torch')) return { imports, signs }
  for (const { word, pattern, what } of codeSigns) {
    if (!text.includes(word) || signs.some((one) => one.what === what)) continue
    for (const match of text.matchAll(pattern)) {
      if (literalAt(literals(), match.index)) continue
      signs.push({ offset: match.index, what })
      break
    }
  }
  const named = stringWords.some((word) => text.includes(word)) ? stringSign(text, literals) : undefined
  if (named) signs.push(named)
  const trainer = usesTransformers ? /\b\w*Trainer\s*\(/.exec(text) : null
  if (trainer && !literalAt(literals(), trainer.index)) signs.push({ offset: trainer.index, what: 'a Trainer, which takes a GPU where there is one' })
  return { imports, signs }
}

function startsLine(text: string, offset: number): boolean {
  let at = offset - 1
  while (at >= 0 && isBlank(text.charCodeAt(at))) at -= 1
  return at < 0 || text.charCodeAt(at) === newline || text.charCodeAt(at) === carriageReturn
}

/** The import where it stands in code: the first place, or a later one when the first is inside a string. */
function confirmed(text: string, { name, offset }: NamedImport, literals: readonly Literal[]): NamedImport[] {
  if (!literalAt(literals, offset)) return [{ name, offset }]
  const again = new RegExp(String.raw`(?:^|[;:])[ \t]*(?:from[ \t]+${name}\b[\w.]*[ \t]+import\b|import[ \t][^\n#;]*?\b${name}\b)`, 'gm')
  for (const match of text.matchAll(again)) if (!literalAt(literals, match.index + match[0].length - 1)) return [{ name, offset: match.index }]
  return []
}

function stringSign(text: string, literals: () => readonly Literal[]): { offset: number; what: string } | undefined {
  for (const match of text.matchAll(deviceStrings)) {
    const value = match[2]!
    const literal = literalAt(literals(), match.index + 1)
    // A quoted word inside a docstring or a comment is no value.
    if (!literal || literal.start !== match.index || literal.end !== match.index + match[0].length) continue
    if (value.startsWith('--')) return { offset: match.index, what: atRunTime }
    if (value === 'CUDA_VISIBLE_DEVICES') {
      if (/^\s*\]\s*=\s*["']\d/.test(text.slice(literal.end, literal.end + 20))) return { offset: match.index, what: 'a GPU that is made visible' }
      continue
    }
    if (!isComparison(text, literal)) return { offset: match.index, what: value === 'nccl' ? '`nccl`, which needs GPUs' : `\`${value.slice(0, 20)}\` as a device` }
  }
  return undefined
}

/** `device.type == "cuda"`, `startswith("cuda")` and `{"cuda:0": "cpu"}` ask or map, they choose no device. */
function isComparison(text: string, { start, end }: Literal): boolean {
  const before = text.slice(Math.max(0, start - 40), start)
  const after = text.slice(end, end + 20)
  return /(?:==|!=|\bin)\s*\(?\s*$/.test(before) || /startswith\(\s*$/.test(before) || /^\s*(?:==|!=|\bin\b)/.test(after) || /^\s*:\s*["'](?:cpu)?/.test(after)
}

interface Literal {
  readonly start: number
  readonly end: number
}

/** Strings and comments, in order. */
function literalsOf(text: string): readonly Literal[] {
  const found: Literal[] = []
  const finder = /"""|'''|"|'|#/g
  for (let match = finder.exec(text); match; match = finder.exec(text)) {
    const start = match.index
    const quote = match[0]
    let end: number
    if (quote === '#') {
      end = text.indexOf('\n', start)
      if (end < 0) end = text.length
    } else end = stringEnd(text, start + quote.length, quote)
    found.push({ start, end })
    finder.lastIndex = end
  }
  return found
}

function stringEnd(text: string, from: number, quote: string): number {
  const single = quote.length === 1
  for (let at = from; at < text.length; at++) {
    const unit = text[at]
    if (unit === '\\') at += 1
    else if (single && unit === '\n') return at
    else if (unit === quote[0] && text.startsWith(quote, at)) return at + quote.length
  }
  return text.length
}

/** The string or comment that an offset lies in. */
function literalAt(literals: readonly Literal[], offset: number): Literal | undefined {
  let low = 0
  let high = literals.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (literals[middle]!.end <= offset) low = middle + 1
    else high = middle
  }
  const literal = literals[low]
  return literal && literal.start <= offset ? literal : undefined
}

const containerSigns = /^\s*(?:FROM\s+\S*(?:nvidia\/cuda|nvcr\.io|-cuda\d|rocm)\S*|-?\s*(?:driver|runtime)\s*:\s*["']?nvidia|.*nvidia\.com\/gpu|gpus\s*:|-?\s*capabilities\s*:.*gpu|.*["']--gpus|.*["']?hostRequirements["']?\s*:.*gpu|\s*["']?gpu["']?\s*:\s*(?:true|["']?optional))/im

/** Whether a Dockerfile, a compose file, a devcontainer or a deployment asks for a GPU. */
export function containerSign(text: string): { readonly offset: number; readonly what: string } | undefined {
  // `FROM scratch AS cuda` in a comment is none.
  const found = containerSigns.exec(text.replace(/^[ \t]*(?:#|\/\/).*$/gm, (line) => ' '.repeat(line.length)))
  return found ? { offset: found.index, what: /FROM/i.test(found[0]) ? 'a CUDA base image' : 'a GPU reservation' } : undefined
}

/** The code cells of a notebook; positions are those of the joined code. */
export function notebookCode(text: string): string {
  try {
    const { cells } = JSON.parse(text) as { cells?: { cell_type?: string; source?: string | string[] }[] }
    return (cells ?? []).filter((cell) => cell.cell_type === 'code').map((cell) => (Array.isArray(cell.source) ? cell.source.join('') : cell.source ?? '')).join('\n').replace(/^[ \t]*[%!].*$/gm, '')
  } catch {
    return ''
  }
}
