/**
 * How a workspace uses torch: what its Python files import, and every sign that its code may run on a GPU. A lexical look at
 * code with strings and comments set apart, so that it holds on thousands of files; what it cannot decide counts as a sign.
 */

import { isFailure, type Files } from '../ports.ts'
import { LineIndex } from '../text/line-index.ts'
import type { Place } from '../text/range.ts'

export interface CudaSign {
  readonly place: Place
  /** `model.cuda()`, `"cuda" as a device`: what a message says. */
  readonly what: string
}

export interface FileTorchUse {
  /** First names of absolute imports, with the offset of the first of each. */
  readonly imports: ReadonlyMap<string, number>
  /** String literals that could name a package for a dynamic import. */
  readonly named: ReadonlySet<string>
  readonly signs: readonly { readonly offset: number; readonly what: string }[]
  readonly mentionsTensorboard: boolean
}

export interface WorkspaceTorchUse {
  readonly pythonFiles: number
  readonly imports: ReadonlyMap<string, Place>
  readonly named: ReadonlySet<string>
  /** `torch.utils.tensorboard` is imported, which needs the package without naming it. */
  readonly mentionsTensorboard: boolean
  /** At most a handful; empty means that nothing was found. */
  readonly cuda: readonly CudaSign[]
  /** False when the workspace was too large to be looked at in full. */
  readonly isComplete: boolean
}

/** Workspaces with more Python files are monorepos of thousands of projects; a sign may lie beyond, so the answer says so. */
const MAX_FILES = 30_000
const MAX_FOLDERS = 60_000
const MAX_BYTES = 4_000_000
const MAX_SIGNS = 5
const SKIPPED = new Set(['.git', '.hg', '.svn', 'node_modules', '__pycache__', '.tox', '.nox', '.mypy_cache', '.ruff_cache', '.pytest_cache', 'site-packages', 'dist-packages', '.eggs', '.ipynb_checkpoints'])

interface Kept {
  readonly stamp: string
  readonly use: FileTorchUse
}

/** Per Files port: a file that did not change is not read again. */
const kept = new WeakMap<Files, Map<string, Kept>>()

/** Imports whose place is shown; the place of another costs a scan for lines that nobody reads. */
const ASKED = /^torch/
const START = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }

