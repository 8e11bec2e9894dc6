"""Writes test/fixtures/checkpoints/globals.json.gz: pickles that would run something when they are loaded, and pickles that would not.

usage: python3 globals.py FIXTURES     needs numpy; loads none of what it writes. What is told of `bad` must name a danger; of `ok`, none.
"""
import sys, pathlib, struct, pickle, base64, functools, types, collections, datetime, decimal, fractions, gzip, uuid, re, ipaddress
helpers = {}
exec(pathlib.Path(__file__).with_name('craft.py').read_text().split("\ndef good(")[0], helpers)
torch_zip, legacy, archive = (helpers[name] for name in ('torch_zip', 'legacy', 'archive'))
def ln(s): return s.encode() + b'\n'
def u(s): b = s.encode(); return b'X' + struct.pack('<I', len(b)) + b
def su(s): b = s.encode(); return b'\x8c' + bytes([len(b)]) + b
def g(m, n): return b'c' + ln(m) + ln(n)
def sg(m, n): return su(m) + su(n) + b'\x93'
def P(body, proto=2): return b'\x80' + bytes([proto]) + body + b'.'
bad = {}; ok = {}
# simple REDUCE of many callables
names = '''os.system posix.system nt.system subprocess.Popen builtins.eval builtins.exec builtins.compile builtins.__import__ builtins.open builtins.getattr builtins.setattr builtins.map builtins.filter builtins.globals builtins.vars builtins.apply builtins.execfile builtins.input builtins.breakpoint
runpy.run_path runpy._run_code runpy.run_module pydoc.pipepager pydoc.locate pydoc.render_doc types.CodeType types.FunctionType types.ModuleType types.LambdaType functools.reduce functools.partialmethod operator.attrgetter operator.methodcaller operator.itemgetter operator.call itertools.starmap
importlib.import_module importlib.__import__ pkgutil.resolve_name pkgutil.get_data imp.load_source zipimport.zipimporter code.InteractiveInterpreter.runcode code.interact codeop.compile_command timeit.timeit timeit.Timer.timeit trace.Trace.run cProfile.run profile.run bdb.Bdb.run pdb.run doctest.debug_script asyncio.create_subprocess_shell
torch.hub.load torch.load torch.jit.load torch.package.PackageImporter torch.utils.cpp_extension.load_inline torch.utils.cpp_extension.load torch.utils.model_zoo.load_url torch.hub.load_state_dict_from_url torch.hub.download_url_to_file torch.serialization.load torch.storage._load_from_bytes torch.utils._config_module.load_config torch.distributed.rpc.rpc_sync torch.utils.collect_env.run
torch._dynamo.guards.GuardBuilder.get torch.fx.experimental.symbolic_shapes.ShapeEnv.evaluate_guards_expression torch.utils.data.datapipes.utils.decoder.basichandlers torch.fx.graph_module.reduce_graph_module torch.fx.graph_module.reduce_package_graph_module torch.fx.graph_module._forward_from_src torch._inductor.codecache.compile_file torch.ops.load_library torch.classes.load_library torch.multiprocessing.spawn torch.compile torch.jit.CompilationUnit torch.jit._script.unpackage_script_module torch._C._jit_import torch.export.load torch.onnx.export torch.save torch.utils.bottleneck.__main__.run_cprofile torch.cuda._lazy_call torch.distributed.elastic.multiprocessing.api.start_processes torch.distributed.elastic.multiprocessing.subprocess_handler.SubprocessHandler
numpy.load numpy.loads numpy.f2py.compile numpy.testing._private.utils.runstring numpy.lib.npyio.load numpy.distutils.exec_command.exec_command numpy.core.multiarray.fromfile numpy.fromfile numpy.memmap numpy.lib._datasource.open numpy.ctypeslib.load_library numpy.testing.rundocs numpy.safe_eval numpy.vectorize numpy.core.numerictypes.eval
pickle.loads pickle.load pickle.Unpickler _pickle.loads dill.loads dill._dill._create_function dill._dill._create_code dill._dill._import_module cloudpickle.cloudpickle._builtin_type cloudpickle.cloudpickle._make_function cloudpickle.cloudpickle.subimport cloudpickle.loads joblib.load joblib._store_backends.load shelve.open marshal.loads yaml.load yaml.unsafe_load jsonpickle.decode
shutil.rmtree os.remove os.execv pty.spawn socket.socket socket.create_connection urllib.request.urlopen urllib.request.urlretrieve http.client.HTTPConnection ftplib.FTP smtplib.SMTP webbrowser.open ctypes.CDLL ctypes.cdll.LoadLibrary _ctypes.dlopen multiprocessing.util.spawnv_passfds signal.alarm sys.exit sys.settrace sys.modules.get threading.Thread.start _thread.start_new_thread faulthandler._sigsegv gc.get_objects inspect.getsource site.main ensurepip._run_pip venv.create lib2to3.pgen2.pgen.generate_grammar distutils.file_util.write_file logging.config.listen logging.FileHandler tempfile.mktemp sqlite3.connect mmap.mmap bz2.open gzip.open io.open io.FileIO _io.FileIO codecs.open pathlib.Path.write_text pathlib.Path.unlink xml.etree.ElementTree.parse idlelib.pyshell.ModifiedInterpreter.runcode tkinter.Tcl lib.evil unknown_package.run my_helpers.download huggingface_hub.hf_hub_download transformers.pipeline pandas.read_pickle pandas.eval pandas.io.pickle.read_pickle pandas.core.computation.eval.eval sympy.sympify matplotlib.cbook.load sklearn.utils.estimator_checks.run django.utils.module_loading.import_string flask.cli.run requests.get httpx.get aiohttp.request fsspec.open smart_open.open git.Repo.clone_from paramiko.SSHClient.connect scipy.io.loadmat scipy.weave.inline keras.models.load_model tensorflow.io.read_file tensorflow.raw_ops.ReadFile onnxruntime.InferenceSession lightgbm.Booster xgboost.Booster.load_model nltk.data.load torchvision.datasets.utils.download_url torchvision.io.read_file torchvision.models.get_model timm.create_model timm.models.load_checkpoint lightning.pytorch.cli.LightningCLI pytorch_lightning.core.saving.load_from_checkpoint omegaconf.OmegaConf.load hydra.utils.instantiate hydra.utils.get_method fvcore.common.file_io.open'''.split()
for full in names:
    m, n = full.rsplit('.', 1)
    bad[f'reduce {full}'] = P(g(m, n) + u('x') + b'\x85R')
    bad[f'inst {full}'] = b'(' + u('x') + b'i' + ln(m) + ln(n) + b'.'
    bad[f'zip {full}'] = torch_zip(P(g(m, n) + u('x') + b'\x85R0}'), [])
