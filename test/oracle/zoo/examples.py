"""What real PyTorch says about the model classes of two projects of examples, each with constructor arguments.

usage: python examples.py OUT.json.gz PYTORCH_EXAMPLES NANOGPT     (folders of github.com/pytorch/examples and github.com/karpathy/nanoGPT)

Files are scripts: their statements run one by one, those that fail, loop or start the work are left out, as far as
imports, definitions and settings go. The keys are `PROJECT/FILE.py:EXPRESSION`; `assumed` says what the command line gave.
"""
import ast, gzip, importlib, json, os, sys, warnings

sys.argv = sys.argv[:4]
OUT, ROOTS = sys.argv[1], {'examples': sys.argv[2], 'nanoGPT': sys.argv[3]}
warnings.filterwarnings('ignore')
import torch

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

SNLI = "type('Config', (), dict(n_embed=1000, d_embed=100, d_proj=300, d_hidden=300, d_out=4, n_layers=%s, dp_ratio=0.2, birnn=%s, projection=%s, fix_emb=True, n_cells=2))()"
TABLE = {
    'examples/gat/main.py': ['GraphAttentionLayer(10, 8, 4)', 'GraphAttentionLayer(10, 8, 4, concat=True)', 'GAT(in_features=1433, n_hidden=64, n_heads=8, num_classes=7)', 'GAT(1433, 64, 8, 7, concat=True)'],
    'examples/gcn/main.py': ['GraphConv(5, 7)', 'GraphConv(5, 7, use_bias=True)', 'GCN(1433, 16, 7)', 'GCN(1433, 16, 7, use_bias=False)'],
    'examples/language_translation/src/model.py': ['PositionalEncoding(512, 0.1)', 'Translator(3, 2, 512, 8, 10000, 9000, 1024, 0.1)'],
    'examples/reinforcement_learning/actor_critic.py': ['Policy()'],
    'examples/reinforcement_learning/reinforce.py': ['Policy()'],
    'examples/vae/main.py': ['VAE()'],
    'examples/time_sequence_prediction/train.py': ['Sequence()'],
    'examples/fx/replace_op.py': ['M()'],
    'examples/fx/inline_function.py': ['M()'],
    'examples/fx/profiling_tracer.py': ['Foo()'],
    'examples/fx/native_interpreter/use_interpreter.py': ['MyElementwiseModule()'],
    'examples/fx/primitive_library.py': ['Foo()'],
    'examples/fx/custom_tracer.py': ['M1()', 'M2()'],
    'examples/fx/wrap_output_dynamically.py': ['M()'],
    'examples/fx/subgraph_rewriter_basic_use.py': ['M()'],
    'examples/siamese_network/main.py': ['SiameseNetwork()'],
    'examples/mnist/main.py': ['Net()'],
    'examples/mnist_rnn/main.py': ['Net()'],
    'examples/mnist_hogwild/main.py': ['Net()'],
    'examples/mnist_forward_forward/main.py': ['Net([784, 500, 500])', 'Layer(784, 500)'],
    'examples/super_resolution/model.py': ['Net(3)', 'Net(upscale_factor=4)'],
    'examples/dcgan/main.py': ['Generator(1)', 'Discriminator(ngpu=1)'],
    'examples/fast_neural_style/neural_style/transformer_net.py': ['TransformerNet()', 'ConvLayer(3, 8, 3, 1)', 'ResidualBlock(16)', 'UpsampleConvLayer(8, 4, kernel_size=3, stride=1, upsample=2)'],
    'examples/fast_neural_style/neural_style/vgg.py': ['Vgg16()', 'Vgg16(requires_grad=True)'],
    'examples/legacy/snli/model.py': ['Encoder(%s)' % (SNLI % (2, True, True)), 'SNLIClassifier(%s)' % (SNLI % (1, True, True)), 'SNLIClassifier(%s)' % (SNLI % (2, False, True))],
    'examples/distributed/FSDP2/model.py': ['Attention(ModelArgs())', 'FeedForward(16, 64, 0.1)', 'TransformerBlock(ModelArgs())', 'Transformer(ModelArgs())', 'Transformer(ModelArgs(n_layers=3, vocab_size=100, dim=32, n_heads=4))'],
    'examples/distributed/rpc/parameter_server/rpc_parameter_server.py': ['Net()', 'ParameterServer()', 'TrainerNet()'],
    'examples/distributed/rpc/ddp_rpc/main.py': ["HybridModel(None, 'cpu')"],
    'examples/distributed/rpc/pipeline/main.py': ["ResNetBase(Bottleneck, 64)", "DistResNet50(4, ['parameter_server', 'parameter_server'])", "ResNetShard1('cpu')", "ResNetShard2('cpu')", "ResNetShard1('cpu', groups=2, width_per_group=32)"],
    'examples/distributed/rpc/rl/main.py': ['Policy()'],
    'examples/distributed/rpc/rnn/rnn.py': ['EmbeddingTable(100, 20, 0.5)', 'Decoder(100, 20, 0.5)', "RNNModel('parameter_server', 100, 20, 30, 2)"],
    'examples/distributed/rpc/batch/reinforce.py': ['Policy()', 'Policy(batch=False)'],
    'examples/distributed/tensor_parallelism/sequence_parallel_example.py': ['ToyModel()'],
    'examples/distributed/tensor_parallelism/tensor_parallel_example.py': ['ToyModel()'],
    'examples/distributed/tensor_parallelism/llama2_model.py': ['RMSNorm(64)', 'Attention(ModelArgs())', 'FeedForward(64, 256, 256, None)', 'FeedForward(64, 256, 32, 1.3)', 'TransformerBlock(0, ModelArgs())', 'Transformer(ModelArgs(vocab_size=100, dim=256, n_layers=2, n_heads=16))'],
    'examples/distributed/minGPT-ddp/mingpt/model.py': ["MultiheadAttentionLayer(GPTConfig(n_layer=2, n_head=4, n_embd=64))", 'Block(GPTConfig(n_layer=2, n_head=4, n_embd=64))', 'EmbeddingStem(GPTConfig(n_embd=64))', 'GPT(GPTConfig())', "GPT(GPTConfig(model_type='gpt-nano'))"],
    'examples/distributed/ddp/example.py': ['ToyModel()'],
    'nanoGPT/model.py': ['LayerNorm(64, bias=True)', 'LayerNorm(64, bias=False)', 'CausalSelfAttention(GPTConfig())', 'MLP(GPTConfig(bias=False))', 'Block(GPTConfig())', 'GPT(GPTConfig())', 'GPT(GPTConfig(n_layer=24, n_head=16, n_embd=1024, vocab_size=50257, bias=False))', 'GPT(GPTConfig(block_size=256, n_layer=6, n_head=6, n_embd=384, dropout=0.2))'],
}
# Classes that use names which only the work under `if __name__ == '__main__'` defines.
AS_MAIN = ['examples/mnist_forward_forward/main.py']
# What the command line gives, where a script does not run without.
ARGUMENTS = {'examples/dcgan/main.py': ['--dataset', 'fake']}
ASSUMED = {'examples/dcgan/main.py': {'opt.dataset': "'fake'"}}


