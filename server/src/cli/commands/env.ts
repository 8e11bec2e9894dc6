/** `torch-footprint env`: what is installed, by package and by part of torch; with `--slim` the plan of what could go. Deletes nothing. */

import { isAbsolute, resolve } from 'node:path'
import { formatBytes, formatFigure } from '../../core/measure/format.ts'
import type { Figure } from '../../core/measure/figure.ts'
import { installerOf } from '../../core/packages/distribution.ts'
import { readEnvironment, recordNotes, requirementProblems, type EnvironmentProblem, type InstalledEnvironment } from '../../core/packages/environment.ts'
import { reportEnvironment, type EnvironmentReport, type Measured } from '../../core/packages/measured.ts'
import { slimDockerfileRun, slimScript, SlimPlanner } from '../../core/packages/slim-plan.ts'
import { installedTorch, type InstalledTorch } from '../../core/packages/torch-variant.ts'
import { createDiskFiles } from '../../host/disk-files.ts'
import { discoverEnvironment } from '../../host/environments.ts'
import { currentMachine } from '../../host/interpreters.ts'
import { walkFolder } from '../../host/walk.ts'
import { measureExactly, measureFast } from '../../host/measure-environment.ts'
import { defineCommand, type CommandContext, type CommandResult, type InputProblem, type Style } from '../command.ts'
import * as schema from '../schema.ts'

/** A bare integer is exact; everything else says how far it can be trusted. */
const bytes = { oneOf: [schema.count, ...(schema.figure.oneOf as readonly schema.Schema[])] }
const noted = schema.list(schema.object({ path: schema.text, message: schema.text }))

export const command = defineCommand({
  name: 'env',
  summary: 'what is installed, by package and by part',
  targets: { usage: '[PATH...]', description: 'folders whose environment is looked for (default: the current one)' },
  options: [
    { name: 'fast', description: 'from RECORD files, without a walk; every figure is an estimate' },
    { name: 'slim', description: 'print a plan of what could be removed, as a shell script and a Dockerfile line; deletes nothing' },
  ],
  schema: {
    sitePackages: schema.list(schema.text),
    chosenBecause: schema.text,
    candidates: schema.list(schema.object({ label: schema.text, sitePackages: schema.list(schema.text), holdsTorch: schema.flag })),
    python: schema.nullable(schema.text),
    total: schema.nullable(schema.object({ bytes, files: schema.count })),
    packages: schema.list(schema.object({
      name: schema.text, version: schema.text, bytes, files: schema.count, installer: schema.text, requires: schema.list(schema.text), requiredBy: schema.list(schema.text),
      direct: schema.flag, category: schema.text, unrecordedBytecode: schema.count,
    })),
    torch: schema.nullable(schema.object({
      version: schema.text, variant: schema.text, variantBecause: schema.text, closureBytes: bytes, closure: schema.list(schema.text), missing: schema.list(schema.text),
      parts: schema.list(schema.object({ part: schema.text, package: schema.text, bytes, neededAtRunTime: { enum: [true, false, 'cuda-only'] }, breaks: schema.list(schema.text) })),
    })),
    orphans: schema.list(schema.object({ name: schema.text, bytes, why: schema.text })),
    outside: schema.list(schema.object({ path: schema.text, bytes: schema.count, package: schema.text })),
    unowned: schema.object({ bytes, files: schema.count }),
    sharedElsewhere: schema.nullable(schema.object({ bytes: schema.count, files: schema.count })),
    notes: noted,
    slim: schema.nullable(schema.object({
      safeBytes: schema.count, allBytes: schema.count, dockerfileRun: schema.text, script: schema.text,
      removals: schema.list(schema.object({
        id: schema.text, title: schema.text, safety: schema.oneOf('safe', 'with-loss', 'cpu-only'), bytes: schema.count, files: schema.count,
        paths: schema.list(schema.text), breaks: schema.list(schema.text), commands: schema.list(schema.text),
      })),
    })),
  },
  run(context) {
    return measureAndReport(context)
  },
})

