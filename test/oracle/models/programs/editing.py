"""Containers and state edited after construction, precision, devices, parametrizations, pruning."""
import copy
import re
from collections import OrderedDict
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F
import torch.nn.utils.parametrize as parametrize
from torch.nn.utils import prune, remove_weight_norm, remove_spectral_norm, weight_norm, spectral_norm


def _net():
    return nn.Sequential(OrderedDict([('conv', nn.Conv2d(3, 4, 3)), ('bn', nn.BatchNorm2d(4)), ('act', nn.PReLU()), ('flat', nn.Flatten()), ('fc', nn.Linear(16, 5))]))


def cut_and_extend():
    m = nn.Sequential(*list(_net().children())[:-1])
    m.append(nn.Linear(3, 3))
    m.extend([nn.Linear(1, 2), nn.Identity()])
    m.insert(1, nn.Linear(9, 9))
    m.add_module('tail', nn.Linear(2, 1))
    return m


def deleted_parts():
    m = _net()
    del m.act
    del m[0]
    m.bn.weight = None
    m.bn.register_buffer('extra', torch.zeros(3))
    m.fc.bias = None
    return m


def popped():
    m = nn.ModuleList([nn.Linear(i + 1, 2) for i in range(6)])
    last = m.pop(-1)
    del m[1:3]
    m += [last, nn.Linear(7, 7)]
    m[0] = nn.Conv1d(1, 1, 1)
    return m


def added_sequentials():
    a = nn.Sequential(nn.Linear(1, 2), nn.ReLU())
    b = nn.Sequential(nn.Linear(2, 3))
    c = a + b
    c *= 2
    return c


def multiplied():
    return nn.Sequential(nn.Linear(1, 2)) * 3


def dict_of_layers():
    d = nn.ModuleDict([['b', nn.Linear(1, 2)], ['a', nn.Linear(2, 3)]])
    d.update({f'k{i}': nn.Linear(i, i) for i in (3, 1, 2)})
    d['b'] = nn.Linear(5, 5)
    d.pop('k1')
    for k, v in d.items():
        if k.startswith('k'):
            v.bias = None
    return d


def parameter_containers():
    m = nn.Module()
    m.list = nn.ParameterList([nn.Parameter(torch.zeros(i + 1)) for i in range(3)])
    m.list.append(nn.Parameter(torch.zeros(2, 2), requires_grad=False))
    m.list[0] = nn.Parameter(torch.zeros(9))
    m.dict = nn.ParameterDict({'x': nn.Parameter(torch.zeros(3)), 'n': nn.Parameter(torch.zeros(1))})
    m.dict['y'] = nn.Parameter(torch.zeros(4, dtype=torch.float64))
    m.dict.update({'a': nn.Parameter(torch.ones(2))})
    del m.dict['n']
    return m


def default_dtype():
    old = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    m = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    m.register_buffer('a', torch.arange(3.) * 1)
    m.register_buffer('b', torch.tensor([1.5]))
    m.register_buffer('c', torch.from_numpy(__import__('numpy').zeros(2, dtype='float32')))
    torch.set_default_dtype(old)
    m.add_module('after', nn.Linear(1, 1))
    return m


def half_but_norms():
    m = _net().half()
    for mod in m.modules():
        if isinstance(mod, (nn.BatchNorm2d, nn.LayerNorm)):
            mod.float()
    m.fc.to(dtype=torch.bfloat16)
    return m


def moved_to_double_then_type():
    m = _net().double()
    m.conv.type(torch.float32)
    m.bn.running_mean = m.bn.running_mean.half()
    return m


def on_meta():
    if not hasattr(torch, '__version__') or tuple(int(x) for x in torch.__version__.split('.')[:2]) < (2, 0):
        return nn.Linear(3, 3, device='meta')
    with torch.device('meta'):
        m = nn.Linear(4, 4)
    return m.to_empty(device='cpu')


def complex_parameters():
    m = nn.Linear(3, 3, dtype=torch.complex64)
    m.register_parameter('z', nn.Parameter(torch.randn(2, 2, dtype=torch.cfloat)))
    m.register_buffer('r', torch.view_as_real(m.z.detach()).clone())
    return m


def frozen_by_pattern():
    m = nn.ModuleDict(dict(backbone=nn.Sequential(*[nn.Linear(4, 4) for _ in range(4)]), neck=nn.Linear(4, 2), head=nn.Linear(2, 1)))
    pattern = re.compile(r'backbone\.[0-2]\.|neck\.bias$')
    for n, p in m.named_parameters():
        if pattern.match(n):
            p.requires_grad_(False)
    return m


def frozen_except():
    m = _net()
    m.requires_grad_(False)
    m.fc.requires_grad_(True)
    trainable = sum(p.numel() for p in m.parameters() if p.requires_grad)
    m.add_module('probe', nn.Linear(trainable, 1))
    return m


def weight_norm_removed():
    m = nn.Sequential(weight_norm(nn.Conv1d(2, 3, 3)), weight_norm(nn.Linear(4, 5), dim=None), weight_norm(nn.Conv1d(1, 1, 1), name='weight', dim=1))
    remove_weight_norm(m[0])
    return m


