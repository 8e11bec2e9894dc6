import { beforeAll, expect, it } from 'vitest'
import { createModelSession, type ModelSession } from '../../../server/src/core/layers/model-session.ts'
import { countModel } from '../../../server/src/core/model/counts.ts'
import { startPythonParser } from '../../../server/src/host/python-parser.ts'
import { memoryFiles } from './memory-files.ts'

const texts = new Map<string, string>()
let session: ModelSession
beforeAll(async () => {
  texts.set('/p/main.py', program)
  session = createModelSession({ files: memoryFiles(texts), parser: await startPythonParser(process.cwd()), roots: ['/p'], sitePackages: [], torchVersion: '2.6.0' })
})

/** Layers that are made, changed or looked at as data goes through; figures of PyTorch 2.13.0 where they are said to be exact. */
const program = `
import copy
import torch
from torch import nn

class Hooked(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net, self.proj, self.hidden = net, None, {}
        [*net.children()][-1].register_forward_hook(self._hook)
        self.forward(torch.randn(2, 3, 8, 8))
    def _hook(self, _, input, output):
        self.hidden[input[0].device] = output.flatten(1)
    def forward(self, x):
        self.net(x)
        h = self.hidden[x.device]
        if self.proj is None:
            self.proj = nn.Linear(h.shape[1], 7)
        return self.proj(h)

class Grows(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = None
    def forward(self, x):
        if self.head is None:
            self.head = nn.Linear(x.shape[1], 3)
        return self.head(x)

class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(5, 5)
        self.inner = Grows()
    def forward(self, x):
        return self.inner(self.first(x))

def keeps(key):
    def wrap(fn):
        def inner(self, *args):
            if getattr(self, key) is None:
                setattr(self, key, fn(self, *args))
            return getattr(self, key)
        return inner
    return wrap

class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.net, self.twin = nn.Linear(4, 4), None
    @keeps('twin')
    def _twin(self):
        return copy.deepcopy(self.net)
    def forward(self, x):
        return self._twin()(x)

class Remembers(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(4, 4), nn.Linear(4, 2)
    def forward(self, x):
        out, self.hidden = self.lstm(x)
        self.attention = nn.Softmax(dim=-1)(out)
        return self.fc(self.attention)

hooked = Hooked(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()))
known = Grows(); known(torch.randn(2, 5))
data = torch.load('data.pt')
grows = Grows(); grows(data)
inner = Outer(); inner(data)
wrapped = Wrapped(); wrapped(data)
remembers = Remembers(); remembers(data)
seen = []
before, after = nn.ReLU(), nn.ReLU()
before.register_forward_pre_hook(lambda m, args: (torch.cat([args[0], args[0]], 1),))
after.register_forward_hook(lambda m, args, out: seen.append(out.shape[1]))
handle = after.register_forward_hook(lambda m, args, kwargs, out: out[:, :1], with_kwargs=True)
widths = nn.Linear(before(torch.randn(2, 3)).shape[1], after(torch.randn(2, 3)).shape[1] + seen[0])
handle.remove()
removed = nn.Linear(1, after(torch.randn(2, 3)).shape[1])
def looks(m, args, out):
    if not hasattr(m, 'extra'):
        m.extra = nn.Linear(2, 2)
hooks = nn.Linear(4, 4); hooks.register_forward_hook(looks); hooks(data)
`

it.each([
  ['hooked', 'exact', 1127], ['known', 'exact', 18], ['widths', 'exact', 28], ['removed', 'exact', 6], ['remembers', 'exact', 170],
] as const)('%s is %s', (expression, certainty, parameters) => {
  const model = session.evaluate({ file: '/p/main.py', expression })
  expect([model.certainty, countModel(model).parameters.value]).toEqual([certainty, parameters])
})

it.each(['grows', 'inner', 'wrapped', 'hooks'])('what the forward pass of %s may have made is not left out', (expression) => {
  expect(session.evaluate({ file: '/p/main.py', expression }).certainty).not.toBe('exact')
})
