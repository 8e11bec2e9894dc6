/** Top-level packages that are known without looking: those never worth evaluating, and the standard library's names. */

/** Installed or not, their code decides no layer; their functions do not change what they are given. */
export const OPAQUE_PACKAGES: ReadonlySet<string> = new Set([
  'numpy', 'scipy', 'pandas', 'PIL', 'matplotlib', 'sklearn', 'cv2', 'skimage', 'tensorflow', 'keras', 'jax', 'jaxlib', 'flax', 'requests', 'urllib3', 'certifi', 'tqdm', 'yaml', 'toml', 'tomli', 'h5py',
  'psutil', 'wandb', 'tensorboard', 'tensorboardX', 'rich', 'regex', 'tokenizers', 'sentencepiece', 'filelock', 'fsspec', 'sympy', 'networkx', 'jinja2', 'av', 'numba', 'IPython', 'seaborn', 'plotly',
  'safetensors', 'httpcore', 'httpcore2', 'httpx2', 'h11', 'idna', 'sniffio', 'attr', 'attrs', 'multidict', 'yarl', 'hf_xet', 'kernels', 'typing_inspection', 'pydantic_core', 'anyio', 'typer',
  'huggingface_hub.hf_api', 'huggingface_hub.file_download', 'huggingface_hub.utils', 'huggingface_hub.hub_mixin', 'huggingface_hub.repocard', 'huggingface_hub.serialization', 'huggingface_hub._snapshot_download', 'huggingface_hub.inference',
  'nltk', 'spacy', 'datasets', 'boto3', 'google', 'dill', 'cloudpickle', 'joblib', 'httpx', 'aiohttp', 'pydantic', 'pytest', 'setuptools', 'pkg_resources', 'pip', 'triton', 'nvidia', 'cupy', 'onnx', 'onnxruntime',
])

/** Of those without effect: they load, keep or build objects of other packages, so that a layer may come out of them. */
export const CARRYING_PACKAGES: ReadonlySet<string> = new Set([
  'attr', 'attrs', 'pydantic', 'dill', 'cloudpickle', 'joblib', 'kernels', 'pytest', '_thread', 'pickle', 'shelve', 'marshal', 'weakref', 'heapq', 'queue', 'multiprocessing', 'concurrent', 'runpy', 'gc', 'unittest', 'code', 'selectors', 'sched',
])

/** Not evaluated either, because they are made of tensor classes of their own; but they do change the models they are given. */
export const CHANGING_PACKAGES: ReadonlySet<string> = new Set(['torchao'])

/** Classes of packages that are not evaluated which other libraries name in registries, bases and isinstance. */
export const STAND_INS: ReadonlyMap<string, readonly string[]> = new Map([['PIL.Image', ['Image']]])

/** Modules of the standard library that have no native of ours are opaque, not missing. */
export const STANDARD_LIBRARY: ReadonlySet<string> = new Set(`
__future__ _ast _thread abc aifc argparse array ast asyncio atexit base64 bdb binascii bisect builtins bz2 calendar cgi cmath cmd code codecs codeop collections colorsys compileall concurrent configparser
contextlib contextvars copy copyreg csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils doctest email encodings enum errno faulthandler fcntl filecmp fileinput fnmatch fractions ftplib
functools gc getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http imaplib imp importlib inspect io ipaddress itertools json keyword linecache locale logging lzma mailbox marshal math
mimetypes mmap modulefinder multiprocessing netrc numbers operator optparse os pathlib pdb pickle pickletools pkgutil platform plistlib poplib posix posixpath pprint profile pstats pty pwd py_compile pydoc
queue quopri random re readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtplib socket socketserver sqlite3 ssl stat statistics string stringprep struct
subprocess symtable sys sysconfig syslog tarfile telnetlib tempfile termios textwrap threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty turtle types typing unicodedata unittest
urllib uuid venv warnings wave weakref webbrowser winreg winsound wsgiref xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`.trim().split(/\s+/))
