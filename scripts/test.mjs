// npm test: sets up what it needs, runs every suite, and ends with one line of totals over all of them.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import * as path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDependencies } from './install.mjs'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const totals = { passed: 0, failed: 0, skipped: 0 }
const failures = []

if (!installDependencies(root)) finish('dependencies could not be installed')

// Each of these counts as one test: it holds or it does not.
check('build', 'node', ['scripts/build.mjs'])
check('package', 'node', ['scripts/package.mjs'])
check('types', 'npx', ['tsc', '-b'])
check('lint', 'npx', ['eslint', '.', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '--max-warnings', '0'])
check('architecture', 'npx', ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', 'server', 'client'])
check('dead code', 'npx', ['knip'])
check('derived files', 'npm', ['run', '--silent', 'generate', '--', '--check'])
check('grammar', 'npm', ['run', '--silent', 'grammar'])

suite('unit, fixture, wire and command-line', 'vitest.config.mts')
await endToEnd()
finish()

async function endToEnd() {
  const { whyNotHere } = await import('./code-server.mjs')
  const { installChromium } = await import('./chromium.mjs')
  const reason = whyNotHere() ?? installChromium()
  if (reason && process.env.CI !== 'true') {
    console.log(`\nThe end-to-end suite is left out: ${reason}.`)
    totals.skipped += 1
    return
  }
  if (reason) {
    record('end-to-end', [`the end-to-end suite cannot run here: ${reason}`])
    return
  }
  suite('end-to-end', 'test/e2e/vitest.config.mts')
}

function check(name, command, args) {
  const started = Date.now()
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 2 ** 20 })
  const held = done.status === 0
  console.log(`${held ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (held) totals.passed += 1
  else {
    record(name, [name])
    console.log(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error ? String(done.error) : ''}`)
  }
}

/** Runs vitest; its JSON report gives the real totals, and a file that fails to load counts as a failure. */
function suite(name, config) {
  console.log(`\n${name}`)
  const report = path.join(root, 'node_modules/.cache/torch-footprint', `${path.basename(path.dirname(path.resolve(root, config)))}-report.json`)
  fs.mkdirSync(path.dirname(report), { recursive: true })
  fs.rmSync(report, { force: true })
  const done = spawnSync('npx', ['vitest', 'run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  let result
  try {
    result = JSON.parse(fs.readFileSync(report, 'utf8'))
  } catch {
    record(name, [`${name}: vitest ended without a report (status ${done.status ?? done.signal})`])
    return
  }
  totals.passed += result.numPassedTests
  totals.skipped += result.numPendingTests + (result.numTodoTests ?? 0)
  const failed = result.testResults.flatMap((file) => file.assertionResults.filter((test) => test.status === 'failed').map((test) => `${path.relative(root, file.name)}: ${test.fullName}`))
  const broken = result.testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed')).map((file) => `${path.relative(root, file.name)}: ${file.message || 'failed to load'}`)
  record(name, [...failed, ...broken])
  if (done.status !== 0 && failed.length + broken.length === 0) record(name, [`${name}: vitest ended with status ${done.status ?? done.signal} (an error outside any test)`])
}

function record(_name, list) {
  totals.failed += list.length
  failures.push(...list)
}

function finish(problem) {
  if (problem) record('set-up', [problem])
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`)
  console.log(`\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`)
  process.exit(totals.failed > 0 || totals.passed === 0 ? 1 : 0)
}
