/** keyword, in Python of our own: the words of the grammar (CPython's Lib/keyword.py lists them; 3.10 has the last soft ones but `type`). */

import type { NativeModule } from '../native.ts'
import { knownName } from './known-names.ts'

const source = String.raw`
kwlist = ['False', 'None', 'True', 'and', 'as', 'assert', 'async', 'await', 'break', 'class', 'continue', 'def', 'del', 'elif', 'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield']

def iskeyword(word, /):
    return word in _keywords

_keywords = frozenset(kwlist)
`

export const keywordModule: NativeModule = { name: 'keyword', build: () => ({}), source, missing: knownName('keyword') }
