/**
 * The one place where errors are caught. A request gets exactly one reply: its answer, `RequestCancelled`, or an
 * internal error that names the request; the server lives on. A notification that fails is logged.
 */

import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken, type RemoteConsole } from 'vscode-languageserver/node'

type Log = Pick<RemoteConsole, 'error'>

/**
 * A request handler around a synchronous answer. It waits one turn first: a cancellation that has already been sent is
 * read before any work is done for a request that nobody waits for.
 */
export function guardRequest<Params, Answer>(log: Log, name: string, answer: (params: Params) => Answer): (params: Params, token?: CancellationToken) => Promise<Answer> {
  return async (params, token) => {
    await nextTurn()
    // A request without parameters arrives with the token in their place; it is too short to be worth cancelling.
    if (token?.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, `${name} was cancelled`)
    try {
      return answer(params)
    } catch (error) {
      report(log, name, error)
      throw new ResponseError(ErrorCodes.InternalError, `${name} failed: ${messageOf(error)}`)
    }
  }
}

/** A notification handler, or any other work that nobody waits for. */
export function guardWork<Params extends unknown[]>(log: Log, name: string, work: (...params: Params) => void | Promise<void>): (...params: Params) => void {
  return (...params) => {
    try {
      const pending = work(...params)
      if (pending) pending.catch((error: unknown) => { report(log, name, error) })
    } catch (error) {
      report(log, name, error)
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve) })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function report(log: Log, name: string, error: unknown): void {
  try {
    log.error(`${name} failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
  } catch {
    // The connection has ended: nobody is left to be told, and what failed was most likely an answer to it.
  }
}
