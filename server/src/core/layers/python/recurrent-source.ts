/** Recurrent and embedding layers of torch.nn as Python source; handed out by layers.ts. */

export const RNN = String.raw`
import numbers
import torch
from torch.nn.parameter import Parameter
from .module import Module

class RNNBase(Module):
    __constants__ = ['mode', 'input_size', 'hidden_size', 'num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional', 'proj_size']
    def __init__(self, mode, input_size, hidden_size, num_layers=1, bias=True, batch_first=False, dropout=0.0, bidirectional=False, proj_size=0, device=None, dtype=None):
        super().__init__()
        self.mode = mode
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.num_layers = num_layers
        self.bias = bias
        self.batch_first = batch_first
        self.dropout = float(dropout)
        self.bidirectional = bidirectional
        self.proj_size = proj_size
        directions = 2 if bidirectional else 1
        if not isinstance(dropout, numbers.Number) or not 0 <= dropout <= 1 or isinstance(dropout, bool):
            raise ValueError('dropout should be a number in range [0, 1]')
        # Checked since some release after 2.6; in between, no number is better than one that PyTorch may refuse.
        if _since(2, 7):
            if not isinstance(bias, bool):
                raise TypeError('bias should be of type bool')
            if not isinstance(input_size, int):
                raise TypeError('input_size should be of type int')
            if input_size <= 0:
                raise ValueError('input_size must be greater than zero')
        if _since(2, 1):
            if not isinstance(hidden_size, int):
                raise TypeError('hidden_size should be of type int')
            if hidden_size <= 0:
                raise ValueError('hidden_size must be greater than zero')
        if num_layers <= 0:
            raise ValueError('num_layers must be greater than zero')
        if proj_size < 0:
            raise ValueError('proj_size should be a positive integer or zero to disable projections')
        if proj_size >= hidden_size:
            raise ValueError('proj_size has to be smaller than hidden_size')
        if mode == 'LSTM':
            gate_size = 4 * hidden_size
        elif mode == 'GRU':
            gate_size = 3 * hidden_size
        elif mode in ('RNN_TANH', 'RNN_RELU'):
            gate_size = hidden_size
        else:
            raise ValueError('Unrecognized RNN mode: ' + mode)
        out_size = proj_size if proj_size > 0 else hidden_size
        self._flat_weights_names = []
        self._all_weights = []
        for layer in range(num_layers):
            for direction in range(directions):
                in_size = input_size if layer == 0 else out_size * directions
                suffix = '_l' + str(layer) + ('_reverse' if direction == 1 else '')
                tensors = [('weight_ih', (gate_size, in_size)), ('weight_hh', (gate_size, out_size))]
                if bias:
                    tensors += [('bias_ih', (gate_size,)), ('bias_hh', (gate_size,))]
                if proj_size > 0:
                    tensors += [('weight_hr', (proj_size, hidden_size))]
                for name, shape in tensors:
                    setattr(self, name + suffix, Parameter(torch.empty(shape, device=device, dtype=dtype)))
                names = [name + suffix for name, _ in tensors]
                self._flat_weights_names.extend(names)
                self._all_weights.append(names)
        self.reset_parameters()
    @property
    def _flat_weights(self):
        return [getattr(self, name, None) for name in self._flat_weights_names]
    @property
    def all_weights(self):
        return [[getattr(self, name) for name in names] for names in self._all_weights]
    def flatten_parameters(self):
        pass
    def reset_parameters(self):
        pass
    def forward(self, input, hx=None):
        if not isinstance(input, torch.Tensor):
            return _unknown('what a recurrent layer makes of a packed sequence')
        if input.dim() not in (2, 3) or input.shape[-1] != self.input_size:
            raise RuntimeError('the input does not fit the layer')
        directions = 2 if self.bidirectional else 1
        size = self.proj_size if self.proj_size > 0 else self.hidden_size
        batch = () if input.dim() == 2 else (input.shape[0 if self.batch_first else 1],)
        output = input.new_empty(*input.shape[:-1], directions * size)
        hidden = input.new_empty(directions * self.num_layers, *batch, size)
        if self.mode != 'LSTM':
            return output, hidden
        return output, (hidden, input.new_empty(directions * self.num_layers, *batch, self.hidden_size))

class RNN(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        if len(args) > 3 and _since(2, 0):
            if not _since(2, 1):
                raise TypeError('the order of the arguments of nn.RNN differs between releases around this one')
            self_nonlinearity = args[3]
            args = args[:3] + args[4:]
        else:
            self_nonlinearity = kwargs.pop('nonlinearity', 'tanh')
        if self_nonlinearity == 'tanh':
            mode = 'RNN_TANH'
        elif self_nonlinearity == 'relu':
            mode = 'RNN_RELU'
        else:
            raise ValueError('Unknown nonlinearity')
        super().__init__(mode, *args, **kwargs)
        self.nonlinearity = self_nonlinearity

class LSTM(RNNBase):
    def __init__(self, *args, **kwargs):
        super().__init__('LSTM', *args, **kwargs)

class GRU(RNNBase):
    def __init__(self, *args, **kwargs):
        if 'proj_size' in kwargs:
            raise ValueError('proj_size argument is only supported for LSTM, not RNN or GRU')
        super().__init__('GRU', *args, **kwargs)

class RNNCellBase(Module):
    __constants__ = ['input_size', 'hidden_size', 'bias']
    def __init__(self, input_size, hidden_size, bias, num_chunks, device=None, dtype=None):
        super().__init__()
        self.input_size = input_size
        self.hidden_size = hidden_size
        self.bias = bias
        self.weight_ih = Parameter(torch.empty((num_chunks * hidden_size, input_size), device=device, dtype=dtype))
        self.weight_hh = Parameter(torch.empty((num_chunks * hidden_size, hidden_size), device=device, dtype=dtype))
        if bias:
            self.bias_ih = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
            self.bias_hh = Parameter(torch.empty(num_chunks * hidden_size, device=device, dtype=dtype))
        else:
            self.register_parameter('bias_ih', None)
            self.register_parameter('bias_hh', None)
        self.reset_parameters()
    def reset_parameters(self):
        pass
    def forward(self, input, hx=None):
        if input.shape[-1] != self.input_size:
            raise RuntimeError('the input does not fit the layer')
        hidden = input.new_empty(*input.shape[:-1], self.hidden_size)
        return (hidden, torch.empty_like(hidden)) if isinstance(self, LSTMCell) else hidden

class RNNCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, nonlinearity='tanh', device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 1, device, dtype)
        self.nonlinearity = nonlinearity

class LSTMCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 4, device, dtype)

class GRUCell(RNNCellBase):
    def __init__(self, input_size, hidden_size, bias=True, device=None, dtype=None):
        super().__init__(input_size, hidden_size, bias, 3, device, dtype)
`

