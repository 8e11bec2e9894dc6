/** Which file a request speaks of, when it is open and not in quarantine. */

import type { Session } from '../session.ts'

/** The path of an open document; `undefined` for what has no text here, which is answered with nothing. */
export function readableFile({ documents, quarantined }: Session, uri: string): string | undefined {
  const file = documents.get(uri)?.file
  return file === undefined || quarantined.has(file) ? undefined : file
}
