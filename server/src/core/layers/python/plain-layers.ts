/**
 * The layers of torch.nn that hold no tensors: one line each, with the constructor signature in PyTorch's order. Their arguments
 * become attributes, as in PyTorch; the Python class is written from the line.
 */

const PADDING = /^_(?:Circular|Constant|Reflection|Replication)PadNd$/

/** `Class(Base) arguments`; the base is Module where none is named. */
const PLAIN: ReadonlyMap<string, string> = new Map(Object.entries({
  'torch.nn.modules.activation': `
Threshold threshold, value, inplace=False
ReLU inplace=False
RReLU lower=1./8, upper=1./3, inplace=False
Hardtanh min_val=-1., max_val=1., inplace=False, min_value=None, max_value=None
ReLU6(Hardtanh) inplace=False -> 0., 6., inplace
Sigmoid
Hardsigmoid inplace=False
Tanh
SiLU inplace=False
Mish inplace=False
Hardswish inplace=False
ELU alpha=1., inplace=False
CELU alpha=1., inplace=False
SELU inplace=False
GLU dim=-1
GELU approximate='none'
Hardshrink lambd=0.5
LeakyReLU negative_slope=1e-2, inplace=False
LogSigmoid
Softplus beta=1., threshold=20.
Softshrink lambd=0.5
Softsign
Tanhshrink
Softmin dim=None
Softmax dim=None
Softmax2d
LogSoftmax dim=None`,
  'torch.nn.modules.dropout': `
_DropoutNd p=0.5, inplace=False
Dropout(_DropoutNd) =
Dropout1d(_DropoutNd) =
Dropout2d(_DropoutNd) =
Dropout3d(_DropoutNd) =
AlphaDropout(_DropoutNd) =
FeatureAlphaDropout(_DropoutNd) =`,
  'torch.nn.modules.pooling': `
_MaxPoolNd kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False
MaxPool1d(_MaxPoolNd) =
MaxPool2d(_MaxPoolNd) =
MaxPool3d(_MaxPoolNd) =
_MaxUnpoolNd =
MaxUnpool1d(_MaxUnpoolNd) kernel_size, stride=None, padding=0
MaxUnpool2d(_MaxUnpoolNd) kernel_size, stride=None, padding=0
MaxUnpool3d(_MaxUnpoolNd) kernel_size, stride=None, padding=0
_AvgPoolNd =
AvgPool1d(_AvgPoolNd) kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True
AvgPool2d(_AvgPoolNd) kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
AvgPool3d(_AvgPoolNd) kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None
FractionalMaxPool2d kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None
FractionalMaxPool3d kernel_size, output_size=None, output_ratio=None, return_indices=False, _random_samples=None
_LPPoolNd norm_type, kernel_size, stride=None, ceil_mode=False
LPPool1d(_LPPoolNd) =
LPPool2d(_LPPoolNd) =
LPPool3d(_LPPoolNd) =
_AdaptiveMaxPoolNd output_size, return_indices=False
AdaptiveMaxPool1d(_AdaptiveMaxPoolNd) =
AdaptiveMaxPool2d(_AdaptiveMaxPoolNd) =
AdaptiveMaxPool3d(_AdaptiveMaxPoolNd) =
_AdaptiveAvgPoolNd output_size
AdaptiveAvgPool1d(_AdaptiveAvgPoolNd) =
AdaptiveAvgPool2d(_AdaptiveAvgPoolNd) =
AdaptiveAvgPool3d(_AdaptiveAvgPoolNd) =`,
  'torch.nn.modules.padding': `
_CircularPadNd padding
CircularPad1d(_CircularPadNd) =
CircularPad2d(_CircularPadNd) =
CircularPad3d(_CircularPadNd) =
_ConstantPadNd padding, value
ConstantPad1d(_ConstantPadNd) =
ConstantPad2d(_ConstantPadNd) =
ConstantPad3d(_ConstantPadNd) =
_ReflectionPadNd padding
ReflectionPad1d(_ReflectionPadNd) =
ReflectionPad2d(_ReflectionPadNd) =
ReflectionPad3d(_ReflectionPadNd) =
_ReplicationPadNd padding
ReplicationPad1d(_ReplicationPadNd) =
ReplicationPad2d(_ReplicationPadNd) =
ReplicationPad3d(_ReplicationPadNd) =
ZeroPad1d(ConstantPad1d) padding -> padding, 0.
ZeroPad2d(ConstantPad2d) padding -> padding, 0.
ZeroPad3d(ConstantPad3d) padding -> padding, 0.`,
  'torch.nn.modules.upsampling': `
Upsample size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None
UpsamplingNearest2d(Upsample) size=None, scale_factor=None -> size, scale_factor, 'nearest'
UpsamplingBilinear2d(Upsample) size=None, scale_factor=None -> size, scale_factor, 'bilinear', True`,
  'torch.nn.modules.pixelshuffle': `
PixelShuffle upscale_factor
PixelUnshuffle downscale_factor`,
  'torch.nn.modules.channelshuffle': `
ChannelShuffle groups`,
  'torch.nn.modules.fold': `
Fold output_size, kernel_size, dilation=1, padding=0, stride=1
Unfold kernel_size, dilation=1, padding=0, stride=1`,
  'torch.nn.modules.distance': `
PairwiseDistance p=2.0, eps=1e-6, keepdim=False
CosineSimilarity dim=1, eps=1e-8`,
}))