const NOTHING = { total: null, packages: [], torch: null, orphans: [], outside: [], unowned: { bytes: 0, files: 0 }, sharedElsewhere: null, notes: [], python: null, slim: null }

function measureAndReport(context: CommandContext): CommandResult {
  const files = createDiskFiles()
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(context.cwd, path)).replaceAll('\\', '/')
  const discovery = discoverEnvironment(files, {
    sitePackages: context.common.sitePackages.map(absolute),
    ...(context.common.python === undefined ? {} : { python: absolute(context.common.python) }),
    startFolders: context.targets.length > 0 ? context.targets.map(absolute) : [absolute('.')],
    machine: { ...currentMachine(), variables: context.environment },
  })
  if ('kind' in discovery) {
    const [input = '', message = discovery.message] = discovery.message.split(/: (.*)/s)
    return { document: { sitePackages: [], chosenBecause: '', candidates: [], ...NOTHING }, text: () => '', problems: [{ input, message }] }
  }
  const { location, candidates } = discovery
  if (location.sitePackages.length === 0) {
    return { document: { sitePackages: [], chosenBecause: location.chosenBecause, candidates, ...NOTHING }, text: () => `No Python environment found. Name one with --site-packages DIR or --python EXE.` }
  }
  const environment = readEnvironment(files, location)
  const fast = context.flag('fast')
  const measured = fast ? measureFast(files, environment, { sizeless: 'all' }) : measureExactly(files, environment)
  const torch = installedTorch(files, environment)
  const report = reportEnvironment(environment, measured, torch)
  const slim = context.flag('slim') && torch ? planOf(environment, torch) : undefined
  const problems = [...environment.problems, ...requirementProblems(environment), ...measured.problems].map(({ path, message }): InputProblem => ({ input: path, message }))
  return {
    document: {
      sitePackages: environment.sitePackages,
      chosenBecause: environment.chosenBecause,
      candidates,
      python: environment.target.pythonFull ?? environment.target.python ?? null,
      total: { bytes: plain(report.total.bytes), files: report.total.files },
      packages: report.packages.map((entry) => ({
        name: entry.name, version: entry.version, bytes: plain(entry.bytes), files: entry.files,
        installer: installerOf(files, environment.distributions.get(entry.key)!),
        requires: entry.requires, requiredBy: entry.requiredBy, direct: entry.direct, category: entry.category,
        unrecordedBytecode: measured.unownedBytecode.get(entry.key)?.bytes ?? 0,
      })),
      torch: report.torch ? {
        version: report.torch.version, variant: report.torch.variant, variantBecause: report.torch.because, closureBytes: plain(report.torch.closureBytes),
        closure: report.torch.closure, missing: report.torch.missing,
        parts: report.torch.parts.map((part) => ({ part: part.part, package: part.package, bytes: plain(part.bytes), neededAtRunTime: part.neededAtRunTime, breaks: part.breaks })),
      } : null,
      orphans: report.orphans.map((orphan) => ({ ...orphan, bytes: plain(orphan.bytes) })),
      outside: report.outside,
      unowned: report.unowned ? { bytes: plain(report.unowned.bytes), files: report.unowned.files } : { bytes: { value: null, certainty: 'unknown', reason: 'only a walk finds files that no RECORD names' }, files: 0 },
      sharedElsewhere: measured.sharedElsewhere ?? null,
      notes: notesOf(environment),
      slim: slim ?? null,
    },
    text: (style) => (slim ? `${slim.script}\n# In a Dockerfile, in the same RUN as the installation:\n${slim.dockerfileRun.replace(/^/gm, '# ')}\n` : render(environment, measured, report, style)),
    problems,
  }
}

function notesOf(environment: InstalledEnvironment): readonly EnvironmentProblem[] {
  return [...environment.notes, ...recordNotes(environment)]
}

