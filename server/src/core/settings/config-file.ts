/** Reads torch-footprint.toml and the `[tool.torch-footprint]` table of pyproject.toml. Bad TOML is a problem with its line, never a throw. */

import { parse, TomlError } from 'smol-toml'

export interface ConfigFile {
  /** The table as plain data; empty when the file says nothing of us. */
  readonly values: Readonly<Record<string, unknown>>
  readonly problem?: { readonly message: string; readonly line: number }
}

/** The names of configuration files, the stronger first. */
export const configFileNames = ['torch-footprint.toml', 'pyproject.toml'] as const

/** Configuration files larger than this are none. */
export const maxConfigBytes = 1_000_000

export function readConfigFile(name: string, text: string): ConfigFile {
  let parsed: unknown
  try {
    parsed = parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) return { values: {}, problem: { message: 'not readable as TOML', line: 0 } }
    return { values: {}, problem: { message: `not TOML: ${error.message.split('\n')[0] ?? ''}`, line: Math.max(0, error.line - 1) } }
  }
  if (name !== 'pyproject.toml') return { values: table(parsed) }
  return { values: table(table(table(parsed).tool)['torch-footprint']) }
}

function table(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : {}
}