/** Their names: making one of these brings no parameter. */
export const plainLayerNames: ReadonlySet<string> = new Set([...PLAIN.values()].flatMap((lines) => [...lines.matchAll(/^\w+/gm)].map(([name]) => name)))

/** The Python source of the plain layers of one torch module; empty for a module that has none. */
export function plainLayerSource(module: string): string {
  const lines: string[] = []
  for (const line of (PLAIN.get(module) ?? '').split('\n')) {
    const match = /^(\w+)(?:\((\w+)\))?\s*(.*)$/.exec(line)
    if (!match) continue
    const [, name, base = 'Module', rest = ''] = match
    lines.push(`class ${name!}(${base}):`)
    const rank = /(\d)d$/.exec(name!)?.[1]
    if (rank !== undefined) lines.push(`    _rank = ${rank}`)
    if (rest === '=') {
      if (rank === undefined) lines.push('    pass')
      continue
    }
    const [signature = '', passed] = rest.split(' -> ')
    const names = signature === '' ? [] : splitArguments(signature)
    lines.push(`    def __init__(self${names.map((argument) => `, ${argument}`).join('')}):`)
    if (passed !== undefined) {
      lines.push(`        super().__init__(${passed})`)
      continue
    }
    lines.push('        super().__init__()', ...checksOf(name!))
    for (const argument of names) {
      const attribute = argument.split('=')[0]!.trim()
      lines.push(`        self.${attribute} = ${keptAs(name!, attribute)}`)
    }
    const forward = forwardOf(module, name!)
    if (forward !== undefined) lines.push('    def forward(self, input):', `        return ${forward}`)
  }
  return `${lines.join('\n')}\n`
}

/** What an argument is kept as, where that is not the argument itself. */
function keptAs(name: string, attribute: string): string {
  const value = attribute === 'stride' && /^(?:_MaxPoolNd|AvgPool\dd)$/.test(name) ? '(stride if stride is not None else kernel_size)' : attribute
  if (name === 'AvgPool1d' && ['stride', 'kernel_size', 'padding'].includes(attribute)) return `(${value},) if isinstance(${value}, int) else tuple(${value})`
  if (PADDING.test(name) && attribute === 'padding') return '(padding,) * (2 * self._rank) if isinstance(padding, int) else tuple(padding)'
  return value
}

/** What PyTorch refuses in a constructor. */
function checksOf(name: string): string[] {
  const raise = (condition: string, message: string) => [`        if ${condition}:`, `            raise ValueError('${message}')`]
  if (name === '_DropoutNd') return raise('p < 0 or p > 1', 'dropout probability has to be between 0 and 1')
  if (name.startsWith('FractionalMaxPool')) return [...raise('output_size is None and output_ratio is None', 'an output size or ratio is needed'), ...raise('output_size is not None and output_ratio is not None', 'only one of output_size and output_ratio may be given')]
  return []
}

/** What a forward pass makes of the shape, where models are built from it. */
function forwardOf(module: string, name: string): string | undefined {
  const ranked = (prefix: string) => `getattr(torch.nn.functional, '${prefix}' + str(self._rank) + 'd')`
  if (name === 'GLU') return 'torch.nn.functional.glu(input, self.dim)'
  if (module.endsWith('.activation') || name === '_DropoutNd' || name === 'ChannelShuffle') return 'torch.empty_like(input)'
  if (name === '_MaxPoolNd') return `${ranked('max_pool')}(input, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode, self.return_indices)`
  if (/^AvgPool\dd$/.test(name)) return `${ranked('avg_pool')}(input, self.kernel_size, self.stride, self.padding, self.ceil_mode)`
  if (name === '_LPPoolNd') return `${ranked('lp_pool')}(input, self.norm_type, self.kernel_size, self.stride, self.ceil_mode)`
  if (name === '_AdaptiveAvgPoolNd') return `${ranked('adaptive_avg_pool')}(input, self.output_size)`
  if (name === '_AdaptiveMaxPoolNd') return `${ranked('adaptive_max_pool')}(input, self.output_size, self.return_indices)`
  if (PADDING.test(name)) return 'torch.nn.functional.pad(input, (self.padding,) * (2 * self._rank) if isinstance(self.padding, int) else self.padding)'
  if (name === 'Upsample') return 'torch.nn.functional.interpolate(input, self.size, self.scale_factor)'
  if (name === 'PixelShuffle') return 'torch.nn.functional.pixel_shuffle(input, self.upscale_factor)'
  if (name === 'PixelUnshuffle') return 'torch.nn.functional.pixel_unshuffle(input, self.downscale_factor)'
  if (name === 'Unfold') return 'torch.nn.functional.unfold(input, self.kernel_size, self.dilation, self.padding, self.stride)'
  if (name === 'Fold') return 'torch.nn.functional.fold(input, self.output_size, self.kernel_size, self.dilation, self.padding, self.stride)'
  return undefined
}

function splitArguments(signature: string): string[] {
  return signature.split(',').map((argument) => argument.trim())
}