/** The plan for the folder that holds torch. */
function planOf(environment: InstalledEnvironment, torch: InstalledTorch) {
  const sitePackages = environment.distributions.get('torch')?.sitePackages ?? environment.sitePackages[0]!
  const planner = new SlimPlanner()
  walkFolder(sitePackages, (path, size, kind) => { if (kind === 'file') planner.see(path, size) })
  const plan = planner.plan({ isCudaBuild: /^cu/.test(torch.variant), torchVersion: torch.version })
  return { ...plan, dockerfileRun: slimDockerfileRun(plan), script: slimScript(plan, sitePackages, formatBytes) }
}

/** As documents print it: a bare integer when it is exact. */
function plain(figure: Figure): number | Figure {
  return figure.certainty === 'exact' ? figure.value : figure
}

/** Packages below this share of the total are summed up in one line. */
const SHOWN_SHARE = 0.002
const MAX_SHOWN = 40

function render(environment: InstalledEnvironment, measured: Measured, report: EnvironmentReport, style: Style): string {
  const total = report.total.bytes.value ?? 0
  const lines = [
    ...environment.sitePackages.map((folder) => style.bold(folder)),
    style.dim(`chosen: ${environment.chosenBecause}; Python ${environment.target.pythonFull ?? environment.target.python ?? 'unknown'}`),
    '',
    `${formatFigure(report.total.bytes).padStart(12)}  ${style.bold('total')}, ${String(report.total.files)} files`,
  ]
  const shown = report.packages.filter((entry, order) => order < MAX_SHOWN && (entry.bytes.value === null || entry.bytes.value >= total * SHOWN_SHARE))
  for (const entry of shown) {
    const share = total > 0 && entry.bytes.value !== null ? `${((entry.bytes.value / total) * 100).toFixed(1).padStart(5)} %` : '      ?'
    lines.push(`${formatFigure(entry.bytes).padStart(12)}  ${share}  ${entry.name} ${style.dim(entry.version)}${entry.requiredBy.length > 0 ? style.dim(`  by ${listed(entry.requiredBy)}`) : ''}`)
  }
  const rest = report.packages.length - shown.length
  if (rest > 0) lines.push(`${formatBytes(report.packages.slice(shown.length).reduce((bytes, entry) => bytes + (entry.bytes.value ?? 0), 0)).padStart(12)}           ${String(rest)} smaller packages`)
  if (report.unowned && report.unowned.files > 0) {
    const bytecode = [...measured.unownedBytecode.values()].reduce((bytes, size) => bytes + size.bytes, 0)
    lines.push(`${formatFigure(report.unowned.bytes).padStart(12)}           in files that belong to no package${bytecode > 0 ? style.dim(` (${formatBytes(bytecode)} of it bytecode)`) : ''}`)
  }
  if (measured.sharedElsewhere && measured.sharedElsewhere.files > 0) lines.push(`${formatBytes(measured.sharedElsewhere.bytes).padStart(12)}           of it has other names outside (hard links of a cache or another environment): to delete it here frees nothing`)
  for (const library of report.outside) lines.push(`${formatBytes(library.bytes).padStart(12)}           outside: ${library.path} (${library.package})`)
  if (report.torch) {
    lines.push('', `${style.bold(`torch ${report.torch.version}`)} (${report.torch.variant}: ${report.torch.because}) takes ${style.bold(formatFigure(report.torch.closureBytes))} with what it requires`)
    for (const part of report.torch.parts) {
      if ((part.bytes.value ?? 0) < 1e6) continue
      const need = part.neededAtRunTime === true ? 'needed' : part.neededAtRunTime === 'cuda-only' ? style.cyan('CUDA only') : style.green('removable')
      const breaks = part.neededAtRunTime === true || part.breaks.length === 0 ? '' : style.dim(`; without it: ${part.breaks.join(', ')}`)
      lines.push(`${formatFigure(part.bytes).padStart(12)}  ${part.part}: ${need}${breaks}`)
    }
  }
  for (const orphan of report.orphans) lines.push(`${style.yellow('orphan')} ${orphan.name} (${formatFigure(orphan.bytes)}): ${orphan.why}`)
  for (const note of notesOf(environment)) lines.push(style.dim(`note: ${note.path}: ${note.message}`))
  return lines.join('\n')
}

function listed(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${String(names.length - 3)} more`
}