def spectral_norm_removed():
    m = nn.Sequential(spectral_norm(nn.Linear(4, 6)), spectral_norm(nn.ConvTranspose2d(2, 3, 3)))
    remove_spectral_norm(m[1])
    return m


class _Symmetric(nn.Module):
    def forward(self, X):
        return X.triu() + X.triu(1).transpose(-1, -2)

    def right_inverse(self, A):
        return A.triu()


class _Scaled(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(n, 1))
        self.register_buffer('calls', torch.tensor(0))

    def forward(self, w):
        return w * self.scale


class _Split(nn.Module):
    def forward(self, a, b):
        return torch.cat([a, b])

    def right_inverse(self, w):
        return w[:2].clone(), w[2:].clone()


def parametrized():
    m = nn.Sequential(nn.Linear(5, 5), nn.Linear(5, 4))
    parametrize.register_parametrization(m[0], 'weight', _Symmetric())
    parametrize.register_parametrization(m[0], 'weight', _Scaled(5))
    parametrize.register_parametrization(m[1], 'weight', _Split())
    return m


def parametrized_then_removed():
    m = nn.Sequential(nn.Linear(5, 5), nn.Linear(4, 4))
    for layer in m:
        parametrize.register_parametrization(layer, 'weight', _Scaled(layer.out_features))
    parametrize.remove_parametrizations(m[0], 'weight')
    parametrize.remove_parametrizations(m[1], 'weight', leave_parametrized=False)
    return m


def orthogonal():
    from torch.nn.utils.parametrizations import orthogonal as orth
    return nn.Sequential(orth(nn.Linear(4, 4)), orth(nn.Linear(3, 6)), orth(nn.Linear(6, 3), orthogonal_map='cayley'), orth(nn.Linear(5, 5), use_trivialization=False), orth(nn.Linear(4, 4), orthogonal_map='householder'))


def new_spectral():
    from torch.nn.utils.parametrizations import spectral_norm as sn
    return nn.Sequential(sn(nn.Linear(4, 6)), sn(nn.Conv2d(2, 3, 3)), sn(nn.Embedding(5, 3), dim=1))


def new_weight_norm():
    from torch.nn.utils.parametrizations import weight_norm as wn
    return nn.Sequential(wn(nn.Linear(4, 6)), wn(nn.Conv2d(2, 3, 3), dim=None), wn(nn.ConvTranspose1d(2, 3, 3), dim=1))


def pruned():
    m = _net()
    prune.l1_unstructured(m.conv, 'weight', 0.5)
    prune.random_unstructured(m.fc, name='bias', amount=2)
    prune.ln_structured(m.fc, 'weight', amount=0.4, n=2, dim=0)
    return m


def pruned_for_good():
    m = _net()
    parameters = [(m.conv, 'weight'), (m.fc, 'weight'), (m.fc, 'bias')]
    prune.global_unstructured(parameters, pruning_method=prune.L1Unstructured, amount=0.3)
    for module, name in parameters[:2]:
        prune.remove(module, name)
    return m


def structurally_pruned():
    m = nn.Sequential(nn.Linear(6, 8), nn.ReLU(), nn.Linear(8, 3))
    keep = list(range(0, 8, 2))
    new = nn.Linear(6, len(keep))
    new.weight.data = m[0].weight.data[keep].clone()
    new.bias.data = m[0].bias.data[keep].clone()
    after = nn.Linear(len(keep), 3)
    after.weight.data = m[2].weight.data[:, keep].clone()
    m[0], m[2] = new, after
    m[2].in_features = after.weight.shape[1]
    return m


def data_replaced():
    m = nn.Linear(4, 4)
    m.weight.data = torch.zeros(2, 4)
    m.bias.data = torch.zeros(2, dtype=torch.float16)
    return m


def state_dict_edited():
    m = _net()
    state = m.state_dict()
    state = {k.replace('fc.', ''): v for k, v in state.items() if k.startswith('fc')}
    head = nn.Linear(*reversed(state['weight'].shape))
    head.load_state_dict(state)
    missing = head.load_state_dict({'weight': state['weight'], 'other': torch.zeros(1)}, strict=False)
    return nn.Sequential(head, nn.Linear(len(missing.missing_keys), len(missing.unexpected_keys)))


def load_wrong_shape():
    m = nn.Linear(3, 3)
    m.load_state_dict({'weight': torch.zeros(2, 2), 'bias': torch.zeros(3)}, strict=False)
    return m


def load_assign():
    m = nn.Linear(3, 3)
    if tuple(int(x) for x in torch.__version__.split('.')[:2]) >= (2, 1):
        m.load_state_dict({'weight': torch.zeros(3, 3, dtype=torch.float64), 'bias': torch.zeros(3).half()}, assign=True)
    return m


def position_embedding_resized():
    m = nn.ParameterDict({'pos': nn.Parameter(torch.zeros(1, 10, 4))})
    state = dict(m.state_dict())
    old = state['pos']
    m['pos'] = nn.Parameter(F.interpolate(old.permute(0, 2, 1), size=17, mode='linear').permute(0, 2, 1))
    return m


