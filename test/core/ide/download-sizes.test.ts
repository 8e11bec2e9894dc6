import { expect, it } from 'vitest'
import { downloadHints, downloadHover } from '../../../server/src/core/ide/download-sizes.ts'
import { findDownloads } from '../../../server/src/core/pretrained/find-downloads.ts'
import type { Facts } from '../../../server/src/core/rules/facts.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'

const parser = await startPythonParser(import.meta.dirname)

function factsOf(text: string): Facts {
  const source = parser.parse(text)
  return { source: () => source, downloads: () => findDownloads(source), settings: { units: 'decimal' } } as unknown as Facts
}

it('shows what a call downloads behind it, and where from on its name', () => {
  const facts = factsOf('from torchvision.models import resnet50\nmodel = resnet50(weights="DEFAULT")\n')
  expect(downloadHints(facts)).toMatchObject([{ kind: 'downloads', position: { line: 1, character: 35 }, label: 'downloads about 103 MB' }])
  expect(downloadHover(facts, { line: 1, character: 10 })?.markdown).toContain('ResNet50_Weights.IMAGENET1K_V2')
  expect(downloadHover(facts, { line: 1, character: 28 })).toBeUndefined()
})

it('has no hint for what is not known, but says why in the hover', () => {
  const facts = factsOf('import timm\nmodel = timm.create_model("resnet50", pretrained=True)\n')
  expect(downloadHints(facts)).toEqual([])
  expect(downloadHover(facts, { line: 1, character: 15 })?.markdown).toContain('timm states no sizes')
})
