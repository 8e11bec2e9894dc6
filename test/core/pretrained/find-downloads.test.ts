import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findDownloads, type DownloadContext } from '../../../server/src/core/pretrained/find-downloads.ts'
import { hubCacheFolder, torchCheckpointsFolder } from '../../../server/src/core/pretrained/weight-caches.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from '../layers/memory-files.ts'

const parser = await startPythonParser(import.meta.dirname)

function labels(text: string, context?: DownloadContext): readonly string[] {
  return findDownloads(parser.parse(text), context).map(({ label, bytes }) => `${label} ${bytes.certainty} ${String(bytes.value)}`)
}

function context(texts: Record<string, string>, variables: Record<string, string> = {}): DownloadContext {
  return { files: memoryFiles(new Map(Object.entries(texts))), environment: { variables, home: '/home/me' } }
}

const oracle = JSON.parse(readFileSync(new URL('../../oracle/pretrained/torchvision-weights.oracle.json', import.meta.url), 'utf8')) as {
  models: Record<string, { default: string | null, legacy: string | null, bare: string | null }>
}

describe('torchvision asks for the same weights', () => {
  for (const [model, asked] of Object.entries(oracle.models)) {
    it(model, () => {
      const isQuantized = model.startsWith('quantized_')
      const name = (value: string | null) => (value === null || value.endsWith('Error') ? [] : [value])
      const found = (call: string) => findDownloads(parser.parse(`import torchvision\n${call}\n`)).map(({ label }) => label)
      const builder = isQuantized ? `torchvision.models.quantization.${model.slice('quantized_'.length)}` : `torchvision.models.${model}`
      const extra = isQuantized ? ', quantize=True' : ''
      expect(found(`${builder}(weights='DEFAULT'${extra})`)).toEqual(name(asked.default))
      expect(found(`${builder}(pretrained=True${extra})`)).toEqual(name(asked.legacy))
      if (!isQuantized) {
        expect(found(`${builder}()`)).toEqual(name(asked.bare))
        expect(found(`torchvision.models.get_model('${model}', weights='DEFAULT')`)).toEqual(name(asked.default))
      }
    })
  }
})

