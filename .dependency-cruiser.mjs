// The laws of ARCHITECTURE.md. Each one says, in its comment, how to get back inside it.
const core = '^server/src/core/'

/** What every folder may name: the ports, and the plain data in which answers are given. */
const vocabulary = `${core}ide/answers\\.ts$`

/** Core folders in the order in which they may import: each may import those that it lists, itself, text and measure. */
const mayImport = {
  'text': [],
  'measure': ['text'],
  'syntax': ['text', 'measure'],
  'evaluate': ['text', 'measure', 'syntax'],
  'model': ['text', 'measure', 'syntax', 'evaluate'],
  'layers': ['text', 'measure', 'syntax', 'evaluate', 'model'],
  'serialize': ['text', 'measure', 'model'],
  'quantize': ['text', 'measure', 'model', 'serialize'],
  'checkpoint': ['text', 'measure'],
  'packages': ['text', 'measure'],
  'manifests': ['text', 'measure', 'packages'],
  'settings': ['text', 'measure'],
  'pretrained': ['text', 'measure', 'syntax', 'evaluate'],
  'footprint': ['text', 'measure', 'syntax', 'evaluate', 'model', 'layers', 'serialize', 'quantize', 'checkpoint', 'packages', 'manifests', 'pretrained', 'settings'],
  'rules': ['text', 'measure', 'syntax', 'evaluate', 'model', 'layers', 'serialize', 'quantize', 'checkpoint', 'packages', 'manifests', 'pretrained', 'settings', 'footprint'],
  'ide': ['text', 'measure', 'syntax', 'evaluate', 'model', 'layers', 'serialize', 'quantize', 'checkpoint', 'packages', 'manifests', 'pretrained', 'settings', 'footprint', 'rules'],
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-cycles', comment: 'Move what both files need into a third one that imports neither.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'core-is-pure',
      comment: 'Core has no I/O and no protocol: ask for what you need through core/ports.ts and let host/ or lsp/ provide it.',
      severity: 'error',
      from: { path: core },
      to: { path: ['^server/src/(host|lsp|cli)/', '^server/src/[^/]+\\.ts$', '^client/', 'node_modules/(vscode|yauzl|commander|@types/node)'] },
    },
    { name: 'core-without-node', comment: 'No node: modules in core; use a port.', severity: 'error', from: { path: core }, to: { dependencyTypes: ['core'] } },
    { name: 'tree-sitter-behind-syntax', comment: 'Only core/syntax names web-tree-sitter: use its nodes and queries.', severity: 'error', from: { pathNot: '^server/src/core/syntax/' }, to: { path: 'node_modules/web-tree-sitter' } },
    { name: 'rules-are-apart', comment: 'A rule never imports another rule: move the shared question to the folder that owns the fact.', severity: 'error', from: { path: '^server/src/core/rules/catalog/' }, to: { path: '^server/src/core/rules/catalog/' } },
    { name: 'lsp-is-protocol-only', comment: 'lsp/ only translates: read files in host/, analyse in core/.', severity: 'error', from: { path: '^server/src/lsp/' }, to: { path: ['node_modules/yauzl', '^(node:)?fs'] } },
    { name: 'cli-without-lsp', comment: 'The command line starts dist/server.js; it does not import lsp/.', severity: 'error', from: { path: '^server/src/cli/' }, to: { path: '^server/src/lsp/' } },
    { name: 'lsp-without-cli', comment: 'Two doors to one core: neither imports the other.', severity: 'error', from: { path: '^server/src/lsp/' }, to: { path: '^server/src/cli/' } },
    { name: 'host-below-doors', comment: 'host/ serves lsp/ and cli/, it does not know them.', severity: 'error', from: { path: '^server/src/host/' }, to: { path: '^server/src/(lsp|cli)/' } },
    { name: 'client-sees-protocol-only', comment: 'The client holds no analysis: add a request to server/src/protocol.ts.', severity: 'error', from: { path: '^client/' }, to: { path: '^server/', pathNot: '^server/src/protocol\\.ts$' } },
    ...Object.entries(mayImport).map(([folder, allowed]) => ({
      name: `core-${folder}-imports`,
      comment: `core/${folder} may import ${[...allowed, 'ports.ts', 'ide/answers.ts'].join(', ')}: move the shared part down, or the dependent part up.`,
      severity: 'error',
      from: { path: `${core}${folder}/` },
      to: { path: [`${core}[^/]+/`, `${core}analysis\\.ts$`], pathNot: [`${core}(${[folder, ...allowed].join('|')})/`, vocabulary] },
    })),
    {
      name: 'no-orphans', comment: 'Nothing reaches this file: use it or delete it.', severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^client/src/extension\\.ts$', '^server/src/(cli|lsp)/main\\.ts$', 'generated/'] }, to: {},
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: 'dist/' },
  },
}
