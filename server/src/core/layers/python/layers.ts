/**
 * The layers of torch.nn that hold tensors, as Python classes of our own: constructor signatures in PyTorch's order with
 * its defaults, its checks where they decide between a layer and an exception, its names and shapes. Evaluated by the same
 * engine as the user's source, so that subclassing, overriding and keyword forms follow Python's own rules.
 *
 * `_since(major, minor)` asks for the torch version in force; `_unknown(reason)` ends in Unknown.
 * Sources of names, shapes and versions: the oracle under test/oracle/layers (1.13.1, 2.6.0, 2.13.0).
 */

import { ACTIVATION, ADAPTIVE, TRANSFORMER } from './attention-source.ts'
import { CONV, LAZY, LINEAR, MODULES_UTILS } from './dense-source.ts'
import { LOSS } from './loss-source.ts'
import { BATCHNORM, INSTANCENORM, NORMALIZATION } from './norm-source.ts'
import { RNN, SPARSE } from './recurrent-source.ts'
import { plainLayerSource } from './plain-layers.ts'

const FLATTEN = String.raw`
from .module import Module

class Flatten(Module):
    def __init__(self, start_dim=1, end_dim=-1):
        super().__init__()
        self.start_dim = start_dim
        self.end_dim = end_dim
    def forward(self, input):
        return input.flatten(self.start_dim, self.end_dim)

class Unflatten(Module):
    def __init__(self, dim, unflattened_size):
        super().__init__()
        if not isinstance(unflattened_size, (tuple, list)):
            raise TypeError('unflattened_size must be a tuple')
        self.dim = dim
        self.unflattened_size = unflattened_size
`

const FROM_MODULE = 'import torch\nfrom .module import Module\n'

/** Python source by module name. */
export const LAYER_SOURCES: ReadonlyMap<string, string> = new Map<string, string>([
  ['torch.nn.modules.utils', MODULES_UTILS],
  ['torch.nn.modules.lazy', LAZY],
  ['torch.nn.modules.linear', LINEAR],
  ['torch.nn.modules.conv', CONV],
  ['torch.nn.modules.batchnorm', BATCHNORM],
  ['torch.nn.modules.instancenorm', INSTANCENORM],
  ['torch.nn.modules.normalization', NORMALIZATION],
  ['torch.nn.modules.rnn', RNN],
  ['torch.nn.modules.sparse', SPARSE],
  ['torch.nn.modules.activation', ACTIVATION + plainLayerSource('torch.nn.modules.activation')],
  ['torch.nn.modules.transformer', TRANSFORMER],
  ['torch.nn.modules.adaptive', ADAPTIVE],
  ['torch.nn.modules.flatten', FLATTEN],
  ['torch.nn.modules.loss', LOSS],
  ...['dropout', 'pooling', 'padding', 'upsampling', 'pixelshuffle', 'channelshuffle', 'fold', 'distance']
    .map((name) => [`torch.nn.modules.${name}`, FROM_MODULE + plainLayerSource(`torch.nn.modules.${name}`)] as const),
])
