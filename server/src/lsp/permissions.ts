/**
 * Looks at itself: whether the runtime was started with Node's permission model, so that writing files and starting
 * programs is refused by the runtime and not only absent from the code. Asks, changes nothing.
 */

import type { GuardedParams } from '../protocol.ts'

interface Permission {
  has(scope: string): boolean
}

export function permissionReport(): { readonly message: string; readonly guarded: GuardedParams } {
  const permission = (process as { permission?: Permission }).permission
  const guarded = {
    refusesWrites: permission !== undefined && !permission.has('fs.write'),
    refusesPrograms: permission !== undefined && !permission.has('child'),
  }
  const message = guarded.refusesWrites && guarded.refusesPrograms
    ? 'The runtime refuses writes and child processes to this server.'
    : 'The runtime does not offer the permission model here; this server still writes nothing and starts nothing.'
  return { message, guarded }
}
