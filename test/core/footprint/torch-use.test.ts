import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { containerSign, fileTorchUse } from '../../../server/src/core/footprint/torch-signs.ts'
import { TorchUseState } from '../../../server/src/core/footprint/torch-use.ts'
import { createDiskFiles } from '../../../server/src/host/disk-files.ts'
import { createSourceReader } from '../../../server/src/host/source-reader.ts'

const head = 'import torch\n'
const signs = (code: string): string[] => fileTorchUse(head + code).signs.map(({ what }) => what)

describe('code that can reach a GPU', () => {
  test.each([
    ['model.cuda()'], ['model.to("cuda")'], ['x = x.to(device="cuda:1")'], ['device = torch.device("cuda" if torch.cuda.is_available() else "cpu")'],
    ['with torch.cuda.amp.autocast():\n    pass'], ['from torch.cuda.amp import GradScaler'], ['torch.cuda.set_device(0)'], ['model.to(args.device)'], ['model.to(cfg["device"])'],
    ['device = torch.device(sys.argv[1])'], ['DEVICE = os.environ["DEVICE"]'], ['device: str = os.getenv("DEVICE", "cpu")'], ['parser.add_argument("--device", default="cpu")'],
    ['parser.add_argument("--no-cuda", action="store_true")'], ['model.to(0)'], ['device = torch.accelerator.current_accelerator()'], ['net = torch.nn.DataParallel(net)'],
    ['dist.init_process_group("nccl")'], ['x = x.type("torch.cuda.FloatTensor")'], ['AutoModel.from_pretrained("x", device_map="auto")'], ['CUDAExtension("k", ["k.cu"])'],
    ['import ultralytics'], ['from sentence_transformers import SentenceTransformer'], ['from transformers import Trainer\nTrainer(model)'], ['os.environ["CUDA_VISIBLE_DEVICES"] = "0"'],
    ['torch.load("m.pt", map_location="cuda:0")'], ['try: import triton\nexcept ImportError: pass'], ['import os, triton'], ['import os, \\\n  triton'],
  ])('%s', (code) => { expect(signs(code)).not.toEqual([]) })
})

describe('code that cannot', () => {
  test.each([
    ['model.to("cpu")'], ['torch.cuda.is_available()'], ['if torch.cuda.is_available():\n    torch.cuda.empty_cache()'], ['# model.cuda()'], ['"""Runs model.cuda() and "cuda" where there is one."""'],
    ['torch.manual_seed(0); torch.cuda.manual_seed_all(0)'], ['if device.type == "cuda":\n    raise RuntimeError'], ['torch.load("m.pt", map_location={"cuda:0": "cpu"})'], ['from torch.cuda import is_available'],
    ['if str(x.device).startswith("cuda"): raise ValueError'], ['message = "no cuda here"'], ['os.environ["CUDA_VISIBLE_DEVICES"] = ""'], ['device = torch.device("cpu")\nmodel.to(device)'], ['x.to(torch.float16)'],
    ['"""\nimport triton\n"""'], ['doc = "--gpus are not used"'], ['from mine.triton import x'], ['x = important("triton")'], ['print("hint: import triton")'], ["print('a; import triton')"],
  ])('%s', (code) => { expect(signs(code)).toEqual([]) })

  test('the word in a file that has nothing to do with torch', () => {
    expect(fileTorchUse('NAMES = ["cuda", "gpu"]\n').signs).toEqual([])
  })
})

test('an import in a docstring is none, a later one in code is', () => {
  expect(fileTorchUse('"""\nimport torchaudio\n"""\n').imports).toEqual([])
  expect(fileTorchUse('"""\nimport torchaudio\n"""\nimport os, torchaudio\n').imports).toMatchObject([{ name: 'torchaudio' }])
})

test('containers that ask for a GPU', () => {
  for (const text of ['FROM nvidia/cuda:12.4.1-base\n', 'deploy:\n  resources:\n    reservations:\n      devices:\n        - driver: nvidia\n          capabilities: [gpu]\n', 'services:\n  a:\n    gpus: all\n', '{ "runArgs": ["--gpus", "all"] }', '    "--gpus=all"', '{"hostRequirements": {"gpu": "optional"}}', 'resources:\n  limits:\n    nvidia.com/gpu: 1\n']) expect(containerSign(text), text).toBeDefined()
  for (const text of ['FROM python:3.12-slim\n', '# FROM nvidia/cuda:12\nFROM python:3.12\n', 'services:\n  a:\n    image: x\n', '// "--gpus" is not used\n{}']) expect(containerSign(text), text).toBeUndefined()
})

describe('a folder on the disk', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'torch-use-'))
  afterAll(() => { fs.rmSync(root, { recursive: true }) })
  const write = (name: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.writeFileSync(path.join(root, name), text)
  }
  write('app.py', '\ufeffé = 1; import torch\nnames = ["torchaudio"]\n')
  write('sub/old.py', 'import torchvision\n')
  write('env/lib/site.py', 'import torch\nx.cuda()\n')
  write('env/pyvenv.cfg', '')
  write('gym/env/cart.py', 'import torchtext\n')
  write('generated/kernel.py', 'import torch\nx.cuda()\n')
  write('left/out.py', 'import torch\nx.cuda()\n')
  write('.gitignore', 'generated/\n')
  const open = new Map<string, string>()
  let reads = 0
  const disk = createSourceReader()
  const state = new TorchUseState(createDiskFiles(), { ...disk, read: (file, most) => { reads += 1; return disk.read(file, most) } }, (file) => open.get(file))
  const ask = () => state.of(root, ['left/'])

  test('is looked at without what is left out, and places are as an editor counts', () => {
    const use = ask()
    expect([...use.imports.keys()].sort()).toEqual(['torch', 'torchtext', 'torchvision'])
    expect(use).toMatchObject({ pythonFiles: 3, cuda: [], isComplete: true })
    expect(use.imports.get('torch')?.range.start).toEqual({ line: 0, character: 7 })
    expect(use.names('torchaudio')).toBe(true)
    expect(use.names('wandb')).toBe(false)
  })

  test('is not read again', () => {
    const before = reads
    ask()
    expect(reads).toBe(before)
  })

  test('follows an edit, which reads nothing', () => {
    const before = reads
    const file = path.join(root, 'sub/old.py')
    open.set(file, 'import torch\nx.cuda()\n')
    state.edited(file)
    expect(ask().cuda).toMatchObject([{ what: '`.cuda()`', place: { file, range: { start: { line: 1, character: 1 } } } }])
    expect(ask().imports.has('torchvision')).toBe(false)
    expect(reads).toBe(before)
    open.delete(file)
    state.edited(file)
    expect(ask().cuda).toEqual([])
  })

  test('sees what changed on the disk', () => {
    write('sub/new.py', 'import torch\nmodel.to("cuda")\n')
    fs.rmSync(path.join(root, 'gym'), { recursive: true })
    state.recheck()
    const use = ask()
    expect(use.cuda).toMatchObject([{ what: '`cuda` as a device' }])
    expect(use.imports.has('torchtext')).toBe(false)
  })
})
