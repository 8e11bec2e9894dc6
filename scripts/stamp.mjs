// Remembers what a step was last run on, so that a second run can skip it. Stamps live in node_modules/.cache and go with it.
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as path from 'node:path'

/** A digest over names and contents of files and folders below `root`. */
export function digestOf(root, inputs) {
  const hash = createHash('sha256')
  for (const input of inputs) visit(path.join(root, input))
  return hash.digest('hex')

  function visit(file) {
    const found = fs.statSync(file, { throwIfNoEntry: false })
    if (!found) return
    if (found.isDirectory()) {
      for (const name of fs.readdirSync(file).sort()) visit(path.join(file, name))
      return
    }
    hash.update(path.relative(root, file)).update('\0').update(fs.readFileSync(file)).update('\0')
  }
}

const stampFile = (root, name) => path.join(root, 'node_modules/.cache/torch-footprint', `${name}.stamp`)

export function readStamp(root, name) {
  try {
    return fs.readFileSync(stampFile(root, name), 'utf8')
  } catch {
    return undefined
  }
}

export function writeStamp(root, name, stamp) {
  fs.mkdirSync(path.dirname(stampFile(root, name)), { recursive: true })
  fs.writeFileSync(stampFile(root, name), stamp)
}
