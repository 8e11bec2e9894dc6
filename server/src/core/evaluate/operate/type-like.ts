/** Values that may stand in a type expression such as `int | None`. */

import { PyClass, PyInstance, type Value } from '../value.ts'

export function isTypeLike(value: Value): boolean {
  return value instanceof PyClass || (value instanceof PyInstance && value.cls.attrs.get('__module__') === 'typing')
}