def describe(model):
    import hashlib
    digest = hashlib.sha256()
    state = model.state_dict()
    for name, tensor in state.items():
        digest.update(('%s|%s|%s\n' % (name, ','.join(map(str, tensor.shape)), str(tensor.dtype).replace('torch.', ''))).encode())
    parameters, buffers = list(model.parameters()), list(model.buffers())
    return {'parameters': sum(p.numel() for p in parameters), 'trainable': sum(p.numel() for p in parameters if p.requires_grad), 'bufferElements': sum(b.numel() for b in buffers),
            'parameterBytes': sum(p.numel() * p.element_size() for p in parameters), 'bufferBytes': sum(b.numel() * b.element_size() for b in buffers), 'entries': len(state), 'hash': digest.hexdigest()[:16]}


def is_setting(statement):
    if isinstance(statement, ast.Assign):
        return not any(isinstance(node, ast.Call) and getattr(node.func, 'attr', '') in ('to', 'cuda', 'DataLoader') for node in ast.walk(statement))
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Call) and getattr(statement.value.func, 'attr', '') == 'add_argument'
    if isinstance(statement, ast.If):
        return not any(isinstance(node, (ast.For, ast.While, ast.With)) for node in ast.walk(statement))
    return isinstance(statement, (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef, ast.AnnAssign, ast.Try))


