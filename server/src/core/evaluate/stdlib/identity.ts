/** What `id()` gives: an int that tells objects apart and says nothing else, because it differs from run to run. */

import { fn, type NativeModule } from '../native.ts'

const COMPUTED = [
  ...['add', 'sub', 'mul', 'truediv', 'floordiv', 'mod', 'pow', 'and', 'or', 'xor', 'lshift', 'rshift', 'divmod'].flatMap((name) => [name, `r${name}`]),
  'neg', 'pos', 'invert', 'abs', 'int', 'float', 'index', 'str', 'repr', 'format', 'lt', 'le', 'gt', 'ge', 'round',
]

export const identityModule: NativeModule = {
  name: '_footprint_identity',
  build: () => ({ _unknown: fn('_unknown()', (m) => m.unknown('an identity differs from run to run')) }),
  source: ['class identity(int):', '    def _computed(self, *args):', '        return _unknown()', ...COMPUTED.map((name) => `    __${name}__ = _computed`), 'identity.__name__ = identity.__qualname__ = "int"', ''].join('\n'),
}
