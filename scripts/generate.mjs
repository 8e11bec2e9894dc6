// Writes every derived file: the indexes of rules and commands, the manifest's settings, docs/ and the tables of the README.
// `--check` writes nothing, names each stale file and fails. Run as `npm run generate`, which lets Node read TypeScript.
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { commandIndex, ruleIndex, versionFile } from './generate/indexes.mjs'
import { documents } from './generate/documents.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const check = process.argv.includes('--check')
const stale = []

// The indexes come first: everything else is computed from the modules that they name.
emit(versionFile(root))
emit(ruleIndex(root))
emit(commandIndex(root))
if (stale.length === 0 || !check) {
  const load = (file) => import(pathToFileURL(path.join(root, file)).href)
  for (const file of await documents(root, load)) emit(file)
}

if (check && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nrun \`npm run generate\` and commit what it writes`)
  process.exitCode = 1
}

/** Writes one file, or removes it when its text is null; under --check only notes that it is stale. */
function emit({ file, text }) {
  const at = path.join(root, file)
  const present = fs.existsSync(at) ? fs.readFileSync(at, 'utf8') : null
  if (present === text) return
  stale.push(file)
  if (check) return
  if (text === null) fs.rmSync(at)
  else {
    fs.mkdirSync(path.dirname(at), { recursive: true })
    fs.writeFileSync(at, text)
  }
}
