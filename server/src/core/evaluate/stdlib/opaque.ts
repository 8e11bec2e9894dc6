/** Modules that programs import and that decide no layer: opaque, with the few names that must behave. */

import { fn, type NativeModule } from '../native.ts'
import { standInClass } from '../stand-in.ts'
import { knownName } from './known-names.ts'

/** Wraps an iterable and gives its items: progress bars. */
const tqdmSource = String.raw`
class tqdm:
    def __init__(self, iterable=None, *args, **kwargs):
        self.iterable = iterable

    def __iter__(self):
        return iter(self.iterable)

    def __len__(self):
        return len(self.iterable)

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        pass

    def update(self, n=1):
        pass

    def close(self):
        pass

    def set_description(self, desc=None, refresh=True):
        pass
    set_postfix = set_description_str = set_postfix_str = refresh = set_description

    @staticmethod
    def write(s, **kwargs):
        pass


def trange(*args, **kwargs):
    return tqdm(range(*args))
`

const asyncioSource = String.raw`
def iscoroutinefunction(func):
    return False
`

export const opaqueModules: readonly NativeModule[] = [
  ...['tqdm', 'tqdm.auto', 'tqdm.std', 'tqdm.notebook'].map((name): NativeModule => ({ name, build: () => ({}), source: tqdmSource })),
  { name: 'asyncio', build: () => ({}), source: asyncioSource, missing: (m, name) => m.unknown(`asyncio.${name} is not evaluated`) },
  { name: 'datetime', build: () => ({ ...Object.fromEntries(['date', 'datetime', 'time', 'timedelta', 'timezone', 'tzinfo'].map((name) => [name, standInClass('datetime', name)])), MINYEAR: 1, MAXYEAR: 9999 }), missing: knownName('datetime') },
  { name: 'uuid', build: () => Object.fromEntries(['uuid1', 'uuid4'].map((name) => [name, fn(`${name}()`, (m) => m.unknown(`uuid.${name}() is not known here`))])), missing: (m, name) => m.unknown(`uuid.${name} is not evaluated`) },
]
