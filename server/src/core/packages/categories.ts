/** What kind of thing an installed distribution is, for grouping in tables and in the sidebar. */

export type PackageCategory = 'torch' | 'cuda' | 'triton' | 'vision' | 'audio' | 'text' | 'training' | 'numeric' | 'tooling' | 'other'

const BY_KEY = new Map<string, PackageCategory>()
const LISTS: readonly (readonly [PackageCategory, string])[] = [
  ['torch', 'torch pytorch torchao torchdata torchtnt torchmetrics torchcodec functorch safetensors executorch'],
  ['triton', 'triton pytorch-triton pytorch-triton-rocm pytorch-triton-xpu triton-rocm triton-xpu triton-windows'],
  ['vision', 'torchvision timm pillow opencv-python opencv-python-headless opencv-contrib-python scikit-image kornia albumentations easyocr ultralytics segmentation-models-pytorch imageio'],
  ['audio', 'torchaudio librosa soundfile audioread openai-whisper speechbrain'],
  ['text', 'torchtext transformers tokenizers sentencepiece sentence-transformers tiktoken spacy nltk huggingface-hub hf-xet'],
  ['training', 'lightning pytorch-lightning lightning-utilities accelerate datasets tensorboard wandb peft deepspeed optuna bitsandbytes mlflow evaluate'],
  ['numeric', 'numpy scipy pandas sympy mpmath networkx scikit-learn numba llvmlite matplotlib pyarrow'],
  ['tooling', 'pip setuptools wheel pkg-resources build uv poetry pytest ruff mypy ipython jupyter'],
]
for (const [category, keys] of LISTS) for (const key of keys.split(' ')) BY_KEY.set(key, category)

/** The category of a distribution, by the normal form of its name. */
export function categoryOf(key: string): PackageCategory {
  const known = BY_KEY.get(key)
  if (known) return known
  return isCudaPackage(key) ? 'cuda' : 'other'
}

/** NVIDIA's CUDA libraries as wheels, under both of their naming schemes. Tools that only talk to the driver are none. */
export function isCudaPackage(key: string): boolean {
  if (key === 'nvidia-ml-py' || key === 'nvidia-ml-py3' || key === 'nvidia-smi') return false
  return /^nvidia-/.test(key) || /^cuda-(bindings|pathfinder|toolkit|python|core)$/.test(key)
}

/** Packages that exist for a GPU only: CUDA libraries and Triton. */
export function isAcceleratorPackage(key: string): boolean {
  return isCudaPackage(key) || categoryOf(key) === 'triton'
}
