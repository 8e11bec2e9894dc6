/** The document behind the checkpoint editor. */

import { ErrorCodes, ResponseError } from 'vscode-languageserver/node'
import { checkpointRequest, type CheckpointAnswer, type CheckpointParams } from '../../protocol.ts'
import { guardRequest } from '../guard.ts'
import type { Feature } from '../session.ts'
import { pathOf } from '../uris.ts'

export const checkpoint: Feature = {
  capabilities: {},
  register({ connection, service }) {
    connection.onRequest(checkpointRequest, guardRequest<CheckpointParams, CheckpointAnswer | ResponseError>(connection.console, 'checkpoint', ({ uri }) => {
      const file = pathOf(uri)
      if (file === undefined) return new ResponseError(ErrorCodes.InvalidParams, 'Only files on disk can be read.')
      const answer = service.checkpoint(file)
      if (!answer) return new ResponseError(ErrorCodes.InvalidParams, 'This file cannot be read.')
      return {
        report: answer.report,
        findings: answer.findings.map(({ rule, severity, message, saving }) => ({ rule, severity, message, saving })),
        units: service.units(),
      }
    }))
  },
}
