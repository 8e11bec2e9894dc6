/** The names under which a version of torch or torchao offers its quantization calls. Data and its lookup, nothing else. */

import { isAtLeast, parseTorchRelease } from '../serialize/torch-release.ts'

/** `torch.quantization` holds them from 1.3; the code moved to `torch.ao.quantization` in 1.10, the old name stays an alias. */
export function quantizationApi(call: 'quantize_dynamic' | 'convert', torchVersion: string): { readonly name: string } | { readonly missing: string } {
  const release = parseTorchRelease(torchVersion)
  if (!release) return { missing: `\`${torchVersion}\` is not a version of torch` }
  if (!isAtLeast(release, 1, 3)) return { missing: `torch ${torchVersion} cannot quantize; 1.3 is the first that can` }
  return { name: isAtLeast(release, 1, 10) ? `torch.ao.quantization.${call}` : `torch.quantization.${call}` }
}

/** torchao's `quantize_`, in place. Its wheels are for torch 2.4 and newer. */
export function torchaoApi(torchVersion: string): { readonly name: string } | { readonly missing: string } {
  const release = parseTorchRelease(torchVersion)
  if (!release) return { missing: `\`${torchVersion}\` is not a version of torch` }
  if (!isAtLeast(release, 2, 4)) return { missing: `torchao needs torch 2.4 or newer, not ${torchVersion}` }
  return { name: 'torchao.quantization.quantize_' }
}
