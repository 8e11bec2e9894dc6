/** What calls do to a model: the methods of nn.Module, and functions that are known, or tell by their names. One table each. */

import type { CallExpression } from '../../syntax/ast.ts'

export type Effect = 'nothing' | 'settle' | 'state' | 'infer' | 'train' | 'load' | 'change' | 'device' | 'cpu' | 'gpu' | 'other-precision' | 'float32' | 'quantize' | 'escape' | { readonly refuse: string }

const effects = (effect: Effect, ...names: readonly string[]): readonly (readonly [string, Effect])[] => names.map((name) => [name, effect] as const)

/** Methods of nn.Module by what they do to the model. */
const moduleMethods = new Map<string, Effect>([
  ...effects('nothing', 'children', 'named_children', 'modules', 'named_modules', 'get_submodule', 'get_buffer', 'zero_grad', 'extra_repr'),
  // What counts parameters counts those of before.
  ...effects('settle', 'eval', 'requires_grad_', 'share_memory', 'parameters', 'named_parameters', 'buffers', 'named_buffers'),
  // Whoever saves the state wants the state of before, where there is a choice: the file then stays what it was.
  ...effects('settle', 'state_dict'),
  ...effects('state', 'get_parameter'),
  ...effects('load', 'load_state_dict', 'load_pretrained', 'load_weights', 'load_from_checkpoint'),
  ...effects('change', 'apply', 'add_module', 'register_module', 'register_parameter', 'register_buffer', 'append', 'extend', 'insert', 'pop', 'to_empty', 'init_weights',
    'reset_parameters', '_init_weights', 'register_forward_hook', 'register_forward_pre_hook', 'register_full_backward_hook'),
  ...effects('infer', 'forward', '__call__'),
  ...effects({ refuse: 'it is compiled, and compiling runs before the layers would change' }, 'compile'),
  ...effects('device', 'to', 'type'),
  ...effects('cpu', 'cpu'),
  ...effects('gpu', 'cuda', 'xpu', 'mps', 'hpu', 'ipu'),
  ...effects('other-precision', 'half', 'bfloat16', 'double'),
  ...effects('float32', 'float'),
])

/** What a method of the model does; undefined for one that nn.Module does not have. */
export function moduleMethod(name: string, call: CallExpression): Effect | undefined {
  if (name === 'train') return isFalse(call) ? 'settle' : 'train'
  return moduleMethods.get(name)
}

function isFalse(call: CallExpression): boolean {
  const mode = call.args[0]?.value
  return mode?.kind === 'constant' && mode.value === 'False'
}

/** Functions by their dotted names as imports resolve them. */
const knownFunctions = new Map<string, Effect>([
  ...effects('settle', 'torch.save', 'pickle.dump', 'safetensors.torch.save_model', 'torchinfo.summary', 'torchsummary.summary', 'wandb.watch', 'torch.nn.utils.parameters_to_vector'),
  ...effects('load', 'safetensors.torch.load_model', 'timm.models.load_checkpoint'),
  ...effects('change', 'torch.nn.utils.vector_to_parameters', 'torch.nn.utils.prune.global_unstructured'),
  ...effects('escape', 'copy.deepcopy', 'copy.copy', 'torch.nn.DataParallel', 'torch.nn.parallel.DataParallel', 'torch.nn.parallel.DistributedDataParallel', 'torch.nn.Sequential'),
  ...effects('quantize', 'torch.ao.quantization.quantize_dynamic', 'torch.ao.quantization.quantize', 'torch.ao.quantization.quantize_qat', 'torch.ao.quantization.prepare',
    'torch.ao.quantization.prepare_qat', 'torch.ao.quantization.convert', 'torch.ao.quantization.prepare_fx', 'torch.ao.quantization.prepare_qat_fx', 'torch.ao.quantization.convert_fx',
    'torchao.quantization.quantize_', 'torchao.quantize_', 'torchao.autoquant', 'torchao.quantization.autoquant', 'optimum.quanto.quantize', 'quanto.quantize'),
  ...effects({ refuse: 'it is compiled, and compiling runs before the layers would change' }, 'torch.compile', 'torch._dynamo.optimize'),
  ...effects({ refuse: 'it is exported, and a dynamically quantized model cannot be' }, 'torch.export.export', 'torch.onnx.export', 'torch.onnx.dynamo_export', 'torch.export.export_for_training'),
  ...effects('infer', 'torch.jit.trace', 'torch.jit.script', 'torch.func.functional_call', 'torch.utils.benchmark.Timer'),
])

export function knownFunction(qualified: string | undefined): Effect | undefined {
  return qualified === undefined ? undefined : knownFunctions.get(qualified)
}

const looks = new Set(['print', 'len', 'type', 'isinstance', 'issubclass', 'id', 'repr', 'str', 'hasattr', 'getattr', 'vars', 'dir', 'callable', 'summary', 'getsizeof',
  'sum', 'next', 'enumerate', 'zip', 'info', 'debug', 'warning', 'log', 'pprint', 'watch', 'count_parameters', 'count_params', 'get_model_size', 'list', 'tuple', 'set', 'dict', 'iter'])

/**
 * What a function does that nobody can look into, from its name and its other arguments. A wrong guess towards inference
 * could quantize what is trained afterwards, so every sign of training or loading counts as that, and a name that says nothing
 * is a reason not to touch the model.
 */
export function namedFunction(name: string, others: readonly string[]): Effect {
  if (looks.has(name)) return 'nothing'
  if (name === 'setattr' || name === 'delattr') return 'change'
  const trains = /train|fit$|^fit|finetune|fine_tune|optimi[sz]|learn|lr_find|backward|accelerat|initialize|ddp|fsdp/i.test(name) || others.some((text) => /optim|criterion|loss|scheduler|scaler|epochs/i.test(text))
  // A class only keeps the model: what it does with it comes later.
  if (trains) return /^[A-Z]/.test(name) ? { refuse: `it is handed to \`${name}\`, which may train it later` } : 'train'
  if (/quantiz/i.test(name)) return 'quantize'
  if (/load|restore|resume|init|freeze|prune|prepare|fuse|replace|patch|convert|inject|surgery|swap|wrap|resize|tie/i.test(name)) return 'change'
  if (/save|export|dump|checkpoint|summar|count|size|param|plot|draw|log|describe|inspect|report|hash/i.test(name)) return 'settle'
  if (/append|add|push|put|register|setdefault|insert|extend|cache/i.test(name)) return 'escape'
  if (infers.test(name)) return 'infer'
  return { refuse: `it is handed to \`${name || 'a call'}\`, which cannot be looked into here` }
}

/** Words of functions that let a model compute and leave it as it is. */
const infers = /predict|infer|eval|test|valid|classif|detect|segment|embed|encod|decod|generat|sampl|scor|forward|bench|measur|latency|time|profil|demo|translat|answer|caption|recogni|transcri|accura|metric|confusion|visuali|explain|cam$|serv|warm|rank|retriev|search|pipeline|app$/i
