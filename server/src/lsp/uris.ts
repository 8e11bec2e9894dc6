/** URIs to paths and back. Only `file:` URIs name something that can be read; all else has no path. */

import { fileURLToPath, pathToFileURL } from 'node:url'

/** The absolute path with `/`, or `undefined` when the URI names no file. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined
  try {
    const path = fileURLToPath(uri)
    return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
  } catch {
    // A foreign host, an encoded separator, a broken escape: it names no file here.
    return undefined
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href
}
