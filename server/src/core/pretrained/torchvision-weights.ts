/**
 * Which weights a torchvision call downloads: by name of the model, by `weights=`, by `pretrained=` and by the backbone
 * that detection and segmentation models fetch on their own. Data and lookups; knows nothing of syntax.
 * Source: torchvision 0.28.0 (`handle_legacy_interface`, `get_model_weights`, signatures of the builders).
 */

import { TORCHVISION_WEIGHTS } from './generated/torchvision-weights.ts'

export interface KnownWeights {
  readonly model: string
  /** `ResNet50_Weights.IMAGENET1K_V2`. */
  readonly name: string
  readonly member: string
  readonly parameters: number
  /** torchvision's own figure, rounded to a thousandth of a MiB. */
  readonly bytes: number
  /** The name that the file gets in the cache. */
  readonly file: string
  readonly url: string
}

const MEBIBYTE = 1024 * 1024

const ALL: readonly KnownWeights[] = TORCHVISION_WEIGHTS.map(([model, group, member, parameters, mebibytes, path]) => ({
  model, name: `${group}.${member}`, member, parameters, bytes: Math.round(mebibytes * MEBIBYTE),
  file: path.slice(path.lastIndexOf('/') + 1), url: `https://download.pytorch.org/models/${path}`,
}))

const BY_MODEL = new Map<string, KnownWeights[]>()
const BY_NAME = new Map<string, KnownWeights>()
for (const weights of ALL) {
  BY_NAME.set(weights.name, weights)
  const same = BY_MODEL.get(weights.model)
  if (same) same.push(weights)
  else BY_MODEL.set(weights.model, [weights])
}

/** Members that are DEFAULT although their name does not end in the highest number. */
const DEFAULTS = new Map([
  ['regnet_y_128gf', 'IMAGENET1K_SWAG_E2E_V1'], ['vit_h_14', 'IMAGENET1K_SWAG_E2E_V1'],
  ['raft_large', 'C_T_SKHT_V2'], ['raft_small', 'C_T_V2'], ['keypointrcnn_resnet50_fpn', 'COCO_V1'],
])

/** What `pretrained=True` meant where it was not the first version. */
const LEGACY = new Map([['raft_large', 'C_T_SKHT_V2'], ['raft_small', 'C_T_V2'], ['keypointrcnn_resnet50_fpn', 'COCO_V1']])

/** torchvision raises for `pretrained=True` of these. */
const WITHOUT_LEGACY = new Set(['regnet_y_128gf', 'vit_h_14'])

/** The weights of the backbone that a model downloads when it is built without weights of its own. */
const BACKBONES = new Map([
  ...['fasterrcnn_resnet50_fpn', 'maskrcnn_resnet50_fpn', 'keypointrcnn_resnet50_fpn', 'retinanet_resnet50_fpn', 'fcos_resnet50_fpn', 'fcn_resnet50', 'deeplabv3_resnet50'].map((model) => [model, 'ResNet50_Weights.IMAGENET1K_V1'] as const),
  ...['fasterrcnn_mobilenet_v3_large_fpn', 'fasterrcnn_mobilenet_v3_large_320_fpn', 'ssdlite320_mobilenet_v3_large', 'deeplabv3_mobilenet_v3_large', 'lraspp_mobilenet_v3_large'].map((model) => [model, 'MobileNet_V3_Large_Weights.IMAGENET1K_V1'] as const),
  ...['fcn_resnet101', 'deeplabv3_resnet101'].map((model) => [model, 'ResNet101_Weights.IMAGENET1K_V1'] as const),
  ['ssd300_vgg16', 'VGG16_Weights.IMAGENET1K_FEATURES'] as const,
])

/** Whether torchvision has weights for a model of this name. */
export function isTorchvisionModel(model: string): boolean {
  return BY_MODEL.has(model)
}

/** `DEFAULT`, `IMAGENET1K_V2` or `ResNet50_Weights.IMAGENET1K_V2`, for a model; `undefined` for no such weights. */
export function weightsOf(model: string, selection: string): KnownWeights | undefined {
  const dot = selection.indexOf('.')
  const member = selection.slice(dot + 1)
  const candidates = dot < 0 ? BY_MODEL.get(model) ?? [] : ALL.filter(({ name }) => name.startsWith(selection.slice(0, dot + 1)))
  if (member !== 'DEFAULT') return candidates.find((weights) => weights.member === member)
  const named = candidates[0] && DEFAULTS.get(candidates[0].model)
  if (named !== undefined) return candidates.find((weights) => weights.member === named)
  return candidates.find((weights) => /(^|_)(IMAGENET1K|FBGEMM|KINETICS400|COCO|LABELS)_V2$/.test(weights.member)) ?? candidates[0]
}

/** What `pretrained=True` downloads; `undefined` where torchvision raises, or knows no such model. */
export function legacyWeightsOf(model: string): KnownWeights | undefined {
  if (WITHOUT_LEGACY.has(model)) return undefined
  const candidates = BY_MODEL.get(model) ?? []
  const named = LEGACY.get(model)
  return candidates.find(({ member }) => (named === undefined ? member.endsWith('_V1') && !member.includes('SWAG') : member === named))
}

/** The backbone's weights that a model without weights downloads unless `weights_backbone=None` is given. */
export function backboneWeightsOf(model: string): KnownWeights | undefined {
  const name = BACKBONES.get(model)
  return name === undefined ? undefined : BY_NAME.get(name)
}
