/** The standard library as native modules: some in TypeScript, some in Python source of our own; and the rest of it by name. */

import { fn, type NativeModule } from '../native.ts'
import type { PyDict, PyTuple, Value } from '../value.ts'
import { argparseModule } from './argparse.ts'
import { abcModules } from './collections-abc.ts'
import { collectionsModule } from './collections.ts'
import { containerModules } from './containers.ts'
import { contextlibModule } from './contextlib.ts'
import type { LibraryContext } from './context.ts'
import { copyModule } from './copy.ts'
import { dataclassesModule } from './dataclasses.ts'
import { enumModule } from './enum.ts'
import { functoolsModule } from './functools.ts'
import { identityModule } from './identity.ts'
import { inspectModule } from './inspect.ts'
import { itertoolsModule } from './itertools.ts'
import { jsonModule } from './json.ts'
import { unmodelledModules } from './known-names.ts'
import { keywordModule } from './keyword.ts'
import { loggingModules } from './logging.ts'
import { mathModule } from './math.ts'
import { opaqueModules } from './opaque.ts'
import { operatorModule } from './operator.ts'
import { osModules } from './os.ts'
import { packageModules } from './packaging.ts'
import { pathlibModule } from './pathlib.ts'
import { reModule } from './re.ts'
import { systemModules } from './system.ts'
import { textModules } from './text-modules.ts'
import { typesModule } from './types.ts'
import { typingModules } from './typing.ts'
import { urllibParseModule } from './urllib-parse.ts'

export function standardLibrary(context: LibraryContext): readonly NativeModule[] {
  context.builtins.set('open', fn('open(*args, **kwargs)', (m, [args, kwargs]) => m.call(m.getAttribute(m.importModule('io'), 'open'), (args as PyTuple).items, (kwargs as PyDict).values as ReadonlyMap<string, Value>)))
  const modelled: readonly NativeModule[] = [
    { name: 'builtins', build: () => Object.fromEntries(context.builtins), missing: () => undefined },
    ...abcModules, argparseModule, collectionsModule, ...containerModules, contextlibModule, copyModule, dataclassesModule, enumModule, functoolsModule, identityModule, inspectModule(context), itertoolsModule, jsonModule, keywordModule,
    ...loggingModules, mathModule, ...opaqueModules, operatorModule, ...osModules(context.files), ...packageModules, pathlibModule(context), reModule, ...systemModules(context),
    ...textModules(context), typesModule, ...typingModules, urllibParseModule,
  ]
  return [...modelled, ...unmodelledModules(modelled)]
}
