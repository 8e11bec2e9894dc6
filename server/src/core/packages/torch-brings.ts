/**
 * What torch's Linux wheels require besides pure Python packages: NVIDIA's CUDA wheels and Triton, by release.
 * Sources: Requires-Dist of wheels, and uv.lock files of public repositories that record them (2026-10).
 */

/** Release line (`2.6`, or `2.9.1` where patches differ) -> what its default wheel on PyPI requires, as `name==version`. */
const LINES = `
1.13: nvidia-cublas-cu11==11.10.3.66 nvidia-cuda-nvrtc-cu11==11.7.99 nvidia-cuda-runtime-cu11==11.7.99 nvidia-cudnn-cu11==8.5.0.96
2.2: nvidia-cublas-cu12==12.1.3.1 nvidia-cuda-cupti-cu12==12.1.105 nvidia-cuda-nvrtc-cu12==12.1.105 nvidia-cuda-runtime-cu12==12.1.105 nvidia-nvtx-cu12==12.1.105 nvidia-cudnn-cu12==8.9.2.26 nvidia-cufft-cu12==11.0.2.54 nvidia-curand-cu12==10.3.2.106 nvidia-cusolver-cu12==11.4.5.107 nvidia-cusparse-cu12==12.1.0.106 nvidia-nccl-cu12==2.19.3 triton==2.2.0
2.4: nvidia-cublas-cu12==12.1.3.1 nvidia-cuda-cupti-cu12==12.1.105 nvidia-cuda-nvrtc-cu12==12.1.105 nvidia-cuda-runtime-cu12==12.1.105 nvidia-nvtx-cu12==12.1.105 nvidia-cudnn-cu12==9.1.0.70 nvidia-cufft-cu12==11.0.2.54 nvidia-curand-cu12==10.3.2.106 nvidia-cusolver-cu12==11.4.5.107 nvidia-cusparse-cu12==12.1.0.106 nvidia-nccl-cu12==2.20.5 triton==3.0.0
2.5: nvidia-cublas-cu12==12.4.5.8 nvidia-cuda-cupti-cu12==12.4.127 nvidia-cuda-nvrtc-cu12==12.4.127 nvidia-cuda-runtime-cu12==12.4.127 nvidia-nvtx-cu12==12.4.127 nvidia-nvjitlink-cu12==12.4.127 nvidia-cudnn-cu12==9.1.0.70 nvidia-cufft-cu12==11.2.1.3 nvidia-curand-cu12==10.3.5.147 nvidia-cusolver-cu12==11.6.1.9 nvidia-cusparse-cu12==12.3.1.170 nvidia-nccl-cu12==2.21.5 triton==3.1.0
2.6: nvidia-cublas-cu12==12.4.5.8 nvidia-cuda-cupti-cu12==12.4.127 nvidia-cuda-nvrtc-cu12==12.4.127 nvidia-cuda-runtime-cu12==12.4.127 nvidia-nvtx-cu12==12.4.127 nvidia-nvjitlink-cu12==12.4.127 nvidia-cudnn-cu12==9.1.0.70 nvidia-cufft-cu12==11.2.1.3 nvidia-curand-cu12==10.3.5.147 nvidia-cusolver-cu12==11.6.1.9 nvidia-cusparse-cu12==12.3.1.170 nvidia-cusparselt-cu12==0.6.2 nvidia-nccl-cu12==2.21.5 triton==3.2.0
2.7: nvidia-cublas-cu12==12.6.4.1 nvidia-cuda-cupti-cu12==12.6.80 nvidia-cuda-nvrtc-cu12==12.6.77 nvidia-cuda-runtime-cu12==12.6.77 nvidia-nvtx-cu12==12.6.77 nvidia-cudnn-cu12==9.5.1.17 nvidia-cufft-cu12==11.3.0.4 nvidia-cufile-cu12==1.11.1.6 nvidia-curand-cu12==10.3.7.77 nvidia-cusolver-cu12==11.7.1.2 nvidia-cusparse-cu12==12.5.4.2 nvidia-cusparselt-cu12==0.6.3 nvidia-nccl-cu12==2.26.2 nvidia-nvjitlink-cu12==12.6.85 triton==3.3.0
2.8: nvidia-cublas-cu12==12.8.4.1 nvidia-cuda-cupti-cu12==12.8.90 nvidia-cuda-nvrtc-cu12==12.8.93 nvidia-cuda-runtime-cu12==12.8.90 nvidia-nvtx-cu12==12.8.90 nvidia-nvjitlink-cu12==12.8.93 nvidia-cudnn-cu12==9.10.2.21 nvidia-cufft-cu12==11.3.3.83 nvidia-cufile-cu12==1.13.1.3 nvidia-curand-cu12==10.3.9.90 nvidia-cusolver-cu12==11.7.3.90 nvidia-cusparse-cu12==12.5.8.93 nvidia-cusparselt-cu12==0.7.1 nvidia-nccl-cu12==2.27.3 triton==3.4.0
2.9: nvidia-cublas-cu12==12.8.4.1 nvidia-cuda-cupti-cu12==12.8.90 nvidia-cuda-nvrtc-cu12==12.8.93 nvidia-cuda-runtime-cu12==12.8.90 nvidia-nvtx-cu12==12.8.90 nvidia-nvjitlink-cu12==12.8.93 nvidia-cudnn-cu12==9.10.2.21 nvidia-cufft-cu12==11.3.3.83 nvidia-cufile-cu12==1.13.1.3 nvidia-curand-cu12==10.3.9.90 nvidia-cusolver-cu12==11.7.3.90 nvidia-cusparse-cu12==12.5.8.93 nvidia-cusparselt-cu12==0.7.1 nvidia-nccl-cu12==2.27.5 nvidia-nvshmem-cu12==3.3.20 triton==3.5.1
2.10: nvidia-cublas-cu12==12.8.4.1 nvidia-cuda-cupti-cu12==12.8.90 nvidia-cuda-nvrtc-cu12==12.8.93 nvidia-cuda-runtime-cu12==12.8.90 nvidia-nvtx-cu12==12.8.90 nvidia-nvjitlink-cu12==12.8.93 nvidia-cudnn-cu12==9.10.2.21 nvidia-cufft-cu12==11.3.3.83 nvidia-cufile-cu12==1.13.1.3 nvidia-curand-cu12==10.3.9.90 nvidia-cusolver-cu12==11.7.3.90 nvidia-cusparse-cu12==12.5.8.93 nvidia-cusparselt-cu12==0.7.1 nvidia-nccl-cu12==2.27.5 nvidia-nvshmem-cu12==3.4.5 cuda-bindings==12.9.4 triton==3.6.0
2.11: ${toolkit('13.1.0.3', '13.0.88')} cuda-bindings==13.2.0 nvidia-cudnn-cu13==9.19.0.56 nvidia-cusparselt-cu13==0.8.0 nvidia-nccl-cu13==2.28.9 nvidia-nvshmem-cu13==3.4.5 triton==3.6.0
2.12: ${toolkit('13.1.1.3', '13.0.88')} cuda-bindings==13.2.0 nvidia-cudnn-cu13==9.20.0.48 nvidia-cusparselt-cu13==0.8.1 nvidia-nccl-cu13==2.29.7 nvidia-nvshmem-cu13==3.4.5 triton==3.7.1
2.13: ${toolkit('13.1.1.3', '13.3.33')} cuda-bindings==13.3.1 nvidia-cudnn-cu13==9.20.0.48 nvidia-cusparselt-cu13==0.8.1 nvidia-nccl-cu13==2.29.7 nvidia-nvshmem-cu13==3.4.5 triton==3.7.1
2.14: ${toolkit('13.1.1.3', '13.4.92')} cuda-bindings==13.3.1 nvidia-cudnn-cu13==9.24.0.43 nvidia-cusparselt-cu13==0.8.1 nvidia-nccl-cu13==2.30.7 nvidia-nvshmem-cu13==3.4.5 triton==3.8.0
2.15: cuda-toolkit==13.2.2 nvidia-cublas==13.4.1.3 nvidia-cuda-runtime==13.2.86 nvidia-cufft==12.2.0.57 nvidia-cufile==1.17.1.22 nvidia-cuda-cupti==13.2.86 nvidia-cusolver==12.2.0.11 nvidia-cusparse==12.7.10.12 nvidia-nvjitlink==13.5.37 nvidia-cuda-nvrtc==13.2.86 nvidia-nvtx==13.2.86 cuda-bindings==13.5.0 nvidia-cudnn-cu13==9.26.0.51 nvidia-cusparselt-cu13==0.8.1 nvidia-nccl-cu13==2.30.7 nvidia-nvshmem-cu13==3.7.2 triton==3.9.0
`

