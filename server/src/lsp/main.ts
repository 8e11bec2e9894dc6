/** The entry of dist/server.js: one connection over what the command line names (--node-ipc, --stdio), one analysis over this machine's disk. */

import { dirname } from 'node:path'
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { createAnalysis } from '../host/create-analysis.ts'
import { startSession } from './serve.ts'

/**
 * Steps of one piece of work in an editor, libraries not counted: the largest model of timm takes a fifth of it, and a loop that
 * does not end is given up after some 0.2 s.
 */
const editorSteps = 1_000_000

startSession(createConnection(ProposedFeatures.all), () => createAnalysis(dirname(process.argv[1] ?? '.'), { limits: { steps: editorSteps } }))
