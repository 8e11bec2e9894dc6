"""Crafts checkpoints as bytes: formats that no torch at hand writes (good/), and hostile ones whose file name is the expected problem (bad/).

usage: python3 craft.py FOLDER     (FOLDER is test/fixtures/checkpoints)
"""
import io, json, pathlib, pickle, struct, sys, tarfile, zipfile, zlib

root = pathlib.Path(sys.argv[1])
(root / 'good').mkdir(parents=True, exist_ok=True)
(root / 'bad').mkdir(parents=True, exist_ok=True)


class Op:
    """Pickle opcodes, written by hand."""
    def __init__(self, protocol=2): self.data = b'\x80' + bytes([protocol]) if protocol >= 2 else b''
    def raw(self, data): self.data += data; return self
    def text(self, value): return self.raw(b'X' + struct.pack('<I', len(value.encode())) + value.encode())
    def name(self, module, name): return self.raw(b'c' + module.encode() + b'\n' + name.encode() + b'\n')
    def int(self, value): return self.raw(b'K' + bytes([value]) if 0 <= value < 256 else b'J' + struct.pack('<i', value))
    def storage(self, kind, key, count): return self.raw(b'(').text('storage').name('torch', kind).text(key).text('cpu').int(count).raw(b'tQ')
    def tensor(self, kind, key, count, shape, stride, offset=0):
        self.name('torch._utils', '_rebuild_tensor_v2').raw(b'(').storage(kind, key, count).int(offset).raw(b'(')
        for size in shape: self.int(size)
        self.raw(b't(')
        for step in stride: self.int(step)
        return self.raw(b't\x89').name('collections', 'OrderedDict').raw(b')RtR')
    def stop(self): return self.data + b'.'


def state(**shapes):
    op = Op().raw(b'}(')
    for index, (name, count) in enumerate(shapes.items()): op.text(name).tensor('FloatStorage', str(index), count, [count], [1])
    return op.raw(b'u').stop()


