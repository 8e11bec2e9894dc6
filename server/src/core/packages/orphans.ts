/** CUDA packages that nothing installed needs: left over after a switch to the CPU build or to another CUDA. */

import { isAcceleratorPackage } from './categories.ts'
import { closureOfAll } from './closure.ts'
import type { InstalledEnvironment } from './environment.ts'

export interface Orphan {
  readonly key: string
  readonly why: string
}

/** Installed packages that load CUDA libraries without declaring them: where one is installed, a library that somebody asked for is not called an orphan. */
const SILENT_USERS = /^(onnxruntime-gpu|onnxruntime|cupy.*|tensorflow.*|jax.*|paddlepaddle.*|numba.*|ctranslate2|faster-whisper|vllm|tensorrt.*|nvidia-dali.*|mxnet.*|cudf.*|rmm.*)$/

/** The orphans, by name; `torchVersion` is the full version of the installed torch, for the explanation. */
export function findOrphans(environment: InstalledEnvironment, torchVersion: string | undefined): readonly Orphan[] {
  const accelerators = [...environment.distributions.values()].filter((distribution) => isAcceleratorPackage(distribution.key))
  if (accelerators.length === 0) return []
  const others = [...environment.distributions.values()].filter((distribution) => !isAcceleratorPackage(distribution.key))
  // With every extra: whether `tensorflow[and-cuda]` was installed with its extra is not recorded anywhere.
  const reached = new Set(closureOfAll(environment, others.map((distribution) => ({ key: distribution.key, extras: distribution.extras }))).keys)
  const silentUser = others.find((distribution) => SILENT_USERS.test(distribution.key))
  const owner = torchVersion === undefined ? 'torch is not installed' : `torch ${torchVersion} does not require it`
  return accelerators
    .filter((distribution) => !reached.has(distribution.key) && !silentUser)
    .map((distribution) => ({
      key: distribution.key,
      why: `no installed package requires it; ${owner}${distribution.requested ? ' (it was asked for by name)' : ''}`,
    }))
    .sort((a, b) => a.key.localeCompare(b.key))
}
