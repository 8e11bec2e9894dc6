/** The entry of dist/server.js: one connection over what the command line names (--node-ipc, --stdio), one analysis over this machine's disk. */

import { dirname } from 'node:path'
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { createAnalysis } from '../host/create-analysis.ts'
import { startSession } from './serve.ts'

startSession(createConnection(ProposedFeatures.all), () => createAnalysis(dirname(process.argv[1] ?? '.')))