def settings_of(body):
    for statement in body:
        if isinstance(statement, ast.If) and '__name__' in ast.unparse(statement.test):
            yield from settings_of(statement.body)
        elif is_setting(statement):
            yield statement


def namespace_of(path, arguments):
    source = open(path, encoding='utf-8').read()
    names = {'__name__': 'script', '__file__': path}
    module = type(sys)('script')
    module.__dict__.update(names)
    sys.modules['script'] = module
    sys.argv = [path] + arguments
    for statement in settings_of(ast.parse(source).body):
        try:
            exec(compile(ast.Module([statement], []), path, 'exec'), module.__dict__)
        except (Exception, SystemExit) as error:
            print('   ', os.path.basename(path), statement.lineno, type(error).__name__, str(error)[:90], file=sys.stderr)
    return module.__dict__


def never_download(*args, **kwargs):
    return {}


def start_distributed():
    """One process that is every worker, so that models which are spread over several can be made."""
    import torch.distributed, torch.distributed.rpc as rpc
    os.environ.update(MASTER_ADDR='127.0.0.1', MASTER_PORT='29511')
    rpc.init_rpc('parameter_server', rank=0, world_size=1)
    os.environ['MASTER_PORT'] = '29512'
    torch.distributed.init_process_group('gloo', rank=0, world_size=1)


def main():
    start_distributed()
    torch.hub.load_state_dict_from_url = never_download
    import torchvision.models.vgg as vgg
    from torchvision.models._api import WeightsEnum
    WeightsEnum.get_state_dict = never_download
    vgg.VGG.load_state_dict = lambda self, *args, **kwargs: None
    results = {}
    for key, expressions in TABLE.items():
        project, _, inner = key.partition('/')
        path = os.path.join(ROOTS[project], inner)
        before, old_path = set(sys.modules), list(sys.path)
        sys.path.insert(0, os.path.dirname(path))
        names = namespace_of(path, ARGUMENTS.get(key, []))
        for expression in expressions:
            try:
                with torch.device('meta'):
                    result = describe(eval(expression, names))
            except Exception as first:
                try:
                    result = describe(eval(expression, names))
                except Exception as error:
                    result = {'error': type(error).__name__, 'message': str(error)[:160]}
            results['%s:%s' % (key, expression)] = result
        sys.path[:] = old_path
        for name in set(sys.modules) - before:
            file = getattr(sys.modules[name], '__file__', None) or ''
            if any(file.startswith(root) for root in ROOTS.values()):
                del sys.modules[name]
    document = {'torch': torch.__version__.split('+')[0], 'package': 'pytorch/examples and nanoGPT', 'version': '', 'kind': 'files', 'assumed': ASSUMED, 'asMain': AS_MAIN, 'models': results}
    with gzip.GzipFile(OUT, 'wb', mtime=0) as file:
        file.write(json.dumps(document, separators=(',', ':')).encode())
    print(len(results), 'models', file=sys.stderr)
    for target, result in results.items():
        if 'error' in result:
            print('  ', target, result, file=sys.stderr)
    sys.stderr.flush()
    # The workers would wait for each other.
    os._exit(0)


main()
