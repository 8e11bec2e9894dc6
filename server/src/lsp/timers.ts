/** Work that waits a moment, by name; scheduling a name again starts its wait anew. After `stop` nothing runs any more. */

export class Timers {
  readonly #waiting = new Map<string, NodeJS.Timeout>()
  #stopped = false

  schedule(name: string, milliseconds: number, work: () => void): void {
    this.cancel(name)
    if (this.#stopped) return
    this.#waiting.set(name, setTimeout(() => {
      this.#waiting.delete(name)
      work()
    }, milliseconds))
  }

  cancel(name: string): void {
    clearTimeout(this.#waiting.get(name))
    this.#waiting.delete(name)
  }

  isWaiting(name: string): boolean {
    return this.#waiting.has(name)
  }

  stop(): void {
    this.#stopped = true
    for (const name of this.#waiting.keys()) this.cancel(name)
  }
}
