/** Where a quantization may stand, without models: every call of a class named Net (or build()) counts as one. */

import { describe, expect, test } from 'vitest'
import { bindingsAt, groupBindings, placementFor, readFlow } from '../../../server/src/core/rules/flow/model-flow.ts'
import { insertStatements } from '../../../server/src/core/rules/flow/insertion.ts'
import { applyEdits } from '../../../server/src/core/text/line-index.ts'
import { parsePython } from '../../support/python.ts'

/** The text with `#Q` lines where models would be quantized, or the reasons against it. */
async function quantized(text: string): Promise<string> {
  const source = await parsePython(text)
  const flow = readFlow(source)
  const offsets = new Set([...text.matchAll(/(?<![\w.])((?:self\.)?\w+)(?:: \w+\.[\w.]+)?(?:, \w+)? :?= (?:Net|build)\(/g)].map((match) => match.index))
  const results: string[] = []
  let out = text
  for (const bindings of groupBindings(bindingsAt(flow, offsets)).toReversed()) {
    const { placement } = placementFor(flow, { bindings, modelClass: 'Net', isConverted: (path) => path[0] === 'fc' })
    const name = bindings[0]!.variable.text
    if (placement.kind === 'place') out = applyEdits(out, [insertStatements(source, placement.point, [`Q(${name})`])])!
    else results.push(placement.kind === 'refused' ? `${name}: ${placement.reason}` : `${name}: silent`)
  }
  return results.length ? results.join('\n') : out
}

const cases: readonly (readonly [string, string, string])[] = [
  ['plain', 'model = Net()\nx = 1\ny = model(x)\n', 'model = Net()\nQ(model)\nx = 1\ny = model(x)\n'],
  ['after load and eval', 'model = Net()\nmodel.load_state_dict(w)\nmodel.eval()\nwith torch.no_grad():\n  model(x)\n', 'model = Net()\nmodel.load_state_dict(w)\nmodel.eval()\nQ(model)\nwith torch.no_grad():\n  model(x)\n'],
  ['chained eval', 'model = Net().eval()\nmodel(x)', 'model = Net().eval()\nQ(model)\nmodel(x)'],
  ['cuda', 'model = Net().cuda()\nmodel(x)', 'model: it is moved to CUDA, where dynamically quantized layers do not run'],
  ['cuda by to', 'model = Net()\nmodel = model.to("cuda:0")\nmodel(x)', 'model: it is moved to CUDA, where dynamically quantized layers do not run'],
  ['cuda by a name', 'import torch\ndevice = torch.device("cuda" if torch.cuda.is_available() else "cpu")\nmodel = Net().to(device)\nmodel(x)', 'model: it is moved to CUDA, where dynamically quantized layers do not run'],
  ['cpu by a name', 'import torch\ndevice = torch.device("cpu")\nmodel = Net().to(device)\nmodel(x)', 'import torch\ndevice = torch.device("cpu")\nmodel = Net().to(device)\nQ(model)\nmodel(x)'],
  ['cuda afterwards', 'model = Net()\nmodel(x)\nmodel.cuda()\n', 'model: it is moved to CUDA, where dynamically quantized layers do not run'],
  ['back from cuda', 'model = Net().cuda()\nmodel = model.cpu()\nmodel(x)\n', 'model = Net().cuda()\nmodel = model.cpu()\nQ(model)\nmodel(x)\n'],
  ['training, no inference', 'model = Net()\nopt = SGD(model.parameters())\nfor _ in r:\n  opt.zero_grad()\n  model(x).sum().backward()\n  opt.step()\n', 'model: it is trained here, and no inference follows'],
  ['after the training loop', 'model = Net()\nopt = SGD(model.parameters())\nfor _ in r:\n  loss = model(x)\n  loss.backward()\n  opt.step()\n  # end\nmodel.eval()\nprint(model(x))\n', 'model = Net()\nopt = SGD(model.parameters())\nfor _ in r:\n  loss = model(x)\n  loss.backward()\n  opt.step()\n  # end\nmodel.eval()\nQ(model)\nprint(model(x))\n'],
  ['training continues', 'model = Net()\nprint(model(x))\nopt = SGD(model.parameters())\nfor _ in r:\n  model(x).backward()\n  opt.step()\n', 'model: training continues after its first use'],
  ['validation inside the loop', 'model = Net()\nopt = SGD(model.parameters())\nfor _ in r:\n  model(x).backward()\n  opt.step()\n  with torch.no_grad():\n    print(model(v))\n', 'model: it is trained here, and no inference follows'],
  ['branches', 'if a:\n    model = Net()\nelse:\n    model = Net(a=2)\ny = model(x)\n', 'if a:\n    model = Net()\nelse:\n    model = Net(a=2)\nQ(model)\ny = model(x)\n'],
  ['only one branch', 'if a:\n    model = Net()\n    y = model(x)\nz = 1\n', 'if a:\n    model = Net()\n    Q(model)\n    y = model(x)\nz = 1\n'],
  ['maybe unbound later', 'if a:\n    model = Net()\nz = 1\nif a:\n    model(z)\n', 'if a:\n    model = Net()\n    Q(model)\nz = 1\nif a:\n    model(z)\n'],
  ['train or serve', 'model = Net()\nif train:\n    fit(model)\nelse:\n    model.load_state_dict(w)\n    print(model(x))\n', 'model = Net()\nif train:\n    fit(model)\nelse:\n    model.load_state_dict(w)\n    Q(model)\n    print(model(x))\n'],
  ['walrus', 'if (model := Net()):\n    pass\ny = model(x)\n', 'if (model := Net()):\n    pass\nQ(model)\ny = model(x)\n'],
  ['one line', 'model = Net(); model.eval()\ny = model(x)\n', 'model = Net(); model.eval()\nQ(model)\ny = model(x)\n'],
  ['all in one line', 'model = Net(); y = model(x)\n', 'model = Net(); Q(model); y = model(x)\n'],
  ['function in one line', 'def f(): model = Net(); return model(x)\n', 'def f(): model = Net(); Q(model); return model(x)\n'],
  ['suite in one line', 'if a: model = Net()\nelse: raise E\nmodel(x)\n', 'if a: model = Net()\nelse: raise E\nQ(model)\nmodel(x)\n'],
  ['returned use', 'def f():\n\tmodel = Net()\n\treturn model(x)\n', 'def f():\n\tmodel = Net()\n\tQ(model)\n\treturn model(x)\n'],
  ['returned model', 'def build():\n    model = Net()\n    return model\n', 'model: no inference use follows'],
  ['self', 'class R:\n    def __init__(self):\n        self.model = Net()\n        self.model.eval()\n    def run(self, x):\n        return self.model(x)\n', 'class R:\n    def __init__(self):\n        self.model = Net()\n        self.model.eval()\n        Q(self.model)\n    def run(self, x):\n        return self.model(x)\n'],
  ['self, trained', 'class R:\n    def __init__(self):\n        self.model = Net()\n        self.opt = Adam(self.model.parameters())\n    def fit(self, x):\n        self.model(x).backward()\n        self.opt.step()\n    def run(self, x):\n        return self.model(x)\n', 'self.model: `fit` may train it later'],
  ['self, loaded apart', 'class R:\n    def __init__(self):\n        self.model = Net()\n    def load(self, w):\n        self.model.load_state_dict(w)\n    def run(self, x):\n        return self.model(x)\n', 'self.model: `load` may change it later'],
  ['self, loaded from init', 'class R:\n    def __init__(self):\n        self.model = Net()\n        self.load(w)\n        self.k = 1\n    def load(self, w):\n        self.model.load_state_dict(w)\n    def run(self, x):\n        return self.model(x)\n', 'class R:\n    def __init__(self):\n        self.model = Net()\n        self.load(w)\n        Q(self.model)\n        self.k = 1\n    def load(self, w):\n        self.model.load_state_dict(w)\n    def run(self, x):\n        return self.model(x)\n'],
  ['lazily made', 'class R:\n    model = None\n    def load(self):\n        self.model = Net()\n        self.model.load_state_dict(w)\n    def run(self, x):\n        if self.model is None:\n            self.load()\n        return self.model(x)\n', 'class R:\n    model = None\n    def load(self):\n        self.model = Net()\n        self.model.load_state_dict(w)\n        Q(self.model)\n    def run(self, x):\n        if self.model is None:\n            self.load()\n        return self.model(x)\n'],
  ['handler', 'model = Net()\nmodel.load_state_dict(w)\n@app.post("/")\ndef predict(x):\n    return model(x)\n', 'model = Net()\nmodel.load_state_dict(w)\nQ(model)\n@app.post("/")\ndef predict(x):\n    return model(x)\n'],
  ['evaluate(model)', 'def evaluate(m, data):\n    m.eval()\n    for x in data:\n        print(m(x))\nmodel = Net()\nevaluate(model, d)\n', 'def evaluate(m, data):\n    m.eval()\n    for x in data:\n        print(m(x))\nmodel = Net()\nQ(model)\nevaluate(model, d)\n'],
  ['train(model) then test(model)', 'def run(m, o):\n    m(x).backward()\n    o.step()\ndef test(m):\n    return m(x)\nmodel = Net()\nopt = Adam(model.parameters())\nfor e in r:\n    run(model, opt)\n    test(model)\nprint(test(model))\ntorch.save(model.state_dict(), p)\n', 'def run(m, o):\n    m(x).backward()\n    o.step()\ndef test(m):\n    return m(x)\nmodel = Net()\nopt = Adam(model.parameters())\nfor e in r:\n    run(model, opt)\n    test(model)\nQ(model)\nprint(test(model))\ntorch.save(model.state_dict(), p)\n'],
  ['save before use', 'model = Net()\ntorch.save(model.state_dict(), p)\nmodel(x)\n', 'model = Net()\ntorch.save(model.state_dict(), p)\nQ(model)\nmodel(x)\n'],
  ['weight read', 'model = Net()\nmodel(x)\nprint(model.fc.weight.shape)\n', 'model: line 3 reads `fc.weight`, which a quantized layer does not have'],
  ['weight of a layer that stays', 'model = Net()\nmodel(x)\nprint(model.norm.weight.shape)\n', 'model = Net()\nQ(model)\nmodel(x)\nprint(model.norm.weight.shape)\n'],
  ['weight written before', 'model = Net()\nnn.init.zeros_(model.fc.weight)\nwith torch.no_grad():\n    model.fc.weight.copy_(w)\nmodel(x)\n', 'model = Net()\nnn.init.zeros_(model.fc.weight)\nwith torch.no_grad():\n    model.fc.weight.copy_(w)\nQ(model)\nmodel(x)\n'],
  ['parameters looked up before', 'model = Net()\nw = dict(model.named_parameters())["fc.weight"]\nmodel(x)\n', 'model = Net()\nw = dict(model.named_parameters())["fc.weight"]\nQ(model)\nmodel(x)\n'],
  ['parameters looked up after', 'model = Net()\nmodel(x)\nprint(model.state_dict()["fc.weight"])\n', 'model: line 3 looks up its parameters, and a quantized layer has none'],
  ['first parameter after', 'model = Net()\ndef run(x):\n    return model(x.to(next(model.parameters()).device))\n', 'model: line 3 looks up its parameters, and a quantized layer has none'],
  ['state copied after', 'model = Net()\nmodel(x)\nother.load_state_dict(model.state_dict())\n', 'model: line 3 looks up its parameters, and a quantized layer has none'],
  ['state saved after', 'model = Net()\nmodel(x)\ntorch.save(model.state_dict(), p)\n', 'model = Net()\nQ(model)\nmodel(x)\ntorch.save(model.state_dict(), p)\n'],
  ['surgery', 'model = Net()\nmodel.fc = nn.Linear(2, 3)\nmodel(x)\n', 'model = Net()\nmodel.fc = nn.Linear(2, 3)\nQ(model)\nmodel(x)\n'],
  ['quantized already', 'from torch.quantization import quantize_dynamic as qd\nmodel = Net()\nmodel = qd(model)\nmodel(x)\n', 'model: silent'],
  ['quantized under another name', 'import torch\nmodel = Net()\nq = torch.ao.quantization.quantize_dynamic(model)\nq(x)\n', 'model: silent'],
  ['two models', 'a = Net()\nb = Net()\ny = a(x) + b(x)\n', 'a = Net()\nQ(a)\nb = Net()\nQ(b)\ny = a(x) + b(x)\n'],
  ['a model per fold', 'for f in folds:\n    model = Net()\n    model.load_state_dict(w[f])\n    print(model(x))\n', 'for f in folds:\n    model = Net()\n    model.load_state_dict(w[f])\n    Q(model)\n    print(model(x))\n'],
  ['serving loop', 'model = Net()\nwhile True:\n    model(get())\n', 'model = Net()\nQ(model)\nwhile True:\n    model(get())\n'],
  ['early return', 'def main():\n    model = Net()\n    if dry:\n        return\n    model.load_state_dict(w)\n    return model(x)\n', 'def main():\n    model = Net()\n    if dry:\n        return\n    model.load_state_dict(w)\n    Q(model)\n    return model(x)\n'],
  ['try', 'model = Net()\ntry:\n    model.load_state_dict(w)\nexcept OSError:\n    print("none")\nmodel(x)\n', 'model = Net()\ntry:\n    model.load_state_dict(w)\nexcept OSError:\n    print("none")\nQ(model)\nmodel(x)\n'],
  ['made in a try that ends the program', 'try:\n    model = Net()\nexcept Exception:\n    sys.exit(1)\nmodel(x)\n', 'try:\n    model = Net()\nexcept Exception:\n    sys.exit(1)\nQ(model)\nmodel(x)\n'],
  ['handed to a library trainer', 'model = Net()\ntrainer = Trainer(model=model, args=a)\ntrainer.train()\nmodel(x)\n', 'model: it is handed to `Trainer`, which may train it later'],
  ['handed to what nobody can look into', 'from somewhere import go\nmodel = Net()\ngo(model)\nmodel(x)\n', 'model: it is handed to `go`, which cannot be looked into here'],
  ['handed to what infers by its name', 'from somewhere import predict_all\nmodel = Net()\npredict_all(model)\n', 'from somewhere import predict_all\nmodel = Net()\nQ(model)\npredict_all(model)\n'],
  ['own method that infers', 'class Net(nn.Module):\n    def generate(self, x):\n        return self(x)\nmodel = Net()\nmodel.generate(x)\n', 'class Net(nn.Module):\n    def generate(self, x):\n        return self(x)\nmodel = Net()\nQ(model)\nmodel.generate(x)\n'],
  ['half', 'model = Net().half()\nmodel(x)\n', 'model: it is not float32, which dynamic quantization needs'],
  ['exported', 'import torch\nmodel = Net()\nmodel(x)\ntorch.onnx.export(model, x, "m")\n', 'model: it is exported, and a dynamically quantized model cannot be'],
  ['only counted', 'model = Net()\nprint(sum(p.numel() for p in model.parameters()))\n', 'model: no inference use follows'],
  ['annotated', 'model: nn.Module = Net()\nmodel(x)\n', 'model: nn.Module = Net()\nQ(model)\nmodel(x)\n'],
  ['no new line at the end', 'def f():\n    model = Net()\n    return model(x)', 'def f():\n    model = Net()\n    Q(model)\n    return model(x)'],
  ['global in a function', 'model = None\ndef load():\n    global model\n    model = Net()\n    model.load_state_dict(w)\ndef predict(x):\n    return model(x)\n', 'model = None\ndef load():\n    global model\n    model = Net()\n    model.load_state_dict(w)\n    Q(model)\ndef predict(x):\n    return model(x)\n'],
  ['syntax error elsewhere', 'model = Net()\n%matplotlib inline\nmodel(x)\n', 'model = Net()\nQ(model)\n%matplotlib inline\nmodel(x)\n'],
]

describe('placing', () => {
  test.each(cases)('%s', async (_name, text, expected) => {
    expect(await quantized(text)).toBe(expected)
    if (!text.includes('\t')) expect(await quantized(text.replaceAll('\n', '\r\n'))).toBe(expected.includes(': ') && !expected.includes('=') ? expected : expected.replaceAll('\n', '\r\n'))
  })
})
