/** The exception classes. */

import { addMethods } from './define.ts'
import { builtinClasses, objectClass, typeClass } from '../core-classes.ts'
import { linearise } from '../mro.ts'
import { method } from '../native.ts'
import { PyClass, PyInstance, PyTuple, Unknown, type Value } from '../value.ts'

const TREE: readonly (readonly [string, string])[] = [
  ['BaseException', 'object'], ['Exception', 'BaseException'], ['SystemExit', 'BaseException'], ['KeyboardInterrupt', 'BaseException'], ['GeneratorExit', 'BaseException'],
  ['StopIteration', 'Exception'], ['StopAsyncIteration', 'Exception'], ['ArithmeticError', 'Exception'], ['FloatingPointError', 'ArithmeticError'], ['OverflowError', 'ArithmeticError'],
  ['ZeroDivisionError', 'ArithmeticError'], ['AssertionError', 'Exception'], ['AttributeError', 'Exception'], ['BufferError', 'Exception'], ['EOFError', 'Exception'], ['ImportError', 'Exception'],
  ['ModuleNotFoundError', 'ImportError'], ['LookupError', 'Exception'], ['IndexError', 'LookupError'], ['KeyError', 'LookupError'], ['MemoryError', 'Exception'], ['NameError', 'Exception'],
  ['UnboundLocalError', 'NameError'], ['OSError', 'Exception'], ['FileNotFoundError', 'OSError'], ['FileExistsError', 'OSError'], ['PermissionError', 'OSError'], ['NotADirectoryError', 'OSError'],
  ['IsADirectoryError', 'OSError'], ['ConnectionError', 'OSError'], ['TimeoutError', 'OSError'], ['BlockingIOError', 'OSError'], ['ProcessLookupError', 'OSError'], ['InterruptedError', 'OSError'],
  ['BrokenPipeError', 'ConnectionError'], ['ConnectionResetError', 'ConnectionError'], ['ConnectionRefusedError', 'ConnectionError'], ['ConnectionAbortedError', 'ConnectionError'], ['ReferenceError', 'Exception'],
  ['RuntimeError', 'Exception'], ['NotImplementedError', 'RuntimeError'], ['RecursionError', 'RuntimeError'], ['SyntaxError', 'Exception'], ['IndentationError', 'SyntaxError'], ['TabError', 'IndentationError'],
  ['SystemError', 'Exception'], ['TypeError', 'Exception'], ['ValueError', 'Exception'], ['UnicodeError', 'ValueError'], ['UnicodeDecodeError', 'UnicodeError'], ['UnicodeEncodeError', 'UnicodeError'],
  ['Warning', 'Exception'], ['DeprecationWarning', 'Warning'], ['PendingDeprecationWarning', 'Warning'], ['RuntimeWarning', 'Warning'], ['SyntaxWarning', 'Warning'], ['UserWarning', 'Warning'],
  ['FutureWarning', 'Warning'], ['ImportWarning', 'Warning'], ['UnicodeWarning', 'Warning'], ['BytesWarning', 'Warning'], ['ResourceWarning', 'Warning'], ['EncodingWarning', 'Warning'],
]

export const exceptionClasses = new Map<string, PyClass>()

for (const [name, baseName] of TREE) {
  const base = exceptionClasses.get(baseName) ?? objectClass
  const cls = new PyClass(name, [base], new Map<string, Value>([['__module__', 'builtins'], ['__qualname__', name]]), typeClass, { native: {} })
  cls.mro = linearise(cls, [base])!
  base.subclasses.push(cls)
  exceptionClasses.set(name, cls)
  builtinClasses.set(name, cls)
}

function argsOf(self: Value): readonly Value[] {
  const args = (self as PyInstance).attrs!.get('args')
  return args instanceof PyTuple ? args.items : []
}

addMethods(exceptionClasses.get('BaseException')!, [
  method('__new__(cls, /, *args, **kwargs)', (_m, [cls, args]) => {
    const made = new PyInstance(cls as PyClass)
    made.attrs!.set('args', args)
    return made
  }),
  method('__init__(self, *args, **kwargs)', (m, [self, args]) => {
    m.touch(self as PyInstance)
    ;(self as PyInstance).attrs!.set('args', args)
    return null
  }),
  method('__str__(self)', (m, [self]) => {
    const args = argsOf(self)
    if (args.length === 0) return ''
    const text = args.length === 1 ? m.str(args[0]!) : m.repr(new PyTuple(args))
    return text
  }),
  method('with_traceback(self, tb)', (_m, [self]) => self),
  method('add_note(self, note)', () => null),
])

for (const [name, value] of [['__cause__', null], ['__context__', null], ['__traceback__', null], ['__suppress_context__', false]] as const) exceptionClasses.get('BaseException')!.attrs.set(name, value)

addMethods(exceptionClasses.get('KeyError')!, [
  method('__str__(self)', (m, [self]) => {
    const args = argsOf(self)
    if (args.length === 0) return ''
    return args.length === 1 ? m.repr(args[0]!) : m.repr(new PyTuple(args))
  }),
])

addMethods(exceptionClasses.get('StopIteration')!, [
  method('__init__(self, *args)', (m, [self, args]) => {
    const { attrs } = self as PyInstance
    m.touch(self as PyInstance)
    attrs!.set('args', args)
    attrs!.set('value', (args as PyTuple).items[0] ?? null)
    return null
  }),
])

addMethods(exceptionClasses.get('ImportError')!, [
  method('__init__(self, *args, name=None, path=None)', (m, [self, args, name, path]) => {
    const { attrs } = self as PyInstance
    m.touch(self as PyInstance)
    attrs!.set('args', args)
    attrs!.set('name', name)
    attrs!.set('path', path)
    attrs!.set('msg', (args as PyTuple).items[0] ?? null)
    return null
  }),
])

addMethods(exceptionClasses.get('SystemExit')!, [
  method('__init__(self, *args)', (m, [self, args]) => {
    m.touch(self as PyInstance)
    ;(self as PyInstance).attrs!.set('args', args)
    ;(self as PyInstance).attrs!.set('code', (args as PyTuple).items[0] ?? null)
    return null
  }),
])

addMethods(exceptionClasses.get('OSError')!, [
  method('__str__(self)', (m, [self]) => {
    const args = argsOf(self)
    if (args.length !== 2) return args.length === 1 ? m.str(args[0]!) : ''
    const number = m.str(args[0]!)
    const text = m.str(args[1]!)
    return number instanceof Unknown ? number : text instanceof Unknown ? text : `[Errno ${number}] ${text}`
  }),
])
