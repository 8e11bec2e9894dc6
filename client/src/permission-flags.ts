/** The flags that make Node.js refuse what the server never does: writing files and starting programs. Knows nothing of VS Code. */

/** The flags for this runtime, newest name first; none where it has no permission model. */
export function permissionFlags(allowed: { has(flag: string): boolean } = process.allowedNodeEnvironmentFlags): string[] {
  const model = ['--permission', '--experimental-permission'].find((flag) => allowed.has(flag))
  return model === undefined ? [] : [model, '--allow-fs-read=*', '--no-warnings']
}
