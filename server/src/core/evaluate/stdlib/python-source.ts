/** Library modules written in Python (our own text), run by the evaluator like any other module. */

import type { PythonParser } from '../../syntax/parser.ts'
import { compileModule } from '../compile/compile.ts'
import type { NativeModule } from '../native.ts'
import { type Code, Frame, type Interpreter } from '../run/frame.ts'
import type { PyModule, Value } from '../value.ts'

/** A module whose names come from Python source, with native helpers in its namespace first. */
export function pythonModule(parser: PythonParser, name: string, source: string, helpers: Readonly<Record<string, Value>> = {}): NativeModule {
  let code: Code | undefined
  return {
    name,
    build: (m, module: PyModule) => {
      const vm = m as Interpreter
      code ??= compileModule(`<${name}>`, parser.parse(source).body)
      for (const [key, value] of Object.entries(helpers)) module.attrs.set(key, value)
      vm.runFrame(new Frame(code, module, new Array<Value | undefined>(code.instructions.localCount), []))
      return {}
    },
  }
}
