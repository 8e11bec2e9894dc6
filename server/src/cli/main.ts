/** The entry of dist/cli.js: binds the command line to this process. Nothing else in cli/ but `lsp` names `process`. */

import { runCommandLine } from './command-line.ts'
import { commands } from './generated/commands.ts'

// A reader that closes early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

void runCommandLine(commands, process.argv.slice(2), {
  cwd: process.cwd(),
  environment: process.env,
  out: { write: (text) => { process.stdout.write(text) }, isTerminal: process.stdout.isTTY, columns: process.stdout.columns },
  error: { write: (text) => { process.stderr.write(text) }, isTerminal: process.stderr.isTTY },
}).then((status) => {
  // Not process.exit: a pipe that has not taken everything yet would lose the end of a document.
  process.exitCode = status
})