# forms
S = lambda m='os', n='system': g(m, n)
bad['memo stack global'] = P(su('os') + b'\x940' + su('system') + b'\x940h\x00h\x01\x93' + su('x') + b'\x85R', 4)
bad['obj'] = P(b'(' + S() + u('x') + b'o')
bad['obj pop'] = P(b'(' + S() + u('x') + b'o0N')
bad['nested reduce'] = P(g('builtins', 'getattr') + g('builtins', '__import__') + u('os') + b'\x85R' + u('system') + b'\x86R' + u('x') + b'\x85R')
bad['getattr chain'] = P(g('builtins', 'getattr') + g('collections', 'OrderedDict') + u('__reduce__') + b'\x86R)R')
bad['getattr mro'] = P(g('builtins', 'getattr') + g('builtins', 'object') + u('__subclasses__') + b'\x86R)R')
bad['getattr dotted'] = P(sg('collections', 'OrderedDict.__init__.__globals__') , 4)
bad['dotted through module'] = P(sg('torch', 'serialization.os.system') + su('x') + b'\x85R', 4)
bad['dotted random'] = P(sg('random', '_os.system') + su('x') + b'\x85R', 4)
bad['dotted class attr'] = P(sg('torch.nn.modules.linear', 'Linear.__init__.__globals__.get') + su('x') + b'\x85R', 4)
bad['dotted nn'] = P(sg('torch.nn', 'modules.module.torch.hub.load') + su('x') + b'\x85R', 4)
bad['class lowercase in nn'] = P(sg('torch.nn.modules.module', 'torch.os.system') + su('x') + b'\x85R', 4)
bad['build setstate'] = P(g('builtins', 'object') + b')\x81' + b'}' + u('__setstate__') + S() + b'sb' + u('x') + b'b')
bad['build class'] = P(g('torch.nn.modules.linear', 'Linear') + b'}' + u('forward') + S() + b'sb')
bad['build module global'] = P(g('torch', 'serialization') + b'}' + u('_legacy_load') + S() + b'sb')
bad['copyreg'] = P(g('copyreg', 'add_extension') + u('os') + u('system') + b'K\x05\x87R0' + b'\x82\x05' + u('x') + b'\x85R')
bad['copyreg ctor'] = P(g('copyreg', '_reconstructor') + g('subprocess', 'Popen') + g('builtins', 'object') + b'N\x87R')
bad['newobj popen'] = P(g('subprocess', 'Popen') + u('x') + b'\x85\x81')
bad['newobj_ex'] = P(g('subprocess', 'Popen') + b')}\x92', 4)
bad['partial system'] = P(g('functools', 'partial') + S() + u('x') + b'\x86R')
bad['partial called'] = P(g('functools', 'partial') + g('builtins', 'print') + u('x') + b'\x86R)R')
bad['partial of reduce called'] = P(g('functools', 'partial') + g('builtins', 'int') + b'\x85R' + u('1') + b'\x85R')
bad['attrgetter called'] = P(g('operator', 'attrgetter') + u('system') + b'\x85R' + g('os', 'path') + b'\x85R')
bad['methodcaller'] = P(g('operator', 'methodcaller') + u('system') + u('x') + b'\x86R')
bad['map'] = P(g('builtins', 'list') + g('builtins', 'map') + S() + b']' + u('x') + b'a\x86R\x85R')
bad['defaultdict factory'] = P(g('collections', 'defaultdict') + S() + b'\x85R')
bad['defaultdict factory call'] = P(g('collections', 'defaultdict') + g('builtins', 'breakpoint') + b'\x85R')
bad['nested loads'] = P(g('pickle', 'loads') + b'C' + bytes([len(P(S() + u('x') + b'\x85R'))]) + P(S() + u('x') + b'\x85R') + b'\x85R', 4)
inner = P(S() + u('x') + b'\x85R')
bad['string hidden b64'] = P(u(base64.b64encode(inner).decode()))
bad['string hidden hex'] = P(u(inner.hex()))
bad['load_from_bytes evil'] = P(g('torch.storage', '_load_from_bytes') + b'B' + struct.pack('<I', len(inner)) + inner + b'\x85R', 4)
bad['load_from_bytes legacy evil'] = P(g('torch.storage', '_load_from_bytes') + b'B' + struct.pack('<I', len(legacy(inner))) + legacy(inner) + b'\x85R', 4)
bad['after stop'] = P(b'}') + inner
bad['legacy 2nd'] = legacy(inner)
bad['legacy in sysinfo'] = bytes([0x80,2,0x8a,0x0a,0x6c,0xfc,0x9c,0x46,0xf9,0x20,0x6a,0xa8,0x50,0x19,0x2e]) + b'\x80\x02M\xe9\x03.' + inner + P(b'}') + P(b']')
bad['legacy in keys'] = bytes([0x80,2,0x8a,0x0a,0x6c,0xfc,0x9c,0x46,0xf9,0x20,0x6a,0xa8,0x50,0x19,0x2e]) + b'\x80\x02M\xe9\x03.' + P(b'}') + P(b'}') + P(S() + u('x') + b'\x85R')
bad['zip member'] = archive([('data.pkl', P(b'}')), ('version', b'3'), ('other.pkl', inner)])
bad['zip member no ext'] = archive([('data.pkl', P(b'}')), ('version', b'3'), ('README', inner)])
bad['zip member proto 0'] = archive([('data.pkl', P(b'}')), ('version', b'3'), ('weights', b"cos\nsystem\n(S'x'\ntR.")])
bad['zip storage pickle'] = archive([('data.pkl', P(b'}')), ('version', b'3'), ('data/0', inner)])
bad['zip twin'] = archive([('data.pkl', P(b'}')), ('version', b'3'), ('DATA.PKL', inner)])
bad['crlf'] = b"cos\r\nsystem\r\n(S'x'\r\ntR."
bad['space'] = b"c os\nsystem\n(S'x'\ntR."
bad['frame lie'] = b'\x80\x04\x95' + struct.pack('<Q', 1) + sg('os', 'system') + su('x') + b'\x85R.'
bad['frame long'] = b'\x80\x04\x95' + struct.pack('<Q', 10**6) + sg('os', 'system') + su('x') + b'\x85R.'
bad['ext code'] = P(b'\x82\x01' + u('x') + b'\x85R')
bad['persid gadget'] = P(b'(' + u('module') + S() + u('f') + u('s') + b'tQ' + u('x') + b'\x85R')
bad['persid module legacy'] = legacy(P(b'(' + u('module') + S() + u('f') + u('s') + b'tQ' + u('x') + b'\x85R'))
bad['dup'] = P(S() + b'20' + u('x') + b'\x85R')
bad['pop mark'] = P(b'(' + S() + u('x') + b'\x85R1N')
bad['setitem on global'] = P(g('os', 'environ') + u('A') + u('b') + b's')
bad['append on global'] = P(g('sys', 'path') + u('/tmp') + b'a')
bad['additems'] = P(g('sys', 'meta_path') + b'(' + u('a') + b'\x90', 4)
bad['setitem sys.modules'] = P(g('sys', 'modules') + u('torch') + g('builtins', 'dict') + b's')
bad['computed module'] = P(g('builtins', 'str') + u('os') + b'\x85R' + su('system') + b'\x93' + su('x') + b'\x85R', 4)
bad['bytes join name'] = P(sg('os\u200b', 'system') + su('x') + b'\x85R', 4)
bad['rebuild_from_type gadget'] = P(g('torch._tensor', '_rebuild_from_type_v2') + b'(' + S() + g('builtins', 'object') + u('x') + b'\x85Nt' + b'R')
bad['rebuild_from_type type'] = P(g('torch._tensor', '_rebuild_from_type_v2') + b'(' + g('torch._utils', '_rebuild_tensor_v2') + S() + b')N' + b't' + b'R')
bad['wrapper cls'] = P(g('torch._utils', '_rebuild_wrapper_subclass') + b'(' + S() + b'NNNNNNNt' + b'R')
bad['default cls lower'] = P(g('evil_pkg', 'runme') + b')R')
bad['reduce over string'] = P(u('os.system') + u('x') + b'\x85R')
bad['datetime subclass trick'] = P(g('datetime', 'sys.modules') , 4)
bad['torch storage attr'] = P(sg('torch.storage', 'pickle.loads') + su('x') + b'\x85R', 4)
bad['torch os'] = P(g('torch', 'os') + b'0' + sg('torch', 'os.system') + su('x') + b'\x85R', 4)
bad['torch._utils sys'] = P(sg('torch._utils', 'sys.exit') + b')R', 4)
bad['numpy os'] = P(sg('numpy', 'os.system') + su('x') + b'\x85R', 4)
bad['user class lower call'] = P(g('__main__', 'make') + b')R')
bad['class dotted method'] = P(sg('pathlib', 'Path.unlink') + sg('pathlib', 'Path') + su('x') + b'\x85R\x85R', 4)
bad['type 3 args'] = P(g('builtins', 'type') + u('x') + b')}\x87R')
bad['protocol 0 nested'] = b"cbuiltins\ngetattr\n(cbuiltins\n__import__\n(S'os'\ntRS'system'\ntR(S'x'\ntR."
# benign
def add(name, obj, proto=2):
    try: ok[name] = pickle.dumps(obj, proto)
    except Exception as e: print(name, e)
