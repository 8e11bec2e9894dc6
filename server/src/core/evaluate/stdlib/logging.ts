/** logging, warnings, traceback and the like: what only speaks to people. Called and forgotten; arguments stay as they were. */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'

const loggingSource = String.raw`
CRITICAL = FATAL = 50
ERROR = 40
WARNING = WARN = 30
INFO = 20
DEBUG = 10
NOTSET = 0
_names = {50: 'CRITICAL', 40: 'ERROR', 30: 'WARNING', 20: 'INFO', 10: 'DEBUG', 0: 'NOTSET'}
raiseExceptions = True
lastResort = None


def getLevelName(level):
    if isinstance(level, str):
        return {name: number for number, name in _names.items()}.get(level, f'Level {level}')
    return _names.get(level, f'Level {level}')


def getLevelNamesMapping():
    return {name: number for number, name in _names.items()}


def addLevelName(level, levelName):
    _names[level] = levelName


class Filterer:
    def __init__(self):
        self.filters = []

    def addFilter(self, filter):
        self.filters.append(filter)

    def removeFilter(self, filter):
        if filter in self.filters:
            self.filters.remove(filter)


class Filter:
    def __init__(self, name=''):
        self.name = name

    def filter(self, record):
        return True


class Formatter:
    def __init__(self, fmt=None, datefmt=None, style='%', validate=True, *, defaults=None):
        self._fmt, self.datefmt = fmt, datefmt


class Handler(Filterer):
    def __init__(self, level=NOTSET):
        super().__init__()
        self.level = level
        self.formatter = None
        self._name = None

    def get_name(self):
        return self._name

    def set_name(self, name):
        self._name = name

    name = property(get_name, set_name)

    def setLevel(self, level):
        self.level = level

    def setFormatter(self, fmt):
        self.formatter = fmt

    def handle(self, record):
        pass

    def emit(self, record):
        pass

    def flush(self):
        pass

    def close(self):
        pass

    def createLock(self):
        self.lock = None

    def acquire(self):
        pass

    def release(self):
        pass


class StreamHandler(Handler):
    def __init__(self, stream=None):
        super().__init__()
        self.stream = stream


class FileHandler(StreamHandler):
    def __init__(self, filename, mode='a', encoding=None, delay=False, errors=None):
        super().__init__()
        self.baseFilename = filename


class NullHandler(Handler):
    pass


class Logger(Filterer):
    def __init__(self, name, level=NOTSET):
        super().__init__()
        self.name = name
        self.level = level
        self.parent = None
        self.propagate = True
        self.handlers = []
        self.disabled = False

    def setLevel(self, level):
        self.level = getLevelName(level) if isinstance(level, str) else level

    def getEffectiveLevel(self):
        logger = self
        while logger is not None:
            if logger.level:
                return logger.level
            logger = logger.parent
        return NOTSET

    def isEnabledFor(self, level):
        return level >= self.getEffectiveLevel()

    def log(self, level, msg, *args, **kwargs):
        pass

    def debug(self, msg, *args, **kwargs):
        pass
    info = warning = warn = error = exception = critical = fatal = debug

    def handle(self, record):
        pass

    def addHandler(self, hdlr):
        if hdlr not in self.handlers:
            self.handlers.append(hdlr)

    def removeHandler(self, hdlr):
        if hdlr in self.handlers:
            self.handlers.remove(hdlr)

    def hasHandlers(self):
        logger = self
        while logger is not None:
            if logger.handlers:
                return True
            logger = logger.parent
        return False

    def getChild(self, suffix):
        return getLogger(suffix if self is root else f'{self.name}.{suffix}')

    def __repr__(self):
        return f'<{self.__class__.__name__} {self.name} ({getLevelName(self.getEffectiveLevel())})>'


class RootLogger(Logger):
    pass


class LoggerAdapter:
    def __init__(self, logger, extra=None):
        self.logger = logger
        self.extra = extra

    def process(self, msg, kwargs):
        return msg, kwargs

    def debug(self, msg, *args, **kwargs):
        pass
    info = warning = warn = error = exception = critical = debug

    def log(self, level, msg, *args, **kwargs):
        pass

    def isEnabledFor(self, level):
        return self.logger.isEnabledFor(level)

    @property
    def name(self):
        return self.logger.name


root = RootLogger('root', WARNING)
Logger.root = root
_class = Logger


class Manager:
    def __init__(self):
        self.loggerDict = {}
        self.root = root


Logger.manager = Manager()


def getLogger(name=None):
    if not name or name == 'root':
        return root
    known = Logger.manager.loggerDict
    if name not in known:
        logger = _class(name)
        parent = root
        at = name.rfind('.')
        while at > 0:
            if name[:at] in known:
                parent = known[name[:at]]
                break
            at = name.rfind('.', 0, at)
        logger.parent = parent
        known[name] = logger
    return known[name]


def getLoggerClass():
    return _class


def setLoggerClass(klass):
    global _class
    _class = klass


def basicConfig(**kwargs):
    pass


def debug(msg, *args, **kwargs):
    pass


info = warning = warn = error = exception = critical = fatal = debug


def log(level, msg, *args, **kwargs):
    pass


def disable(level=CRITICAL):
    pass


def shutdown(handlerList=[]):
    pass


def captureWarnings(capture):
    pass
`

const warningsSource = String.raw`
filters = []


def warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()):
    pass


def warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None):
    pass


def filterwarnings(action, message='', category=Warning, module='', lineno=0, append=False):
    pass


def simplefilter(action, category=Warning, lineno=0, append=False):
    pass


def resetwarnings():
    pass


def showwarning(message, category, filename, lineno, file=None, line=None):
    pass


class catch_warnings:
    def __init__(self, *, record=False, module=None, action=None, category=Warning, lineno=0, append=False):
        self._record = record

    def __enter__(self):
        return [] if self._record else None

    def __exit__(self, *exc_info):
        pass


class deprecated:
    def __init__(self, message, /, *, category=DeprecationWarning, stacklevel=1):
        self.message = message

    def __call__(self, arg, /):
        return arg
`

function sourceModule(name: string, source: string): NativeModule {
  return { name, build: () => ({}), source, missing: knownName(name) }
}

export const loggingModules: readonly NativeModule[] = [
  sourceModule('logging', loggingSource),
  sourceModule('logging.handlers', 'from logging import FileHandler, Handler, StreamHandler\n\nclass RotatingFileHandler(FileHandler):\n    def __init__(self, filename, *args, **kwargs):\n        super().__init__(filename)\n\nclass TimedRotatingFileHandler(RotatingFileHandler):\n    pass\n'),
  sourceModule('logging.config', 'def dictConfig(config):\n    pass\n\ndef fileConfig(fname, *args, **kwargs):\n    pass\n'),
  sourceModule('warnings', warningsSource),
  sourceModule('atexit', 'def register(func, *args, **kwargs):\n    return func\n\ndef unregister(func):\n    pass\n'),
  sourceModule('gc', 'def collect(generation=2):\n    return 0\n\ndef enable():\n    pass\n\ndef disable():\n    pass\n\ndef isenabled():\n    return True\n'),
  sourceModule('traceback', 'def print_exc(*args, **kwargs):\n    pass\nprint_stack = print_exception = print_tb = print_exc\n'),
]
