import type { ChildProcess } from 'node:child_process'

export interface PreparedCodeServer {
  readonly entry: string
  readonly profile: string
}

export interface RunningCodeServer {
  readonly url: string
  readonly process: ChildProcess
  close(): Promise<void>
}

export function whyNotHere(): string | undefined
export function prepareCodeServer(root: string, options?: { readonly log?: (line: string) => void }): Promise<PreparedCodeServer | { readonly problem: string }>
export function serve(prepared: PreparedCodeServer, options: {
  readonly vsix?: string
  readonly folder: string
  readonly profile?: string
  readonly settings?: Readonly<Record<string, unknown>>
}): Promise<RunningCodeServer>