for proto in (0, 1, 2, 4, 5):
    add(f'plain {proto}', {'a': [1, 2.5, None, True, b'x', 'é', (1, {2: 3}), {1, 2}, frozenset([3]), 10**30, 1j, bytearray(b'a'), slice(1, 2), range(3)]}, proto)
    add(f'std {proto}', [datetime.datetime.now(), datetime.timedelta(1), datetime.timezone.utc, decimal.Decimal('1.5'), fractions.Fraction(1, 2), uuid.uuid4(), pathlib.PurePosixPath('/a'), pathlib.Path('b'), re.compile('a+'), collections.Counter('ab'), collections.deque([1], 3), collections.defaultdict(int, {1: 2}), collections.OrderedDict(a=1), types.SimpleNamespace(x=1), ipaddress.ip_address('1.2.3.4')], proto)
    add(f'types {proto}', [int, dict, type(None), type(...), list, ValueError, ValueError('x'), KeyError('a')], proto)
import numpy as np
for proto in (2, 4, 5): add(f'numpy {proto}', [np.arange(3), np.float32(1), np.dtype('f4'), np.random.RandomState(0), np.random.default_rng(0), np.bool_(True), np.ma.masked_array([1, 2], [0, 1]), np.array(['a']), np.zeros(3, dtype=[('a', 'f4'), ('b', 'i4')]), np.datetime64('2020-01-01')], proto)
add('argparse', __import__('argparse').Namespace(a=1, b=[2]))
add('functools.partial', functools.partial(int, base=2))
add('random', __import__('random').Random(0))
for m, n in [('transformers.training_args', 'TrainingArguments'), ('omegaconf.dictconfig', 'DictConfig'), ('omegaconf.base', 'ContainerMetadata'), ('my_project.config', 'Config'), ('pytorch_lightning.callbacks.model_checkpoint', 'ModelCheckpoint'), ('ultralytics.nn.tasks', 'DetectionModel'), ('timm.models.resnet', 'ResNet'), ('torchvision.models.resnet', 'ResNet'), ('fairseq.data.dictionary', 'Dictionary'), ('easydict', 'EasyDict'), ('yacs.config', 'CfgNode'), ('torch.optim.adam', 'Adam'), ('torch.nn.modules.linear', 'Linear'), ('torch.optim.lr_scheduler', 'StepLR'), ('mmcv.utils.config', 'ConfigDict'), ('models.yolo', 'Model'), ('__main__', 'Net'), ('numpy.random._pickle', '__randomstate_ctor')]:
    ok[f'newobj {m}.{n}'] = P(g(m, n) + b')\x81}' + u('a') + b'K\x01sb')
    ok[f'zip newobj {m}.{n}'] = torch_zip(P(g(m, n) + b')\x81}' + u('a') + b'K\x01sb'), [])
for m, n in [('__main__', 'Net'), ('my_project.config', 'Config'), ('easydict', 'EasyDict'), ('pathlib', 'PosixPath'), ('torch', 'device'), ('torch', 'Size')]: ok[f'reduce {m}.{n}'] = P(g(m, n) + u('cpu') + b'\x85R')
ok['enum getattr'] = P(g('builtins', 'getattr') + g('my.module', 'Color') + u('RED') + b'\x86R')
ok['mentioned relu'] = P(g('torch.nn.functional', 'relu'))
ok['mentioned user function'] = P(g('my_project.collate', 'collate_fn'))
ok['mentioned gelu'] = P(g('torch._C._nn', 'gelu'))
import json
pack = lambda files: {name: base64.b64encode(data).decode() for name, data in files.items()}
with gzip.GzipFile(pathlib.Path(sys.argv[1]) / 'checkpoints' / 'globals.json.gz', 'wb', mtime=0) as file: file.write(json.dumps({'bad': pack(bad), 'ok': pack(ok)}).encode())
print(len(bad), 'bad', len(ok), 'ok')
