/** Losses of torch.nn as Python source, most of them written from one line each; handed out by layers.ts. */

const WEIGHTED_LOSSES: readonly (readonly [string, string])[] = [
  ['NLLLoss', 'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean"'],
  ['BCELoss', 'weight=None, size_average=None, reduce=None, reduction="mean"'],
  ['MultiLabelSoftMarginLoss', 'weight=None, size_average=None, reduce=None, reduction="mean"'],
  ['CrossEntropyLoss', 'weight=None, size_average=None, ignore_index=-100, reduce=None, reduction="mean", label_smoothing=0.0'],
]

const PLAIN_LOSSES: readonly (readonly [string, string])[] = [
  ['L1Loss', 'size_average=None, reduce=None, reduction="mean"'],
  ['MSELoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['SmoothL1Loss', 'size_average=None, reduce=None, reduction="mean", beta=1.0'],
  ['HuberLoss', 'reduction="mean", delta=1.0'],
  ['KLDivLoss', 'size_average=None, reduce=None, reduction="mean", log_target=False'],
  ['PoissonNLLLoss', 'log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, reduction="mean"'],
  ['GaussianNLLLoss', '*, full=False, eps=1e-6, reduction="mean"'],
  ['CTCLoss', 'blank=0, reduction="mean", zero_infinity=False'],
  ['HingeEmbeddingLoss', 'margin=1.0, size_average=None, reduce=None, reduction="mean"'],
  ['MultiLabelMarginLoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['SoftMarginLoss', 'size_average=None, reduce=None, reduction="mean"'],
  ['CosineEmbeddingLoss', 'margin=0.0, size_average=None, reduce=None, reduction="mean"'],
  ['MarginRankingLoss', 'margin=0.0, size_average=None, reduce=None, reduction="mean"'],
  ['TripletMarginLoss', 'margin=1.0, p=2.0, eps=1e-6, swap=False, size_average=None, reduce=None, reduction="mean"'],
]

function lossClass(name: string, base: string, signature: string): string {
  const names = signature.split(',').map((argument) => argument.split('=')[0]!.trim()).filter((argument) => argument !== '*')
  const own = names.filter((argument) => !['weight', 'size_average', 'reduce', 'reduction'].includes(argument))
  const passed = base === '_WeightedLoss' ? 'weight, size_average, reduce, reduction' : names.includes('size_average') ? 'size_average, reduce, reduction' : 'reduction=reduction'
  return [`class ${name}(${base}):`, `    def __init__(self, ${signature}):`, `        super().__init__(${passed})`, ...own.map((argument) => `        self.${argument} = ${argument}`)].join('\n')
}

export const LOSS = String.raw`
import torch
from .module import Module
from .distance import PairwiseDistance

class _Loss(Module):
    def __init__(self, size_average=None, reduce=None, reduction='mean'):
        super().__init__()
        self.reduction = reduction

class _WeightedLoss(_Loss):
    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)

${WEIGHTED_LOSSES.map(([name, signature]) => lossClass(name, '_WeightedLoss', signature)).join('\n')}
${PLAIN_LOSSES.map(([name, signature]) => lossClass(name, '_Loss', signature)).join('\n')}

class TripletMarginWithDistanceLoss(_Loss):
    def __init__(self, *, distance_function=None, margin=1.0, swap=False, reduction='mean'):
        super().__init__(reduction=reduction)
        self.distance_function = distance_function if distance_function is not None else PairwiseDistance()
        self.margin = margin
        self.swap = swap

class NLLLoss2d(NLLLoss):
    pass

class BCEWithLogitsLoss(_Loss):
    def __init__(self, weight=None, size_average=None, reduce=None, reduction='mean', pos_weight=None):
        super().__init__(size_average, reduce, reduction)
        self.register_buffer('weight', weight)
        self.register_buffer('pos_weight', pos_weight)

class MultiMarginLoss(_WeightedLoss):
    def __init__(self, p=1, margin=1.0, weight=None, size_average=None, reduce=None, reduction='mean'):
        super().__init__(weight, size_average, reduce, reduction)
        if p != 1 and p != 2:
            raise ValueError('only p == 1 and p == 2 supported')
        if weight is not None and weight.dim() != 1:
            raise ValueError('weight must be one-dimensional')
        self.p = p
        self.margin = margin
`
