/**
 * What could be removed from an installed environment that only runs torch, with bytes and with what breaks. A plan is text
 * for a person: nothing here deletes. Every removal was tried on real installations by test/oracle/packages/slim_proof.py.
 */

import { ge, valid } from '@renovatebot/pep440'

export type SlimSafety = 'safe' | 'with-loss' | 'cpu-only'

interface RemovalRule {
  readonly id: string
  readonly title: string
  readonly safety: SlimSafety
  readonly breaks: readonly string[]
  /** Over the path relative to site-packages. Removals may overlap: bytecode lies in folders that go as a whole. */
  readonly matches: (path: string) => boolean
  /** Shell commands over `$site`, that remove exactly what matches. */
  readonly commands: readonly string[]
  /** The oldest torch that it was tried on and that still imports without it; 1.13 needs some of these. */
  readonly since?: string
}

const TEST_FOLDERS = /^(sympy|networkx|mpmath|numpy|pandas|scipy|sklearn)\/(?:.*\/)?tests\//

const RULES: readonly RemovalRule[] = [
  { id: 'torch-tests', title: 'C++ test programs of torch', safety: 'safe', breaks: [], matches: (path) => path.startsWith('torch/test/'), commands: ['rm -rf "$site/torch/test"'] },
  {
    id: 'torch-tools', title: 'build tools in torch/bin', safety: 'safe', breaks: [], matches: (path) => path.startsWith('torch/bin/') && !/^torch\/bin\/torch_shm_manager/.test(path),
    commands: ['[ ! -d "$site/torch/bin" ] || find "$site/torch/bin" -type f ! -name "torch_shm_manager*" -delete'],
  },
  {
    id: 'test-libraries', title: 'libraries for torch\'s own tests', safety: 'safe', breaks: [], matches: (path) => /^torch\/lib\/lib(aoti_custom_ops|backend_with_compiler|jitbackend_test|torchbind_test)\.so$/.test(path),
    commands: ['rm -f "$site/torch/lib/libaoti_custom_ops.so" "$site/torch/lib/libbackend_with_compiler.so" "$site/torch/lib/libjitbackend_test.so" "$site/torch/lib/libtorchbind_test.so"'],
  },
  { id: 'cmake', title: 'CMake files of torch', safety: 'safe', breaks: ['building C++ programs against libtorch'], matches: (path) => path.startsWith('torch/share/'), commands: ['rm -rf "$site/torch/share"'] },
  {
    id: 'headers', title: 'C++ headers of torch and CUDA', safety: 'with-loss', breaks: ['torch.compile with inductor on a CPU', 'building C++ extensions'], matches: (path) => path.startsWith('torch/include/') || /^nvidia\/(?:[^/]+\/){1,2}include\//.test(path),
    commands: ['rm -rf "$site/torch/include"', '[ ! -d "$site/nvidia" ] || find "$site/nvidia" -mindepth 2 -maxdepth 3 -type d -name include -prune -exec rm -rf {} +'],
  },
  {
    id: 'static-libraries', title: 'static libraries', safety: 'with-loss', breaks: ['linking C++ programs', 'profiling of Triton kernels'], matches: (path) => /^(torch|nvidia|triton)\/.*\.a$/.test(path),
    commands: ['for folder in torch nvidia triton; do [ ! -d "$site/$folder" ] || find "$site/$folder" -type f -name "*.a" -delete; done'],
  },
  { id: 'inductor', since: '2.10.0', title: 'the compiler (torch._inductor, torch._dynamo)', safety: 'with-loss', breaks: ['optimizers (torch.optim)', 'torch.func', 'torch.export', 'torch.compile'], matches: (path) => /^torch\/(_inductor|_dynamo|_numpy)\//.test(path), commands: ['rm -rf "$site/torch/_inductor" "$site/torch/_dynamo" "$site/torch/_numpy"'] },
  { id: 'functorch', since: '2.10.0', title: 'functorch', safety: 'with-loss', breaks: ['torch.compile', 'import functorch'], matches: (path) => path.startsWith('functorch/'), commands: ['rm -rf "$site/functorch"'] },
  { id: 'onnx', since: '2.10.0', title: 'ONNX export', safety: 'with-loss', breaks: ['torch.onnx', 'torch.compile'], matches: (path) => path.startsWith('torch/onnx/'), commands: ['rm -rf "$site/torch/onnx"'] },
  { id: 'benchmark', title: 'benchmark and TensorBoard helpers', safety: 'with-loss', breaks: ['torch.utils.benchmark', 'torch.utils.tensorboard'], matches: (path) => /^torch\/utils\/(benchmark|tensorboard)\//.test(path), commands: ['rm -rf "$site/torch/utils/benchmark" "$site/torch/utils/tensorboard"'] },
  {
    id: 'package-tests', title: 'tests of the packages that torch requires', safety: 'safe', breaks: ['running those tests'], matches: (path) => TEST_FOLDERS.test(path),
    commands: ['for folder in sympy networkx mpmath numpy pandas scipy sklearn; do [ ! -d "$site/$folder" ] || find "$site/$folder" -type d -name tests -prune -exec rm -rf {} +; done'],
  },
  { id: 'triton', title: 'Triton', safety: 'cpu-only', breaks: ['torch.compile on a GPU'], matches: (path) => path.startsWith('triton/'), commands: ['rm -rf "$site/triton"'] },
  {
    id: 'gpu-linear-algebra', title: 'GPU libraries that are loaded on first use', safety: 'cpu-only', breaks: ['linear algebra on a GPU', 'kernels compiled at run time on a GPU'],
    matches: (path) => /^nvidia\/.*\/lib(cusolver|cusolverMg|cufftw|nvblas)\.so[.\d]*$/.test(path) || /^torch\/lib\/lib(torch_cuda_linalg|caffe2_nvrtc)\.so$/.test(path),
    commands: ['[ ! -d "$site/nvidia" ] || find "$site/nvidia" -type f \\( -name "libcusolver.so*" -o -name "libcusolverMg.so*" -o -name "libcufftw.so*" -o -name "libnvblas.so*" \\) -delete', 'rm -f "$site/torch/lib/libtorch_cuda_linalg.so" "$site/torch/lib/libcaffe2_nvrtc.so"'],
  },
  {
    id: 'stubs', title: 'type stubs', safety: 'safe', breaks: ['type checking against this installation'], matches: (path) => path.endsWith('.pyi'),
    commands: ['find "$site" -type f -name "*.pyi" -delete'],
  },
  {
    id: 'bytecode', title: 'compiled bytecode', safety: 'safe', breaks: ['nothing; Python writes it again unless PYTHONDONTWRITEBYTECODE=1 is set, and imports are slower without it'], matches: (path) => path.startsWith('__pycache__/') || path.includes('/__pycache__/'),
    commands: ['find "$site" -type d -name __pycache__ -prune -exec rm -rf {} +'],
  },
]

export interface Removal {
  readonly id: string
  readonly title: string
  readonly safety: SlimSafety
  readonly breaks: readonly string[]
  readonly bytes: number
  readonly files: number
  /** The folders and files that go, relative to site-packages, shortened to whole folders where everything in them goes. */
  readonly paths: readonly string[]
  readonly commands: readonly string[]
}

export interface SlimPlan {
  /** Largest first within each kind of safety: safe ones first. */
  readonly removals: readonly Removal[]
  /** Bytes of the safe removals together; a file that two of them hold counts once. */
  readonly safeBytes: number
  /** Bytes of all removals together. */
  readonly allBytes: number
}

const ORDER: readonly SlimSafety[] = ['safe', 'with-loss', 'cpu-only']

/** Collects files during a walk and says afterwards which could go. */
export class SlimPlanner {
  readonly #found = new Map<string, { bytes: number; files: number; paths: Set<string> }>()

  /** Bytes by the rules that would remove them (a bit for each), so that a file that several hold counts once. */
  readonly #together = new Map<number, number>()

  /** A file of the environment: its path relative to site-packages, and its bytes. */
  see(path: string, bytes: number): void {
    let mask = 0
    for (const [index, rule] of RULES.entries()) {
      if (!rule.matches(path)) continue
      let found = this.#found.get(rule.id)
      if (!found) this.#found.set(rule.id, found = { bytes: 0, files: 0, paths: new Set() })
      found.bytes += bytes
      found.files += 1
      found.paths.add(shortPath(rule.id, path))
      mask |= 1 << index
    }
    if (mask !== 0) this.#together.set(mask, (this.#together.get(mask) ?? 0) + bytes)
  }

  /** `isCudaBuild` says whether removals that only make sense on a machine without a GPU are offered. */
  plan(options: { readonly isCudaBuild: boolean; readonly torchVersion: string }): SlimPlan {
    const isOffered = (rule: RemovalRule) => (rule.since === undefined || (valid(options.torchVersion) !== null && ge(options.torchVersion, rule.since))) && (rule.safety !== 'cpu-only' || options.isCudaBuild)
    const offered = RULES.filter((rule) => this.#found.has(rule.id) && isOffered(rule))
    const removals = offered.map((rule): Removal => {
      const found = this.#found.get(rule.id)!
      return { id: rule.id, title: rule.title, safety: rule.safety, breaks: rule.breaks, bytes: found.bytes, files: found.files, paths: [...found.paths].sort(), commands: rule.commands }
    }).sort((a, b) => ORDER.indexOf(a.safety) - ORDER.indexOf(b.safety) || b.bytes - a.bytes)
    return { removals, safeBytes: this.#union(offered.filter(({ safety }) => safety === 'safe')), allBytes: this.#union(offered) }
  }

  /** Bytes that go when all of the rules are carried out. */
  #union(rules: readonly RemovalRule[]): number {
    const wanted = rules.reduce((mask, rule) => mask | (1 << RULES.indexOf(rule)), 0)
    return [...this.#together].reduce((bytes, [mask, held]) => bytes + ((mask & wanted) === 0 ? 0 : held), 0)
  }
}

/** The folder or pattern that stands for a file in the plan. */
function shortPath(id: string, path: string): string {
  switch (id) {
    case 'bytecode': return '**/__pycache__/'
    case 'stubs': return '**/*.pyi'
    case 'package-tests': return `${path.slice(0, path.indexOf('/'))}/**/tests/`
    case 'static-libraries': case 'gpu-linear-algebra': case 'torch-tools': case 'test-libraries': return path
    case 'headers': return `${path.slice(0, path.indexOf('/include/'))}/include/`
    default: {
      const parts = path.split('/')
      return id === 'functorch' || id === 'triton' ? `${parts[0]!}/` : id === 'benchmark' ? `${parts.slice(0, 3).join('/')}/` : `${parts.slice(0, 2).join('/')}/`
    }
  }
}

/** A POSIX shell script that carries out the plan: safe removals, the others as comments for a person to decide on. */
export function slimScript(plan: SlimPlan, sitePackages: string, formatBytes: (bytes: number) => string): string {
  const lines = ['#!/bin/sh', '# Removes parts of an installed PyTorch that running a model does not need. Read it before you run it.', 'set -eu', `site=\${1:-${quoted(sitePackages)}}`, 'test -d "$site/torch"', '']
  for (const removal of plan.removals) {
    const breaks = removal.breaks.length > 0 ? `; without it: ${removal.breaks.join(', ')}` : ''
    lines.push(`# ${removal.title}: ${formatBytes(removal.bytes)}, ${String(removal.files)} files${breaks}`)
    const prefix = removal.safety === 'safe' ? '' : '# '
    for (const command of removal.commands) lines.push(prefix + command)
    lines.push('')
  }
  return lines.join('\n')
}

/** The safe removals as one RUN line. Only in the same RUN as the installation does it make the image smaller. */
export function slimDockerfileRun(plan: SlimPlan): string {
  const commands = plan.removals.filter((removal) => removal.safety === 'safe').flatMap((removal) => removal.commands)
  if (commands.length === 0) return ''
  const site = `site="$(python3 -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')"`
  return `RUN ${[site, ...commands.map((command) => (/^(\[|for )/.test(command) ? `{ ${command}; }` : command))].join(' \\\n && ')}`
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`
}