export const SPARSE = String.raw`
import torch
from torch.nn.parameter import Parameter
from .module import Module

class Embedding(Module):
    __constants__ = ['num_embeddings', 'embedding_dim', 'padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
    def __init__(self, num_embeddings, embedding_dim, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False, _weight=None, *args, **options):
        super().__init__()
        names = ('_freeze', 'device', 'dtype') if _since(2, 0) else ('device', 'dtype')
        if len(args) > len(names):
            raise TypeError('too many positional arguments')
        given = dict(zip(names, args))
        for name in options:
            if name not in names or name in given:
                raise TypeError('unexpected keyword argument ' + name)
        given.update(options)
        frozen = given.get('_freeze', False)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        if padding_idx is not None:
            if padding_idx > 0:
                assert padding_idx < num_embeddings, 'Padding_idx must be within num_embeddings'
            elif padding_idx < 0:
                assert padding_idx >= -num_embeddings, 'Padding_idx must be within num_embeddings'
                padding_idx = num_embeddings + padding_idx
        self.padding_idx = padding_idx
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if _weight is None:
            self.weight = Parameter(torch.empty((num_embeddings, embedding_dim), device=given.get('device'), dtype=given.get('dtype')), requires_grad=not frozen)
            self.reset_parameters()
        else:
            assert list(_weight.shape) == [num_embeddings, embedding_dim], 'Shape of weight does not match num_embeddings and embedding_dim'
            self.weight = Parameter(_weight, requires_grad=not frozen)
        self.sparse = sparse
    def reset_parameters(self):
        pass
    def _fill_padding_idx_with_zero(self):
        pass
    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, padding_idx=None, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, sparse=False):
        assert embeddings.dim() == 2, 'Embeddings parameter is expected to be 2-dimensional'
        rows, cols = embeddings.shape
        embedding = cls(num_embeddings=rows, embedding_dim=cols, _weight=embeddings, padding_idx=padding_idx, max_norm=max_norm, norm_type=norm_type, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse)
        embedding.weight.requires_grad = not freeze
        return embedding

class EmbeddingBag(Module):
    __constants__ = ['num_embeddings', 'embedding_dim', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', 'include_last_offset', 'padding_idx']
    def __init__(self, num_embeddings, embedding_dim, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, _weight=None, include_last_offset=False, padding_idx=None, device=None, dtype=None):
        super().__init__()
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        if padding_idx is not None:
            if padding_idx > 0:
                assert padding_idx < num_embeddings, 'padding_idx must be within num_embeddings'
            elif padding_idx < 0:
                assert padding_idx >= -num_embeddings, 'padding_idx must be within num_embeddings'
                padding_idx = num_embeddings + padding_idx
        self.padding_idx = padding_idx
        if _weight is None:
            self.weight = Parameter(torch.empty((num_embeddings, embedding_dim), device=device, dtype=dtype))
            self.reset_parameters()
        else:
            assert list(_weight.shape) == [num_embeddings, embedding_dim], 'Shape of weight does not match num_embeddings and embedding_dim'
            self.weight = Parameter(_weight)
        self.mode = mode
        self.sparse = sparse
        self.include_last_offset = include_last_offset
    def reset_parameters(self):
        pass
    @classmethod
    def from_pretrained(cls, embeddings, freeze=True, max_norm=None, norm_type=2.0, scale_grad_by_freq=False, mode='mean', sparse=False, include_last_offset=False, padding_idx=None):
        assert embeddings.dim() == 2, 'Embeddings parameter is expected to be 2-dimensional'
        rows, cols = embeddings.shape
        bag = cls(num_embeddings=rows, embedding_dim=cols, _weight=embeddings, max_norm=max_norm, norm_type=norm_type, scale_grad_by_freq=scale_grad_by_freq, mode=mode, sparse=sparse, include_last_offset=include_last_offset, padding_idx=padding_idx)
        bag.weight.requires_grad = not freeze
        return bag
`