def embedding_resized():
    m = nn.ModuleDict({'emb': nn.Embedding(10, 4), 'out': nn.Linear(4, 10, bias=False)})
    m.out.weight = m.emb.weight
    old = m.emb
    new = nn.Embedding(13, old.embedding_dim, padding_idx=old.padding_idx, device=old.weight.device, dtype=old.weight.dtype)
    with torch.no_grad():
        new.weight[:10] = old.weight
        new.weight[10:].normal_(mean=old.weight.mean().item(), std=.02)
    m.emb = new
    m.out.weight = m.emb.weight
    m.out.out_features = 13
    return m


def batchnorm_folded():
    from torch.nn.utils.fusion import fuse_conv_bn_eval, fuse_linear_bn_eval
    m = _net().eval()
    m.conv = fuse_conv_bn_eval(m.conv, m.bn)
    m.bn = nn.Identity()
    return m


def norms_swapped():
    m = nn.Sequential(_net(), nn.Sequential(nn.BatchNorm1d(7), nn.BatchNorm2d(6, affine=False)))

    def convert(module):
        for name, child in module.named_children():
            if isinstance(child, nn.modules.batchnorm._BatchNorm):
                setattr(module, name, nn.GroupNorm(1, child.num_features, affine=child.affine))
            else:
                convert(child)
        return module
    return convert(m)


def sync_batchnorm():
    return nn.SyncBatchNorm.convert_sync_batchnorm(_net())


def instance_norm_partial():
    norm = partial(nn.InstanceNorm2d, affine=True, track_running_stats=True)
    return nn.Sequential(norm(3), norm(4, affine=False), norm(num_features=5, track_running_stats=False))


def use_bias_if_instance_norm():
    norm_layer = partial(nn.InstanceNorm2d, affine=False, track_running_stats=False)
    use_bias = norm_layer.func == nn.InstanceNorm2d if type(norm_layer) == partial else norm_layer == nn.InstanceNorm2d
    return nn.Sequential(nn.ReflectionPad2d(3), nn.Conv2d(3, 8, 7, bias=use_bias), norm_layer(8))


def through_buffers():
    m = _net()
    for name, buf in list(m.named_buffers()):
        m.register_buffer(name.replace('.', '_'), buf.clone())
    m.register_buffer('nothing', None)
    m.register_buffer('mask', torch.triu(torch.ones(5, 5), diagonal=1).bool()[None, None])
    m._non_persistent_buffers_set.add('mask')
    return m


def private_dicts():
    m = _net()
    m._modules['fc'] = nn.Linear(16, 2)
    m._modules.move_to_end('conv') if hasattr(m._modules, 'move_to_end') else m._modules.__setitem__('conv', m._modules.pop('conv'))
    m.conv._parameters['weight'] = nn.Parameter(torch.zeros(1))
    m.bn._buffers.pop('num_batches_tracked')
    return m


def swa():
    from torch.optim.swa_utils import AveragedModel
    return AveragedModel(_net(), use_buffers=True)


def data_parallel_inner():
    m = nn.DataParallel(_net())
    m.module.fc = nn.Linear(16, 100)
    return m.module


def scripted_away():
    m = _net()
    m.eval()
    return torch.jit.script(m)


def setattr_loop():
    m = nn.Module()
    for i, width in enumerate([4, 8, 16]):
        setattr(m, f'stage{i}', nn.Linear(width, width * 2))
        setattr(m, 'norm%d' % i, nn.LayerNorm(width * 2))
    m.stages = [getattr(m, f'stage{i}') for i in range(3)]
    m.again = nn.ModuleList(m.stages)
    return m


def deep_get_set():
    import operator
    from functools import reduce
    m = nn.Sequential(nn.Sequential(_net(), nn.Linear(1, 1)))

    def rgetattr(obj, attr):
        return reduce(getattr, [obj] + attr.split('.'))

    def rsetattr(obj, attr, val):
        pre, _, post = attr.rpartition('.')
        return setattr(rgetattr(obj, pre) if pre else obj, post, val)
    for n in [n for n, mod in m.named_modules() if isinstance(mod, nn.Linear)]:
        old = operator.attrgetter(n)(m)
        rsetattr(m, n, nn.Linear(old.in_features * 2, old.out_features, bias=False))
    return m


def sparse_parameter():
    m = nn.Module()
    m.register_buffer('adj', torch.sparse_coo_tensor(torch.tensor([[0, 1], [1, 0]]), torch.ones(2), (3, 3)))
    return m


def parameters_to_vector():
    from torch.nn.utils import parameters_to_vector as flat
    v = flat(_net().parameters())
    return nn.Linear(v.numel() // 10, 1)


def stripped_init():
    with torch.no_grad():
        m = nn.utils.skip_init(nn.Linear, 4, 5, bias=False)
    return m


def uninitialized():
    m = nn.Module()
    m.w = nn.UninitializedParameter()
    m.w.materialize((3, 4))
    return m
