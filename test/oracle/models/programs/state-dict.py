"""What state_dict() holds when a model has its own way, and tensors on devices, shared, empty or oddly named."""
import torch, torch.nn as nn
class Extra(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(3, 3))
    def get_extra_state(self):
        return torch.zeros(5)
    def set_extra_state(self, s):
        pass
class Extra2(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(3, 3))
    def get_extra_state(self):
        return {'a': 1}
    def set_extra_state(self, s):
        pass
class _PSub(nn.Parameter):
    def __new__(cls, d): return super().__new__(cls, d)
class Sub(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = _PSub(torch.zeros(3, 3))
class Ren(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 3)
    def state_dict(self, *a, **k):
        sd = super().state_dict(*a, **k)
        sd['more'] = torch.zeros(4)
        return sd
class Nest(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = Ren()
        self.b = nn.Linear(2, 2)
class View(nn.Module):
    def __init__(self):
        super().__init__()
        big = torch.zeros(1000)
        self.register_buffer('v', big[:10])
        self.register_buffer('w', big[10:20])
        self.register_buffer('x', torch.zeros(5, 1).expand(5, 100))
        self.p = nn.Parameter(torch.zeros(10, 20).t())
        self.register_buffer('y', torch.zeros(4, 6)[:, ::2])
class Dt(nn.Module):
    def __init__(self):
        super().__init__()
        for i, d in enumerate([torch.float16, torch.bfloat16, torch.int8, torch.uint8, torch.bool, torch.int16, torch.float64, torch.complex128, torch.int64]):
            self.register_buffer(f'b{i}', torch.zeros(3, dtype=d))
class Param0(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.zeros(0, 3)); self.b = nn.Parameter(torch.tensor(1.0)); self.c = nn.Parameter(torch.zeros(2, 0, 4))
class Uni(nn.Module):
    def __init__(self):
        super().__init__()
        self.add_module('ünïcode', nn.Linear(2, 2)); self.register_buffer('x' * 300, torch.zeros(2))
class Long(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.ModuleList([nn.Linear(1, 1) for _ in range(1500)])
def t1():
    m = nn.Linear(3, 3); m.weight.requires_grad_(False); m.weight.grad = torch.zeros(3, 3); return m
def t2():
    m = nn.Linear(3, 3); m.bias = None; m.register_parameter('bias', nn.Parameter(m.weight[0].clone())); return m
def t3():
    m = nn.Linear(3, 3); m.tag = 'x'; m.weight.tag = 'y'; return m
def t4():
    m = nn.Linear(3, 3); m.register_buffer('same', m.weight.data); return m
def t5():
    m = nn.Linear(3, 3); m.register_buffer('same', m.weight.detach()[0]); return m
def t6():
    m = nn.Sequential(nn.Linear(3, 3)); m[0].weight.data = m[0].weight.data[:2]; return m
def t7():
    m = nn.Module(); m.a = nn.Parameter(torch.randn(3).to(torch.float8_e4m3fn) if hasattr(torch, 'float8_e4m3fn') else torch.randn(3)); return m
def t8():
    m = nn.Linear(3, 3); m.weight = nn.Parameter(m.weight.to_sparse()); return m
def t9():
    m = nn.Module(); m.register_buffer('q', torch.quantize_per_tensor(torch.zeros(4, 4), 0.1, 0, torch.qint8)); return m
def u1():
    m = nn.Linear(2, 2); m.register_buffer('conj', torch.zeros(3, dtype=torch.complex64).conj()); return m
def u2():
    m = nn.Linear(2, 2); m.register_buffer('bits', torch.zeros(3).numpy() is None or torch.zeros(2)); return m
def u3():
    m = nn.Linear(2, 2); m.to(memory_format=torch.channels_last); c = nn.Conv2d(3, 8, 3).to(memory_format=torch.channels_last); return nn.Sequential(m, c)
def u4():
    with torch.device('meta'):
        return nn.Linear(3, 3)
def u5():
    return nn.Linear(3, 3, device='meta')
def u6():
    m = nn.Linear(3, 3, device='meta').to_empty(device='cpu'); return m
def u7():
    m = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3, device='meta')); return m
def u8():
    m = nn.Linear(3, 3); m.register_buffer('s', torch.zeros(3, device='meta')); return m
class K1(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(3, 3); self.w = nn.Parameter(torch.zeros(2))
    def _save_to_state_dict(self, destination, prefix, keep_vars):
        destination[prefix + 'raw'] = self.w
        destination[prefix + 'again'] = self.w
class K2(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(3, 3)
    def state_dict(self, *a, **k):
        sd = super().state_dict(*a, **k)
        sd['copy.a'] = sd['a.weight']
        sd['a'] = torch.ones(2)
        return sd
class K3(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(3, 3); self.b = K1()
    def state_dict(self, *a, **k):
        from collections import OrderedDict
        return OrderedDict(super().state_dict(*a, **k))
class K4(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(3, 3); self.b = K1()
    def state_dict(self, *a, **k):
        return {k.replace('a.', ''): v.cpu().half() for k, v in super().state_dict(*a, **k).items()}
class K5(nn.Module):
    def __init__(self):
        super().__init__(); self.a = nn.Linear(3, 3); self.frozen = K2()
    def state_dict(self, *a, **k):
        sd = super().state_dict(*a, **k)
        for n in [n for n in sd if n.startswith('frozen')]: del sd[n]
        return sd
