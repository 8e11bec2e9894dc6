// Bundles the three programs and the webview scripts into dist/, with the grammar beside them. `--if-stale` skips when nothing changed.
import { createRequire } from 'node:module'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { thirdPartyNotices } from './notices.mjs'
import { digestOf, readStamp, writeStamp } from './stamp.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const require = createRequire(import.meta.url)
const dist = path.join(root, 'dist')

/** What a build depends on; a second `npm start` compares its digest and skips the build. */
const inputs = ['client/src', 'client/webview', 'server/src', 'package.json', 'package-lock.json', 'scripts/build.mjs']

const stamp = digestOf(root, inputs)
if (process.argv.includes('--if-stale') && readStamp(root, 'build') === stamp && fs.existsSync(path.join(dist, 'cli.js'))) process.exit(0)

const shared = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
}
// What `import.meta.url` becomes: a CommonJS bundle has none, and the programs find their neighbours in dist/ by it.
const importMetaUrl = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;"
const node = {
  ...shared,
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: importMetaUrl },
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // The ESM file of web-tree-sitter asks for import.meta.url, which a CommonJS bundle does not have.
  alias: {
    'web-tree-sitter': require.resolve('web-tree-sitter'),
    // Two patch releases of it are installed: one is enough.
    'vscode-languageserver-types': path.join(root, 'node_modules/vscode-languageserver-types/lib/esm/main.js'),
  },
}

// Two doors to one core: the server and the command line share one bundle, so that what both hold is shipped once.
const programs = `
exports.server = () => require('./server/src/lsp/main.ts')
exports.cli = () => require('./server/src/cli/main.ts')
`

/**
 * Tables and Python sources stand in the bundle as one Brotli text: a .vsix is a zip, whose window is too small for what repeats
 * in them. Only modules whose exports are plain data; `const` and `export const` are all that readers see of it.
 */
async function packedTables() {
  const data = new Map()
  for (const file of tableFiles()) {
    const { outputFiles } = await build({ ...shared, metafile: false, minify: false, entryPoints: [file], write: false, format: 'esm', platform: 'neutral' })
    const made = { ...await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`) }
    if (isDeepStrictEqual(JSON.parse(JSON.stringify(made)), made)) data.set(file, made)
  }
  const order = [...data.keys()]
  const packed = brotliCompressSync(JSON.stringify([...data.values()])).toString('base64')
  return {
    name: 'packed-tables',
    setup(target) {
      target.onResolve({ filter: /^packed-tables$/ }, () => ({ path: 'packed-tables', namespace: 'packed' }))
      target.onLoad({ filter: /.*/, namespace: 'packed' }, () => ({
        contents: `import { brotliDecompressSync } from 'node:zlib'\nexport const tables = JSON.parse(brotliDecompressSync(Buffer.from('${packed}', 'base64')).toString())\n`,
      }))
      target.onLoad({ filter: /\.ts$/ }, ({ path: file }) => (data.has(file) ? {
        contents: `import { tables } from 'packed-tables'\n${Object.keys(data.get(file)).map((name) => `export const ${name} = tables[${String(order.indexOf(file))}].${name}`).join('\n')}\n`,
      } : undefined))
    },
  }
}

function tableFiles() {
  const core = path.join(root, 'server/src/core')
  const folders = fs.readdirSync(core, { recursive: true }).filter((name) => /(?:^|[\\/])generated[\\/](?!catalog)[\w-]+\.ts$/.test(name) || /^layers[\\/]python[\\/][\w-]+\.ts$/.test(name))
  return folders.map((name) => path.join(core, name)).sort()
}

fs.rmSync(dist, { recursive: true, force: true })
const results = await Promise.all([
  build({ ...node, entryPoints: { extension: 'client/src/extension.ts' }, outdir: 'dist', external: ['vscode'] }),
  build({ ...node, stdin: { contents: programs, resolveDir: root, sourcefile: 'programs.js' }, plugins: [await packedTables()], outfile: 'dist/programs.js' }),
  build({ ...shared, entryPoints: { 'many-files': 'server/src/host/many-files.mjs' }, outdir: 'dist', outExtension: { '.js': '.mjs' }, platform: 'node', target: 'node20', format: 'esm' }),
  build({ ...shared, platform: 'browser', target: 'es2022', format: 'iife', entryPoints: webviews(), outdir: 'dist/webview' }),
])
for (const name of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
  fs.copyFileSync(require.resolve(name), path.join(dist, path.basename(name)))
}
fs.writeFileSync(path.join(dist, 'server.js'), "require('./programs.js').server()\n")
fs.writeFileSync(path.join(dist, 'cli.js'), "#!/usr/bin/env node\nrequire('./programs.js').cli()\n")
fs.chmodSync(path.join(dist, 'cli.js'), 0o755)
const shipped = [...results.flatMap((result) => Object.keys(result.metafile.inputs)), 'node_modules/tree-sitter-python/tree-sitter-python.wasm']
fs.writeFileSync(path.join(dist, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(root, shipped))
if (process.argv.includes('--metafile')) {
  fs.writeFileSync(path.join(root, 'node_modules/.cache/metafile.json'), JSON.stringify(results.map((result) => result.metafile)))
}
writeStamp(root, 'build', stamp)

/** Every script directly in client/webview/ is one webview's entry. */
function webviews() {
  const folder = path.join(root, 'client/webview')
  if (!fs.existsSync(folder)) return {}
  return Object.fromEntries(fs.readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => [name.slice(0, -3), path.join(folder, name)]))
}
