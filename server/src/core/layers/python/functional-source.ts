/**
 * What torch.nn.functional makes of shapes, where constructors run a forward pass to learn a size: convolutions, pooling,
 * resizing, attention. Contents are never computed; what is not listed is not known.
 */

const SAME_SHAPE = ['relu', 'relu6', 'gelu', 'silu', 'mish', 'hardswish', 'hardsigmoid', 'hardtanh', 'leaky_relu', 'elu', 'selu', 'celu', 'softplus', 'softsign', 'hardshrink', 'softshrink', 'tanhshrink', 'logsigmoid', 'sigmoid', 'tanh', 'softmin', 'gumbel_softmax', 'prelu', 'rrelu', 'threshold', 'dropout', 'dropout1d', 'dropout2d', 'dropout3d', 'alpha_dropout', 'feature_alpha_dropout', 'batch_norm', 'group_norm', 'layer_norm', 'instance_norm', 'rms_norm', 'local_response_norm', 'channel_shuffle']

/** Part of the module `torch._session`. */
export const FUNCTIONAL_SOURCE = String.raw`
def same_shape(input, *args, **kwargs):
    return torch.empty_like(input)

def _each(value, count):
    return tuple(value) * (count if len(value) == 1 else 1) if isinstance(value, (tuple, list)) else (value,) * count

def _window(size, kernel, stride, padding, dilation, ceil_mode):
    span = size + 2 * padding - dilation * (kernel - 1) - 1
    if span < 0:
        raise RuntimeError('kernel size is larger than the input')
    count = -(-span // stride) + 1 if ceil_mode else span // stride + 1
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1
    return count

def conv(input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    rank = weight.dim() - 2
    if input.dim() not in (rank + 1, rank + 2) or input.shape[-rank - 1] != weight.shape[1] * groups:
        raise RuntimeError('the input does not fit the weight')
    sizes = input.shape[-rank:]
    if padding == 'same':
        shape = list(sizes)
    else:
        pads = (0,) * rank if padding == 'valid' else _each(padding, rank)
        shape = [_window(s, k, t, p, d, False) for s, k, t, p, d in zip(sizes, weight.shape[2:], _each(stride, rank), pads, _each(dilation, rank))]
    return torch.empty(*input.shape[:-rank - 1], weight.shape[0], *shape, dtype=input.dtype, device=input.device)

def conv_transpose(input, weight, bias=None, stride=1, padding=0, output_padding=0, groups=1, dilation=1, output_size=None):
    rank = weight.dim() - 2
    if input.dim() not in (rank + 1, rank + 2) or input.shape[-rank - 1] != weight.shape[0]:
        raise RuntimeError('the input does not fit the weight')
    if output_size is not None:
        shape = list(output_size)[-rank:]
    else:
        each = zip(input.shape[-rank:], weight.shape[2:], _each(stride, rank), _each(padding, rank), _each(output_padding, rank), _each(dilation, rank))
        shape = [(s - 1) * t - 2 * p + d * (k - 1) + o + 1 for s, k, t, p, o, d in each]
    return torch.empty(*input.shape[:-rank - 1], weight.shape[1] * groups, *shape, dtype=input.dtype, device=input.device)

def _pooling(rank):
    def pool(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False):
        if input.dim() not in (rank + 1, rank + 2):
            raise RuntimeError('the input has another number of dimensions')
        if stride is None or stride == () or stride == []:
            stride = kernel_size
        shape = [_window(*each, ceil_mode) for each in zip(input.shape[-rank:], _each(kernel_size, rank), _each(stride, rank), _each(padding, rank), _each(dilation, rank))]
        result = input.new_empty(*input.shape[:-rank], *shape)
        return (result, result.long()) if return_indices else result
    def avg_pool(input, kernel_size, stride=None, padding=0, ceil_mode=False, *args, **kwargs):
        return pool(input, kernel_size, stride, padding, 1, ceil_mode)
    def lp_pool(input, norm_type, kernel_size, stride=None, ceil_mode=False):
        return pool(input, kernel_size, stride, 0, 1, ceil_mode)
    def adaptive_pool(input, output_size, return_indices=False):
        if input.dim() not in (rank + 1, rank + 2):
            raise RuntimeError('the input has another number of dimensions')
        sizes = [old if new is None else new for old, new in zip(input.shape[-rank:], _each(output_size, rank))]
        result = input.new_empty(*input.shape[:-rank], *sizes)
        return (result, result.long()) if return_indices else result
    return pool, avg_pool, lp_pool, adaptive_pool

pool1d, avg_pool1d, lp_pool1d, adaptive_pool1d = _pooling(1)
pool2d, avg_pool2d, lp_pool2d, adaptive_pool2d = _pooling(2)
pool3d, avg_pool3d, lp_pool3d, adaptive_pool3d = _pooling(3)

def linear(input, weight, bias=None):
    if input.shape[-1] != weight.shape[-1]:
        raise RuntimeError('the input does not fit the weight')
    return torch.empty(*input.shape[:-1], *weight.shape[:-1], dtype=input.dtype, device=input.device)

def embedding(input, weight, *args, **kwargs):
    return weight.new_empty(*input.shape, weight.shape[1])

def glu(input, dim=-1):
    shape = list(input.shape)
    if shape[dim] % 2 != 0:
        raise RuntimeError('Halving dimension must be even')
    shape[dim] //= 2
    return input.new_empty(*shape)

def interpolate(input, size=None, scale_factor=None, mode='nearest', align_corners=None, recompute_scale_factor=None, antialias=False):
    rank = input.dim() - 2
    if (size is None) == (scale_factor is None):
        raise ValueError('either size or scale_factor should be defined')
    if size is not None:
        shape = _each(size, rank)
    else:
        shape = [int(math.floor(float(old) * by)) for old, by in zip(input.shape[2:], _each(scale_factor, rank))]
    if rank < 1 or len(shape) != rank:
        raise ValueError('the size does not fit the input')
    return input.new_empty(*input.shape[:2], *shape)

def pixel_shuffle(input, upscale_factor):
    *first, channels, height, width = input.shape
    if channels % upscale_factor ** 2 != 0:
        raise RuntimeError('the channels do not fit the factor')
    return input.new_empty(*first, channels // upscale_factor ** 2, height * upscale_factor, width * upscale_factor)

def pixel_unshuffle(input, downscale_factor):
    *first, channels, height, width = input.shape
    if height % downscale_factor != 0 or width % downscale_factor != 0:
        raise RuntimeError('the size does not fit the factor')
    return input.new_empty(*first, channels * downscale_factor ** 2, height // downscale_factor, width // downscale_factor)

def unfold(input, kernel_size, dilation=1, padding=0, stride=1):
    kernel = _each(kernel_size, 2)
    blocks = 1
    for each in zip(input.shape[-2:], kernel, _each(stride, 2), _each(padding, 2), _each(dilation, 2)):
        blocks *= _window(*each, False)
    return input.new_empty(*input.shape[:-3], input.shape[-3] * kernel[0] * kernel[1], blocks)

def fold(input, output_size, kernel_size, dilation=1, padding=0, stride=1):
    kernel = _each(kernel_size, 2)
    return input.new_empty(*input.shape[:-2], input.shape[-2] // (kernel[0] * kernel[1]), *_each(output_size, 2))

def grid_sample(input, grid, *args, **kwargs):
    return input.new_empty(*input.shape[:2], *grid.shape[1:-1])

def scaled_dot_product_attention(query, key, value, *args, **kwargs):
    return query.new_empty(*query.shape[:-1], value.shape[-1])

def Variable(data=None, *args, **kwargs):
    return data

${SAME_SHAPE.map((name) => `def ${name}(input, *args, **kwargs):\n    return torch.empty_like(input)\n`).join('')}
`

/** Name in torch.nn.functional -> name in `torch._session`. */
export const FUNCTIONAL_EXPORTS: Readonly<Record<string, string>> = {
  one_hot: 'one_hot', pad: 'pad', normalize: 'same_shape', linear: 'linear', embedding: 'embedding', glu: 'glu', interpolate: 'interpolate', upsample: 'interpolate', pixel_shuffle: 'pixel_shuffle', pixel_unshuffle: 'pixel_unshuffle',
  unfold: 'unfold', fold: 'fold', grid_sample: 'grid_sample', scaled_dot_product_attention: 'scaled_dot_product_attention',
  ...Object.fromEntries([1, 2, 3].flatMap((rank) => [
    [`conv${rank}d`, 'conv'], [`conv_transpose${rank}d`, 'conv_transpose'], [`max_pool${rank}d`, `pool${rank}d`], [`avg_pool${rank}d`, `avg_pool${rank}d`], [`lp_pool${rank}d`, `lp_pool${rank}d`],
    [`adaptive_avg_pool${rank}d`, `adaptive_pool${rank}d`], [`adaptive_max_pool${rank}d`, `adaptive_pool${rank}d`],
  ])),
  ...Object.fromEntries(SAME_SHAPE.map((name) => [name, name])),
}
