/** What clients send, as core takes it. Nothing that a client sends is believed to have the shape it should have. */

import type { StartOptions } from '../protocol.ts'
import { pathOf } from './uris.ts'

export function readStartOptions(options: unknown): StartOptions {
  if (typeof options !== 'object' || options === null) return {}
  const { interpreter, quarantine, sidebar } = options as Record<string, unknown>
  return {
    ...(typeof interpreter === 'string' && interpreter !== '' ? { interpreter } : {}),
    quarantine: Array.isArray(quarantine) ? quarantine.flatMap((uri) => typeof uri === 'string' ? pathOf(uri) ?? [] : []) : [],
    sidebar: sidebar === true,
  }
}

/** The paths of the URIs that name files. */
export function pathsOf(items: readonly { readonly uri: string }[]): string[] {
  return items.flatMap(({ uri }) => pathOf(uri) ?? [])
}
