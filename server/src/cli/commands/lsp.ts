/** `torch-footprint lsp --stdio`: starts the language server (dist/server.js beside this file) for any editor. */

import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { defineCommand, UsageError } from '../command.ts'

export const command = defineCommand({
  name: 'lsp',
  summary: 'start the language server',
  options: [{ name: 'stdio', description: 'speak over standard input and output' }],
  async run(context) {
    if (!context.flag('stdio')) throw new UsageError('lsp: say --stdio, the only transport there is')
    const server = fileURLToPath(new URL('./server.js', import.meta.url))
    const child = spawn(process.execPath, [server, '--stdio'], { stdio: 'inherit' })
    const end = () => { child.kill() }
    process.once('SIGTERM', end)
    process.once('SIGINT', end)
    const status = await new Promise<number>((resolve) => {
      child.once('error', () => { resolve(2) })
      child.once('exit', (code) => { resolve(code ?? 1) })
    })
    return { status }
  },
})