describe('findDownloads', () => {
  it('reads weights in every spelling', () => {
    const calls = ['weights="IMAGENET1K_V2"', 'weights=ResNet50_Weights.IMAGENET1K_V2', 'weights=models.ResNet50_Weights["IMAGENET1K_V2"]', 'weights=WANTED', 'weights="ResNet50_Weights.IMAGENET1K_V2"', 'weights=ResNet50_Weights.DEFAULT']
    for (const call of calls) {
      expect(labels(`from torchvision import models\nfrom torchvision.models import resnet50 as net, ResNet50_Weights\nWANTED = "IMAGENET1K_V2"\nm = net(${call})\n`))
        .toEqual([`ResNet50_Weights.IMAGENET1K_V2 estimate ${String(Math.round(97.79 * 1024 * 1024))}`])
    }
  })

  it('says nothing where nothing is downloaded', () => {
    expect(labels(`import timm, torchvision.models as M\nfrom transformers import AutoModel, AutoTokenizer, BertConfig\nfrom mine import resnet18\nM.resnet50()\nM.resnet50(weights=None)\nM.resnet50(pretrained=False)
M.get_model("vit_b_16", weights=None)\nM.detection.fasterrcnn_resnet50_fpn(weights=None, weights_backbone=None)\ntimm.create_model("vit", pretrained=False)\ntimm.create_model("vit")
AutoTokenizer.from_pretrained("x")\nAutoModel.from_pretrained("./here")\nresnet18(pretrained=True)\nresnet34(pretrained=True)\nM.resnet18_of_mine(weights="DEFAULT")\n`)).toEqual([])
  })

  it('is unknown, with its reason, where the source does not say', () => {
    const found = findDownloads(parser.parse(`import torch, timm, torchvision\nfrom transformers import AutoModel\nw = pick()\ntorchvision.models.resnet50(weights=w)\ntorchvision.models.resnet50(pretrained=args.pretrained)
torch.hub.load("someone/repo", "net")\ntimm.create_model("resnet50", pretrained=True)\nAutoModel.from_pretrained(args.model)\nAutoModel.from_pretrained("bert-base-uncased")\n`))
    expect(found.map(({ library, bytes }) => `${library} ${bytes.certainty}`)).toEqual(['torchvision unknown', 'torchvision unknown', 'torch.hub unknown', 'timm unknown', 'transformers unknown', 'transformers unknown'])
    for (const { bytes } of found) expect(bytes.reason).not.toBe('')
  })

  it('knows the repository of torchvision in torch.hub, and plain addresses', () => {
    expect(labels('import torch\ntorch.hub.load("pytorch/vision:v0.10.0", "resnet18", pretrained=True)\n')).toEqual([`ResNet18_Weights.IMAGENET1K_V1 estimate ${String(Math.round(44.661 * 1024 * 1024))}`])
    expect(labels('from torch.hub import load_state_dict_from_url as load\nload("https://example.org/a/net-1.pth?x=1")\n')).toEqual(['net-1.pth unknown null'])
  })

  it('takes the real bytes of what is cached', () => {
    const cached = context({
      '/home/me/.cache/torch/hub/checkpoints/resnet18-f37072fd.pth': 'x'.repeat(12),
      '/home/me/.cache/torch/hub/checkpoints/net-1.pth': 'abc',
      '/home/me/.cache/huggingface/hub/models--google--bert/refs/main': 'abc123\n',
      '/home/me/.cache/huggingface/hub/models--google--bert/snapshots/abc123/model.safetensors.index.json': '{"weight_map": {"a": "m-1.safetensors", "b": "m-2.safetensors", "c": "m-1.safetensors"}}',
      '/home/me/.cache/huggingface/hub/models--google--bert/snapshots/abc123/m-1.safetensors': '12345',
      '/home/me/.cache/huggingface/hub/models--google--bert/snapshots/abc123/m-2.safetensors': '123',
    })
    expect(labels('import torchvision\nfrom torch import hub\nfrom transformers import AutoModel\ntorchvision.models.resnet18(pretrained=True)\nhub.load_state_dict_from_url("https://e.org/net-1.pth")\nAutoModel.from_pretrained("google/bert")\n', cached))
      .toEqual(['ResNet18_Weights.IMAGENET1K_V1 exact 12', 'net-1.pth exact 3', 'google/bert exact 8'])
  })

  it('never leaves the cache folder', () => {
    const cached = context({ '/etc/passwd': 'secret', '/home/me/.cache/huggingface/hub/models--a/refs/main': '../../../../../../etc', '/etc/model.safetensors': 'secret' })
    expect(labels('from transformers import AutoModel\nAutoModel.from_pretrained("a")\nAutoModel.from_pretrained("a/../../etc")\n', cached)).toEqual(['a unknown null', 'a/../../etc unknown null'])
  })

  it('reads the folders from the environment as the libraries do', () => {
    const at = (variables: Record<string, string>) => ({ variables, home: '/home/me' })
    expect(torchCheckpointsFolder(at({}))).toBe('/home/me/.cache/torch/hub/checkpoints')
    expect(torchCheckpointsFolder(at({ XDG_CACHE_HOME: '/c' }))).toBe('/c/torch/hub/checkpoints')
    expect(torchCheckpointsFolder(at({ TORCH_HOME: '~/t', XDG_CACHE_HOME: '/c' }))).toBe('/home/me/t/hub/checkpoints')
    expect(hubCacheFolder(at({ HF_HOME: '/h' }))).toBe('/h/hub')
    expect(hubCacheFolder(at({ HF_HOME: '/h', HF_HUB_CACHE: '/x' }))).toBe('/x')
    expect(hubCacheFolder(at({ HUGGINGFACE_HUB_CACHE: '/y', HF_HUB_CACHE: '' }))).toBe('/y')
  })
})