def archive(records, folder='archive', edit=None, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as file:
        for name, data in records:
            info = zipfile.ZipInfo(f'{folder}/{name}' if folder else name)
            info.compress_type = method
            file.writestr(info, data)
    data = bytearray(out.getvalue())
    return bytes(edit(data) or data) if edit else bytes(data)


def torch_zip(pickled, storages=(), **more):
    return archive([('data.pkl', pickled), ('byteorder', b'little'), *[(f'data/{i}', s) for i, s in enumerate(storages)], ('version', b'3\n')], **more)


def legacy(pickled, keys=(), body=b''):
    head = b'\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.' + pickle.dumps(1001, 2) + pickle.dumps({'protocol_version': 1001, 'little_endian': True, 'type_sizes': {'short': 2, 'int': 4, 'long': 4}}, 2)
    return head + pickled + pickle.dumps(list(keys), 2) + body


def call(module, name, *args, protocol=2):
    op = Op(protocol).name(module, name).raw(b'(')
    for arg in args: op.text(arg)
    return op.raw(b'tR').stop()


ones = struct.pack('<3f', 1, 1, 1)
good_state = state(weight=3)


def good(name, data): (root / 'good' / f'crafted-{name}').write_bytes(data)
def bad(name, data): (root / 'bad' / name).write_bytes(data)


# --- formats that today's torch does not write -----------------------------------------------------------------------
def tar():
    storages = pickle.dumps(1, 2) + Op().raw(b'(').int(7).text('cpu').name('torch', 'FloatStorage').raw(b't').stop() + struct.pack('<q', 6) + struct.pack('<6f', *range(6)) + pickle.dumps([(8, 7, 2, 4)], 2)
    tensors = pickle.dumps(2, 2) + Op().raw(b'(').int(1).int(7).name('torch', 'FloatTensor').raw(b't').stop() + struct.pack('<i4x2q2qq', 2, 2, 3, 3, 1, 0)
    tensors += Op().raw(b'(').int(2).int(8).name('torch', 'FloatTensor').raw(b't').stop() + struct.pack('<i4x1q1qq', 1, 3, 1, 1)
    body = Op().raw(b'}(').text('weight').int(1).raw(b'Q').text('view').int(2).raw(b'Qu').stop()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=tarfile.USTAR_FORMAT) as file:
        for name, data in (('sys_info', pickle.dumps({'protocol_version': 1000, 'little_endian': True}, 2)), ('pickle', body), ('tensors', tensors), ('storages', storages)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return out.getvalue()


def gguf():
    text = lambda s: struct.pack('<Q', len(s)) + s.encode()
    head = b'GGUF' + struct.pack('<IQQ', 3, 2, 3)
    head += text('general.architecture') + struct.pack('<I', 8) + text('llama')
    head += text('general.alignment') + struct.pack('<II', 4, 32)
    head += text('tokens') + struct.pack('<IIQ', 9, 8, 2) + text('a') + text('b')
    head += text('embed') + struct.pack('<IQQIQ', 2, 4, 3, 0, 0)
    head += text('block') + struct.pack('<IQIQ', 1, 64, 8, 64)
    head += b'\0' * (-len(head) % 32)
    return head + struct.pack('<12f', *range(12)) + b'\0' * 16 + bytes(68)


def pte(): return struct.pack('<I', 56) + b'ET12' + b'eh00' + struct.pack('<IQQQ', 32, 96, 128, 64) + bytes(56) + bytes(32) + bytes(64)


def aot():
    config = json.dumps({'config': {}})
    return archive([('archive_format', 'pt2'), ('archive_version', '0'), ('byteorder', 'little'), ('.data/version', '6'), ('data/aotinductor/model/cabc.wrapper.so', b'\x7fELF' + bytes(300)), ('data/aotinductor/model/cabc.wrapper.cpp', 'int main() {}'),
                    ('data/aotinductor/model/cabc.wrapper_metadata.json', '{}'), ('data/weights/model_weights_config.json', config)], folder='model')


def safetensors(entries, body, metadata=None, header=None):
    header = header if header is not None else json.dumps({**({'__metadata__': metadata} if metadata else {}), **entries}, separators=(',', ':'))
    raw = header.encode() if isinstance(header, str) else header
    return struct.pack('<Q', len(raw)) + raw + body


def entry(start, end, shape, dtype='F32'): return {'dtype': dtype, 'shape': shape, 'data_offsets': [start, end]}


good('tar.pt', tar())
good('gguf.gguf', gguf())
good('program.pte', pte())
good('aot.pt2', aot())
good('sub-byte.safetensors', safetensors({'f4': entry(0, 3, [2, 3], 'F4'), 'f6': entry(3, 6, [4], 'F6_E2M3')}, bytes(6)))
good('white-space.safetensors', safetensors({}, ones, header='  \n' + json.dumps({'w': entry(0, 12, [3]), '': entry(12, 12, [0]), '__proto__': entry(12, 12, [2, 0])}) + '   '))
good('unknown-field.safetensors', safetensors({'w': {**entry(0, 12, [3]), 'more': {'a': [1.5, None]}}}, ones))
good('python2-legacy.pt', legacy(b'\x80\x02}U\x06weightctorch._utils\n_rebuild_tensor\n((U\x07storagectorch\nFloatStorage\nU\x0212U\x03cpuK\x03NtQK\x00K\x03\x85K\x01\x85tRs.', ['12'], struct.pack('<q', 3) + ones))
good('old-tensor.pt', legacy(b'\x80\x02}U\x06weightctorch\nFloatTensor\n)\x81((U\x07storagectorch\nFloatStorage\nU\x0212U\x03cpuK\x03NtQK\x00K\x03\x85K\x01\x85tbs.', ['12'], struct.pack('<q', 3) + ones))
good('tail-100.pt', torch_zip(good_state, [ones]) + bytes(100))
good('wrong-crc.pt', torch_zip(good_state, [ones], edit=lambda d: d.replace(struct.pack('<I', zlib.crc32(ones)), b'\1\2\3\4')))
good('lfs-pointer.pt', b'version https://git-lfs.github.com/spec/v1\noid sha256:' + b'4d7a' * 16 + b'\nsize 46827520\n')

# --- archives that torch refuses, or reads otherwise than others do ------------------------------------------------
bad('the end of the zip directory is missing.pt', torch_zip(good_state, [ones])[:-30])
bad('is not in the folder archive.pt', archive([('archive/data.pkl', good_state), ('archive/version', b'3'), ('archive/data/0', ones), ('other/x', b'')], folder=''))
bad('has no version record.pt', archive([('data.pkl', good_state), ('data/0', ones)]))
bad('torch reads 1 to 10.pt', archive([('data.pkl', good_state), ('data/0', ones), ('version', b'11')]))
bad('byteorder record is neither little nor big.pt', archive([('data.pkl', good_state), ('byteorder', b'middle'), ('data/0', ones), ('version', b'3')]))
bad('the storage data 0 is missing.pt', archive([('data.pkl', good_state), ('version', b'3')]))
bad('has 8 bytes, its tensors want 12.pt', torch_zip(good_state, [ones[:8]]))
bad('has 28 bytes, its pickle says 12.pt', torch_zip(good_state, [ones + bytes(16)]))
bad('more than once - five.pt', archive([('data.pkl', good_state), ('data/0', ones), ('version', b'3'), ('DATA.PKL', call('os', 'system', 'true'))]))
bad('more than once - two.pt', archive([('data.pkl', good_state), ('DATA.PKL', good_state), ('version', b'3'), ('data/0', ones)]))
for count in range(8): bad(f'more than once - {count} more.pt', archive([('data.pkl', good_state), ('DATA.PKL', call('os', 'system', 'true')), ('version', b'3'), ('data/0', ones), *[(f'x{i}', b'') for i in range(count)]]))
flag = lambda bits: lambda d: d.__setitem__(slice(d.index(b'PK\1\2') + 8, d.index(b'PK\1\2') + 10), struct.pack('<H', bits))
bad('data.pkl is encrypted.pt', torch_zip(good_state, [ones], edit=flag(1)))
bad('its directory is encrypted.pt', torch_zip(good_state, [ones], edit=flag(0x2000)))
bad('bytes cannot hold.pt', torch_zip(good_state, [ones], edit=lambda d: d.__setitem__(slice(d.rindex(b'PK\5\6') + 8, d.rindex(b'PK\5\6') + 12), struct.pack('<HH', 65534, 65534))))
bad('spread over several disks.pt', torch_zip(good_state, [ones], edit=lambda d: d.__setitem__(slice(d.rindex(b'PK\5\6') + 4, d.rindex(b'PK\5\6') + 6), struct.pack('<H', 2))))
bad('lies outside the file.pt', torch_zip(good_state, [ones], edit=lambda d: d.__setitem__(slice(d.index(b'PK\1\2') + 42, d.index(b'PK\1\2') + 46), struct.pack('<I', 0x7fffffff))))
bad('is missing - 70 kB follow.pt', torch_zip(good_state, [ones]) + bytes(70_000))
bad('more than this reader takes.pt', archive([('data.pkl', bytes(1 << 25)), ('version', b'3')], method=zipfile.ZIP_DEFLATED))
bad('not UTF-8.pt', torch_zip(good_state, [ones], edit=lambda d: d.replace(b'archive/byteorder', b'archive/byte\xff\xfe\xfd\xfc\xfb')))
bad('reaches past its storage.pt', torch_zip(Op().raw(b'}').text('w').tensor('FloatStorage', '0', 3, [9], [1]).raw(b's').stop(), [ones]))
bad('its shape, stride or offset is not valid.pt', torch_zip(Op().raw(b'}').text('w').tensor('FloatStorage', '0', 3, [-1], [1]).raw(b's').stop(), [ones]))
bad('does not describe a storage.pt', torch_zip(Op().text('w').raw(b'Q').stop()))
# --- legacy streams ---------------------------------------------------------------------------------------------------
bad('the file is cut off - storage 0 is missing.pt', legacy(state(w=3).replace(b'tQ', b'NtQ'), ['0'], b'\3'))
bad('its tensors say 3.pt', legacy(state(w=3).replace(b'tQ', b'NtQ'), ['0'], struct.pack('<q', 5) + ones + bytes(8)))
bad('belongs to no tensor.pt', legacy(state(w=3).replace(b'tQ', b'NtQ'), ['9'], struct.pack('<q', 3) + ones))
bad('the legacy part, other tools may read the zip.pt', legacy(state(w=3).replace(b'tQ', b'NtQ'), ['0'], struct.pack('<q', 3) + ones) + torch_zip(good_state, [ones]))
# --- pickles: what they do, named; the file name is the global ------------------------------------------------------
for module, name, protocol in (('os', 'system', 2), ('posix', 'system', 0), ('__builtin__', 'eval', 2), ('unlisted_library.helpers', 'run_it', 2), ('numpy.f2py.capi_maps', 'load_f2cmap_file', 2), ('torch.serialization', 'load', 2), ('idlelib.calltip', 'get_entity', 2), ('cProfile', 'runctx', 2)):
    bad(f'dangerous {"builtins" if module == "__builtin__" else module}.{name}.pkl', call(module, name, 'x', protocol=protocol))
bad('dangerous os.popen.pt', torch_zip(Op().name('os', 'popen').text('x').raw(b'\x85R0').raw(good_state[2:-1]).stop(), [ones]))
bad('dangerous shutil.rmtree.pkl', b'\x80\x02(cshutil\nrmtree\nX\1\0\0\0xo0N.')
bad('dangerous webbrowser.open.pkl', b'(S\'http://x\'\niwebbrowser\nopen\n.')
bad('dangerous pty.spawn.pkl', b'\x80\x04\x8c\x03pty\x94\x8c\x05spawn\x940h\x00h\x01\x93\x8c\x01x\x85R.')
bad('dangerous subprocess.run.pkl', pickle.dumps({'fine': 1}, 2) + call('subprocess', 'run', 'x'))
bad('dangerous builtins.exec.pkl', pickle.dumps({'payload': call('builtins', 'exec', 'x', protocol=4)}, 4))
bad('dangerous torch.hub.load.pkl', b'\x80\x02ctorch\nhub.load\nX\1\0\0\0x\x85R.')
bad('dangerous computed.pkl', b'\x80\x04cjson\nloads\nX\4\0\0\0"os"\x85RX\6\0\0\0system\x93X\1\0\0\0x\x85R.')
bad('dangerous marshal.loads.pt', archive([('data.pkl', good_state), ('data/0', ones), ('version', b'3'), ('extra.dat', call('marshal', 'loads', 'x', protocol=0))]))
# --- pickles that break -----------------------------------------------------------------------------------------------
bad('the stack is empty.pkl', b'\x80\x02R.')
bad('memo 7 holds nothing.pkl', b'\x80\x02h\x07.')
bad('there is no MARK.pkl', b'\x80\x02t.')
bad('is no pickle opcode.pkl', b'\x80\x02\xf0.')
bad('passes the end of the pickle.pkl', b'\x80\x02X\xff\xff\xff\x7fx.')
bad('unhashable key.pkl', b'\x80\x02}]K\x01s.')
bad('a bomb - small.pkl', b'\x80\x02' + b'(' * 9 + b'U\3lol' + b'l'.join([b'2' * 9] * 10) + b'.')
bad('a bomb - memo.pkl', b'\x80\x02]q\0' + b''.join(b'](h' + bytes([i]) + b'h' + bytes([i]) + b'eq' + bytes([i + 1]) for i in range(60)) + b'.')
bad('ends before its STOP - deep.pkl', b'\x80\x02' + b'(' * 50_000)
bad('no problem - nested 20000.pkl', b'\x80\x02N' + b'\x85' * 20_000 + b'.')
# --- safetensors ------------------------------------------------------------------------------------------------------
one = {'w': entry(0, 12, [3])}
bad('stands in the header twice.safetensors', safetensors({}, ones, header='{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}'))
bad('no valid shape or offsets - float.safetensors', safetensors({}, ones, header='{"w":{"dtype":"F32","shape":[3.0],"data_offsets":[0,12]}}'))
bad('no valid shape or offsets - exponent.safetensors', safetensors({}, ones, header='{"w":{"dtype":"F32","shape":[3e0],"data_offsets":[0,12]}}'))
bad('no valid shape or offsets - large.safetensors', safetensors({}, ones, header='{"w":{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,12]}}'))
bad('half a surrogate pair.safetensors', safetensors({}, ones, header='{"\\ud800":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}'))
bad('there is a hole before w.safetensors', safetensors({'w': entry(4, 16, [3])}, bytes(4) + ones))
bad('overlaps another tensor.safetensors', safetensors({'a': entry(0, 12, [3]), 'w': entry(4, 16, [3])}, bytes(4) + ones))
bad('bytes follow the last tensor.safetensors', safetensors(one, ones + b'x'))
bad('the file is cut off.safetensors', safetensors(one, ones[:-1]))
bad('its shape wants 16.safetensors', safetensors({'w': entry(0, 12, [4])}, ones))
bad('does not end on a whole byte.safetensors', safetensors({'w': entry(0, 2, [3], 'F4')}, bytes(2)))
bad('holds n, which is no text.safetensors', safetensors(one, ones, metadata={'n': 1}))
bad('nested too deeply.safetensors', safetensors({}, ones, header='{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"x":' + '[' * 200 + ']' * 200 + '}}'))
bad('no element type that safetensors knows.safetensors', safetensors({'w': entry(0, 12, [3], 'F33')}, ones))
bad('100,000,000 are allowed.safetensors', struct.pack('<Q', 100_000_001) + b'{}')
# --- no checkpoint at all -----------------------------------------------------------------------------------------------
bad('the file is empty.pt', b'')
bad('a web page.pt', b'<!DOCTYPE html><html><body>404</body></html>')
bad('a gzip archive.pt', b'\x1f\x8b\x08\0' + bytes(30))
bad('the file is text.pt', b'404: Not Found\n')
bad('no index of a sharded checkpoint.json', b'{"a": 1}')
