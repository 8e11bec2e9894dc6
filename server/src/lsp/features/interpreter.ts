/** The interpreter that the person selected in the editor; only the files beside it are read. */

import { interpreterNotification, type InterpreterParams } from '../../protocol.ts'
import { guardWork } from '../guard.ts'
import type { Feature } from '../session.ts'

export const interpreter: Feature = {
  capabilities: {},
  register({ connection, service, start, refreshed }) {
    if (start.interpreter !== undefined) service.selectInterpreter(start.interpreter)
    connection.onNotification(interpreterNotification, guardWork(connection.console, 'interpreter', ({ interpreter: path }: InterpreterParams) => {
      service.selectInterpreter(typeof path === 'string' && path !== '' ? path : undefined)
      refreshed.fire()
    }))
  },
}
