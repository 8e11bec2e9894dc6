"""Recurrent, attention and sequence models in odd constructor forms."""
import math

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence


class BiLSTMCRF(nn.Module):
    START, STOP = '<s>', '</s>'

    def __init__(self, vocab=100, tags={'B': 0, 'I': 1, 'O': 2, '<s>': 3, '</s>': 4}, emb=5, hidden=6):
        super(BiLSTMCRF, self).__init__()
        self.word_embeds = nn.Embedding(vocab, emb)
        self.lstm = nn.LSTM(emb, hidden // 2, num_layers=1, bidirectional=True)
        self.hidden2tag = nn.Linear(hidden, len(tags))
        self.transitions = nn.Parameter(torch.randn(len(tags), len(tags)))
        self.transitions.data[tags[self.START], :] = -10000
        self.transitions.data[:, tags[self.STOP]] = -10000
        self.hidden = self.init_hidden()

    def init_hidden(self):
        return (torch.randn(2, 1, 3), torch.randn(2, 1, 3))


class Seq2Seq(nn.Module):
    def __init__(self, src=30, tgt=40, d=8, layers=2, attention='general', cell='LSTM', share=False):
        super().__init__()
        rnn = getattr(nn, cell)
        self.src = nn.Embedding(src, d, padding_idx=0)
        self.tgt = self.src if share else nn.Embedding(tgt, d, padding_idx=0)
        self.encoder = rnn(d, d, layers, dropout=.1 if layers > 1 else 0, bidirectional=True)
        self.bridge = nn.ModuleList([nn.Linear(2 * d, d) for _ in range(2 if cell == 'LSTM' else 1)])
        self.decoder = nn.ModuleList([nn.LSTMCell(d * (2 if i == 0 else 1), d) for i in range(layers)])
        self.attn = nn.Linear(d, 2 * d, bias=False) if attention == 'general' else None
        self.out = nn.Linear(d * 3, tgt)


def seq2seq_gru():
    return Seq2Seq(cell='GRU', share=True, layers=1, attention=None)


def projected():
    return nn.ModuleList([nn.LSTM(4, 6, proj_size=3, bidirectional=True, num_layers=2), nn.LSTM(4, 6, 2, False), nn.RNN(3, 4, nonlinearity='relu'), nn.GRU(input_size=2, hidden_size=3, bias=False)])


def packed():
    rnn = nn.LSTM(5, 6, batch_first=True, bidirectional=True)
    x = pad_sequence([torch.zeros(3, 5), torch.zeros(2, 5)], batch_first=True)
    p = pack_padded_sequence(x, torch.tensor([3, 2]), batch_first=True, enforce_sorted=False)
    out, (h, c) = rnn(p)
    out, lengths = pad_packed_sequence(out, batch_first=True)
    return nn.ModuleList([rnn, nn.Linear(out.shape[-1], h.shape[0])])


def forget_gate_bias():
    lstm = nn.LSTM(3, 4, 2)
    for names in lstm._all_weights:
        for name in filter(lambda n: 'bias' in n, names):
            bias = getattr(lstm, name)
            n = bias.size(0)
            bias.data[n // 4:n // 2].fill_(1.)
    return lstm


def weight_dropped():
    class WeightDrop(nn.Module):
        def __init__(self, module, weights, dropout=.5):
            super().__init__()
            self.module, self.weights, self.dropout = module, weights, dropout
            self._setup()

        def _setup(self):
            if issubclass(type(self.module), nn.RNNBase):
                self.module.flatten_parameters = lambda: None
            for name_w in self.weights:
                w = getattr(self.module, name_w)
                del self.module._parameters[name_w]
                self.module.register_parameter(name_w + '_raw', nn.Parameter(w.data))
    return WeightDrop(nn.LSTM(4, 5), ['weight_hh_l0'])


def attention_forms():
    return nn.ModuleList([nn.MultiheadAttention(8, 2), nn.MultiheadAttention(8, 2, kdim=4, vdim=6), nn.MultiheadAttention(8, 2, bias=False, add_bias_kv=True), nn.MultiheadAttention(embed_dim=8, num_heads=4, kdim=8, vdim=4, add_zero_attn=True)])


def transformer_forms():
    layer = nn.TransformerDecoderLayer(8, 2, 16, norm_first=True)
    return nn.ModuleList([nn.Transformer(8, 2, 1, 2, 16), nn.TransformerDecoder(layer, 2, norm=nn.LayerNorm(8)), nn.Transformer(8, 2, custom_encoder=nn.Linear(3, 3), num_decoder_layers=1, dim_feedforward=4)])


class _SelfAttention(nn.Module):
    def __init__(self, d, heads, window):
        super().__init__()
        self.to_qkv = nn.Linear(d, 3 * d, bias=False)
        self.to_out = nn.Sequential(nn.Linear(d, d), nn.Dropout(0.))
        self.register_buffer('mask', torch.tril(torch.ones(window, window)).view(1, 1, window, window), persistent=False)
        slopes = [2 ** (-8 * (i + 1) / heads) for i in range(heads)]
        self.register_buffer('slopes', torch.tensor(slopes)[:, None, None])
        self.temperature = nn.Parameter(torch.log(torch.tensor(d // heads) ** -0.5))


def attention_with_alibi():
    return _SelfAttention(12, 3, 10)


class Perceiver(nn.Module):
    def __init__(self, depth=3, latents=4, dim=8, tie=True):
        super().__init__()
        self.latents = nn.Parameter(torch.randn(latents, dim))
        cache = {}

        def cache_fn(f, key):
            def get(_cache=True):
                if not _cache:
                    return f()
                if key not in cache:
                    cache[key] = f()
                return cache[key]
            return get
        cross, ff = cache_fn(lambda: nn.MultiheadAttention(dim, 2), 'x'), cache_fn(lambda: nn.Linear(dim, dim), 'f')
        self.layers = nn.ModuleList([])
        for i in range(depth):
            should_cache = i > 0 and tie
            self.layers.append(nn.ModuleList([cross(should_cache), ff(_cache=should_cache)]))


class Rope(nn.Module):
    def __init__(self, dim=16, n=32, base=10_000.0):
        super().__init__()
        inv = 1.0 / (base ** (torch.arange(0, dim, 2, dtype=torch.int64).float() / dim))
        self.register_buffer('inv_freq', inv, persistent=False)
        t = torch.arange(n, device=self.inv_freq.device, dtype=self.inv_freq.dtype)
        freqs = torch.outer(t, self.inv_freq)
        self.register_buffer('cache', torch.stack([freqs.cos(), freqs.sin()], dim=-1).to(torch.bfloat16))
        self.register_buffer('cis', torch.polar(torch.ones_like(freqs), freqs))


class Mamba(nn.Module):
    def __init__(self, d_model=16, d_state=4, d_conv=4, expand=2, dt_rank='auto'):
        factory_kwargs = {'device': None, 'dtype': torch.float32}
        super().__init__()
        d_inner = int(expand * d_model)
        dt_rank = math.ceil(d_model / 16) if dt_rank == 'auto' else dt_rank
        self.in_proj = nn.Linear(d_model, d_inner * 2, bias=False, **factory_kwargs)
        self.conv1d = nn.Conv1d(d_inner, d_inner, bias=True, kernel_size=d_conv, groups=d_inner, padding=d_conv - 1, **factory_kwargs)
        self.x_proj = nn.Linear(d_inner, dt_rank + d_state * 2, bias=False)
        self.dt_proj = nn.Linear(dt_rank, d_inner, bias=True)
        dt = torch.exp(torch.rand(d_inner) * (math.log(0.1) - math.log(0.001)) + math.log(0.001)).clamp(min=1e-4)
        inv_dt = dt + torch.log(-torch.expm1(-dt))
        with torch.no_grad():
            self.dt_proj.bias.copy_(inv_dt)
        self.dt_proj.bias._no_reinit = True
        A = torch.arange(1, d_state + 1, dtype=torch.float32).repeat(d_inner, 1).contiguous()
        self.A_log = nn.Parameter(torch.log(A))
        self.A_log._no_weight_decay = True
        self.D = nn.Parameter(torch.ones(d_inner))


class S4D(nn.Module):
    def __init__(self, H=8, N=16):
        super().__init__()
        log_dt = torch.rand(H) * (math.log(.1) - math.log(.001)) + math.log(.001)
        C = torch.randn(H, N // 2, dtype=torch.cfloat)
        self.C = nn.Parameter(torch.view_as_real(C))
        self.register('log_dt', log_dt, 1e-3)
        log_A_real = torch.log(0.5 * torch.ones(H, N // 2))
        self.register('log_A_real', log_A_real, None)
        self.register('A_imag', math.pi * torch.arange(N // 2).repeat(H, 1), 0.0)

    def register(self, name, tensor, lr=None):
        if lr == 0.0:
            self.register_buffer(name, tensor)
        else:
            self.register_parameter(name, nn.Parameter(tensor))
            optim = {'weight_decay': 0.0}
            if lr is not None:
                optim['lr'] = lr
            setattr(getattr(self, name), '_optim', optim)
