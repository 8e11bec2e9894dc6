/** What the checkpoint editor and its webview say to each other. */

import type { CheckpointAnswer } from '../../../server/src/protocol.ts'

export type HostMessage =
  | { readonly type: 'checkpoint'; readonly name: string; readonly answer: CheckpointAnswer }
  | { readonly type: 'failure'; readonly name: string; readonly message: string }

export type ViewMessage = { readonly type: 'ready' } | { readonly type: 'slim' }