/** From 2.11 the CUDA libraries come through the meta package cuda-toolkit, which pulls wheels without a suffix. */
function toolkit(cublas: string, nvjitlink: string): string {
  return `cuda-toolkit==13.0.2 nvidia-cublas==${cublas} nvidia-cuda-runtime==13.0.96 nvidia-cufft==12.0.0.61 nvidia-cufile==1.15.1.6 nvidia-cuda-cupti==13.0.85 nvidia-curand==10.4.0.35 nvidia-cusolver==12.0.4.66 nvidia-cusparse==12.6.3.3 nvidia-nvjitlink==${nvjitlink} nvidia-cuda-nvrtc==13.0.88 nvidia-nvtx==13.0.85`
}

export interface BroughtPackage {
  readonly key: string
  readonly version: string
}

const BY_LINE: ReadonlyMap<string, readonly BroughtPackage[]> = new Map(LINES.trim().split('\n').map((line) => {
  const colon = line.indexOf(':')
  const packages = line.slice(colon + 1).trim().split(/\s+/).map((pin): BroughtPackage => {
    const [key, version] = pin.split('==') as [string, string]
    return { key, version }
  })
  return [line.slice(0, colon), packages]
}))

/** Release lines whose own pins are not listed, and the line with the same CUDA libraries that stands for them (NCCL and Triton differ by a patch). */
const STANDS_FOR: ReadonlyMap<string, string> = new Map([['2.1', '2.2'], ['2.3', '2.2']])

/** What the default wheel of that release requires on Linux x86_64, beyond pure Python; `undefined` when it is not known. */
export function broughtBy(version: string): readonly BroughtPackage[] | undefined {
  const [major = '', minor = ''] = version.split('+')[0]!.split('.')
  // Wheels up to 1.12 carry their CUDA libraries inside.
  if (Number(major) < 1 || (major === '1' && Number(minor) <= 12)) return []
  const line = `${major}.${minor}`
  return BY_LINE.get(STANDS_FOR.get(line) ?? line)
}

/** Pure Python packages that every torch of the 2.x line requires, with those that they require in turn. */
export const pureRequirements: readonly string[] = ['filelock', 'typing-extensions', 'sympy', 'mpmath', 'networkx', 'jinja2', 'markupsafe', 'fsspec']
