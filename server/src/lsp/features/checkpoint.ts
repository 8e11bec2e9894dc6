/** The document behind the checkpoint editor. */

import { ErrorCodes, ResponseError } from 'vscode-languageserver/node'
import { checkpointRequest, type CheckpointAnswer, type CheckpointParams } from '../../protocol.ts'
import { guardRequest } from '../guard.ts'
import type { Feature } from '../session.ts'
import { pathOf } from '../uris.ts'

export const checkpoint: Feature = {
  capabilities: {},
  register({ connection, service, quarantined }) {
    connection.onRequest(checkpointRequest, guardRequest<CheckpointParams, CheckpointAnswer | ResponseError>(connection.console, 'checkpoint', ({ uri }) => {
      const file = pathOf(uri)
      if (file === undefined) return new ResponseError(ErrorCodes.InvalidParams, 'Only files on disk can be read.')
      if (quarantined.has(file)) return new ResponseError(ErrorCodes.InvalidRequest, 'This file is left alone: reading it ended the server more than once. The command "Torch Footprint: Restart" tries again.')
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
