/** Fills a folder with the sample and a Python environment beside it whose bytes are known. */

import * as fs from 'node:fs'
import * as path from 'node:path'
import { inject } from 'vitest'

/** Files are holes: they have their bytes and need no disk. */
const installed = {
  'torch-2.6.0': { requires: ['typing-extensions>=4.10.0', 'sympy==1.13.1'], files: { 'torch/__init__.py': 80_000, 'torch/lib/libtorch_cpu.so': 420_000_000 } },
  'typing_extensions-4.12.2': { requires: [], files: { 'typing_extensions.py': 130_000 } },
  'sympy-1.13.1': { requires: [], files: { 'sympy/__init__.py': 29_000_000 } },
  'torchvision-0.21.0': { requires: ['torch==2.6.0'], files: { 'torchvision/__init__.py': 3_000, 'torchvision/_C.so': 9_000_000 } },
} as const

export function sampleWorkspace(folder: string): undefined {
  fs.cpSync(path.join(inject('root'), 'sample'), folder, { recursive: true })
  environment(path.join(folder, '.venv'))
}

function environment(folder: string): void {
  const site = path.join(folder, 'lib/python3.11/site-packages')
  fs.mkdirSync(site, { recursive: true })
  fs.writeFileSync(path.join(folder, 'pyvenv.cfg'), 'home = /usr/bin\nversion = 3.11.2\n')
  fs.mkdirSync(path.join(folder, 'bin'))
  fs.writeFileSync(path.join(folder, 'bin/python'), '')
  for (const [name, { requires, files }] of Object.entries(installed)) {
    const info = path.join(site, `${name}.dist-info`)
    fs.mkdirSync(info)
    const [distribution, version] = name.split(/-(?=\d)/)
    fs.writeFileSync(path.join(info, 'METADATA'), ['Metadata-Version: 2.1', `Name: ${distribution!.replaceAll('_', '-')}`, `Version: ${version!}`, ...requires.map((one) => `Requires-Dist: ${one}`), ''].join('\n'))
    fs.writeFileSync(path.join(info, 'INSTALLER'), 'pip\n')
    fs.writeFileSync(path.join(info, 'RECORD'), [...Object.entries(files).map(([file, bytes]) => `${file},,${bytes}`), `${name}.dist-info/RECORD,,`, ''].join('\n'))
    for (const [file, bytes] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(site, file)), { recursive: true })
      fs.closeSync(fs.openSync(path.join(site, file), 'w'))
      fs.truncateSync(path.join(site, file), bytes)
    }
  }
}