/** Looks through a folder. Unreadable files are passed over. */
export function workspaceTorchUse(files: Files, root: string): WorkspaceTorchUse {
  const known = kept.get(files) ?? new Map<string, Kept>()
  kept.set(files, known)
  const imports = new Map<string, Place>()
  const named = new Set<string>()
  const cuda: CudaSign[] = []
  let pythonFiles = 0
  let folders = 0
  let isComplete = true
  let mentionsTensorboard = false
  const pending = [root]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = files.list(folder) ?? []
    folders += 1
    if (folders > MAX_FOLDERS || pythonFiles > MAX_FILES) {
      isComplete = false
      break
    }
    if (folder !== root && entries.some((entry) => entry.name === 'pyvenv.cfg' || entry.name === 'conda-meta')) continue
    for (const entry of entries) {
      const path = `${folder === '/' ? '' : folder}/${entry.name}`
      if (entry.kind === 'directory') {
        if (!SKIPPED.has(entry.name)) pending.push(path)
        continue
      }
      if (/\.(?:cu|cuh)$/.test(entry.name)) sign(cuda, path, '', 0, 'CUDA sources')
      else if (/\.(?:py|pyw|ipynb)$/.test(entry.name)) {
        pythonFiles += 1
        readPython(path)
      } else if (/^(?:docker-)?compose[\w.-]*\.ya?ml$|\.(?:Docker|Container)file$|^(?:Docker|Container)file/i.test(entry.name) || /(?:deploy|k8s|kube|helm)[\w.-]*\.ya?ml$/i.test(entry.name)) readContainer(path)
    }
  }
  return { pythonFiles, imports, named, cuda, isComplete, mentionsTensorboard }

  function readPython(path: string): void {
    const found = files.stat(path)
    if (!found || found.kind !== 'file' || found.bytes > MAX_BYTES) return
    const stamp = `${String(found.modified)}:${String(found.bytes)}`
    let entry = known.get(path)
    let text: string | undefined
    if (entry?.stamp !== stamp) {
      const read = files.readText(path, MAX_BYTES)
      if (isFailure(read)) return
      text = path.endsWith('.ipynb') ? notebookCode(read) : read
      entry = { stamp, use: fileTorchUse(text) }
      known.set(path, entry)
    }
    const { use } = entry
    mentionsTensorboard ||= use.mentionsTensorboard
    for (const [name, offset] of use.imports) if (!imports.has(name)) imports.set(name, ASKED.test(name) ? placeOf(path, text, offset) : { file: path, range: START })
    for (const name of use.named) named.add(name)
    for (const one of use.signs) sign(cuda, path, text, one.offset, one.what)
  }

  function placeOf(path: string, text: string | undefined, offset: number): Place {
    const read = text ?? files.readText(path, MAX_BYTES)
    return { file: path, range: new LineIndex(typeof read === 'string' ? read : '').range(offset, offset) }
  }

  function sign(signs: CudaSign[], path: string, text: string | undefined, offset: number, what: string): void {
    if (signs.length < MAX_SIGNS) signs.push({ place: placeOf(path, text, offset), what })
  }

  function readContainer(path: string): void {
    const text = files.readText(path, 1_000_000)
    if (isFailure(text)) return
    const found = /^\s*(?:FROM\s+\S*(?:nvidia\/cuda|nvcr\.io|-cuda\d|rocm)\S*|-?\s*(?:driver|runtime)\s*:\s*["']?nvidia|.*nvidia\.com\/gpu|gpus\s*:|-?\s*capabilities\s*:.*gpu)/im.exec(text)
    if (found) sign(cuda, path, text, found.index, /FROM/i.test(found[0]) ? 'a CUDA base image' : 'a GPU reservation')
  }
}

/** The code cells of a notebook; positions are those of the joined code. */
function notebookCode(text: string): string {
  try {
    const { cells } = JSON.parse(text) as { cells?: { cell_type?: string; source?: string | string[] }[] }
    return (cells ?? []).filter((cell) => cell.cell_type === 'code').map((cell) => (Array.isArray(cell.source) ? cell.source.join('') : cell.source ?? '')).join('\n').replace(/^[ \t]*[%!].*$/gm, '')
  } catch {
    return ''
  }
}

/** Attributes of torch.cuda that ask or tidy, and do nothing on a machine without a GPU. */
const GUARDS = 'is_available|is_initialized|device_count|empty_cache|manual_seed|manual_seed_all|synchronize|is_bf16_supported|ipc_collect|reset_peak_memory_stats|max_memory_allocated|memory_allocated|memory_reserved|get_device_name|get_device_properties|get_device_capability'
const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/\.cuda\s*\(/g, '`.cuda()`'],
  [new RegExp(String.raw`\bcuda\.(?!(?:${GUARDS})\b)[A-Za-z_]\w*`, 'g'), '`torch.cuda`'],
  [/\bCUDAExtension\b|\bcuda_sources\b/g, 'a CUDA extension'],
  [/\.to\s*\(\s*(?:device\s*=\s*)?(?:args|cfg|config|opt|opts|options|settings|hparams|params|conf)\.\w*device\w*/g, 'a device that is chosen when it runs'],
  [/\bdevice_map\s*=/g, '`device_map`'],
]
/** Libraries that exist for a GPU, or that take one by themselves where there is one. */
const GPU_LIBRARIES = new Set([
  'triton', 'flash_attn', 'bitsandbytes', 'apex', 'vllm', 'deepspeed', 'xformers', 'tensorrt', 'torch_tensorrt', 'pycuda', 'cupy', 'pynvml', 'lightning', 'pytorch_lightning', 'accelerate', 'ultralytics',
  'sentence_transformers', 'easyocr', 'whisper', 'fastai', 'spacy', 'diffusers', 'stanza', 'flair', 'TTS',
])

const IMPORTS = /^[ \t]*(?:from[ \t]+([A-Za-z_]\w*)[\w.]*[ \t]+import\b|import[ \t]+([^\n#;]+))/gm

/** What one file says; strings and comments do not count as code. */
export function fileTorchUse(text: string): FileTorchUse {
  const imports = new Map<string, number>()
  const named = new Set<string>()
  const signs: { offset: number; what: string }[] = []
  // Most files of a workspace have nothing to do with torch, nor import any of the packages that are asked about.
  const concerns = text.includes('torch') || text.includes('cuda')
  const { code, strings } = concerns ? setApart(text) : { code: text, strings: [] }
  for (const match of code.matchAll(IMPORTS)) {
    const names = match[1] ? [match[1]] : match[2]!.split(',').map((part) => /^\s*\(?\s*([A-Za-z_]\w*)/.exec(part)?.[1] ?? '')
    for (const name of names) {
      if (name === '') continue
      if (!imports.has(name)) imports.set(name, match.index)
      if (GPU_LIBRARIES.has(name) && !signs.some((sign) => sign.what.includes(name))) signs.push({ offset: match.index, what: `${name}, which takes a GPU where there is one` })
    }
  }
  const isTorch = text.includes('torch')
  for (const { value, start, end } of strings) {
    if (/^[A-Za-z_][\w.]*$/.test(value) && value.length < 60) named.add(value.split('.')[0]!)
    if (isTorch && isDevice(value) && !isComparison(code, start, end)) signs.push({ offset: start, what: `\`${value.slice(0, 20)}\` as a device` })
    if (isTorch && value === '--device') signs.push({ offset: start, what: 'a device that is chosen when it runs' })
  }
  if (isTorch) {
    for (const [pattern, what] of SIGNS) {
      for (const match of code.matchAll(pattern)) {
        signs.push({ offset: match.index, what })
        break
      }
    }
    const trainer = imports.has('transformers') ? /\b(?:Trainer|pipeline)\s*\(/.exec(code) : null
    if (trainer && /\bTrainer/.test(trainer[0])) signs.push({ offset: trainer.index, what: 'a Trainer, which takes a GPU where there is one' })
  }
  return { imports, named, signs, mentionsTensorboard: /utils\.tensorboard|\bSummaryWriter\b/.test(code) }
}

function isDevice(value: string): boolean {
  return value === 'cuda' || value === 'gpu' || value.startsWith('cuda:')
}

/** `device.type == "cuda"`, `startswith("cuda")` and `{"cuda:0": "cpu"}` ask or map, they choose no device. */
function isComparison(code: string, start: number, end: number): boolean {
  const before = code.slice(Math.max(0, start - 40), start)
  const after = code.slice(end, end + 20)
  return /(?:==|!=|\bin)\s*\(?\s*$/.test(before) || /startswith\(\s*$/.test(before) || /^\s*(?:==|!=|\bin\b)/.test(after) || /^\s*:\s*["'](?:cpu)?/.test(after)
}

interface Literal {
  readonly value: string
  readonly start: number
  readonly end: number
}

/** The text with the inside of strings and comments blanked out, character for character, and the strings. */
export function setApart(text: string): { readonly code: string; readonly strings: readonly Literal[] } {
  const strings: Literal[] = []
  const pieces: string[] = []
  const finder = /"""|'''|"|'|#/g
  let done = 0
  for (let match = finder.exec(text); match; match = finder.exec(text)) {
    const start = match.index
    const quote = match[0]
    let end: number
    if (quote === '#') {
      end = text.indexOf('\n', start)
      if (end < 0) end = text.length
      pieces.push(text.slice(done, start), ' '.repeat(end - start))
    } else {
      end = stringEnd(text, start + quote.length, quote)
      const value = text.slice(start + quote.length, Math.max(start + quote.length, end - quote.length))
      strings.push({ value, start, end })
      pieces.push(text.slice(done, start), quote[0]!, blank(value), ' '.repeat(Math.max(0, end - start - value.length - 2)), quote[0]!)
    }
    done = end
    finder.lastIndex = end
  }
  pieces.push(text.slice(done))
  return { code: pieces.join(''), strings }
}

/** Blanks of the same length, with line ends kept. */
function blank(value: string): string {
  return value.includes('\n') ? value.split('\n').map((line) => ' '.repeat(line.length)).join('\n') : ' '.repeat(value.length)
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
