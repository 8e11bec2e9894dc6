/**
 * Which files ended the server. A file is suspect while the server owes an answer about it; a file that is suspect in
 * two crashes is left alone from then on. Knows nothing of VS Code.
 */

/** One crash may have been anybody's fault. */
const strikesUntilQuarantine = 2

export class Quarantine {
  readonly #owed = new Map<string, number>()
  /** Edited or opened, and no diagnostics have come since. */
  readonly #unread = new Set<string>()
  readonly #strikes = new Map<string, number>()

  asked(uri: string): void {
    this.#owed.set(uri, (this.#owed.get(uri) ?? 0) + 1)
  }

  answered(uri: string): void {
    const owed = (this.#owed.get(uri) ?? 0) - 1
    if (owed > 0) this.#owed.set(uri, owed)
    else this.#owed.delete(uri)
  }

  edited(uri: string): void {
    this.#unread.add(uri)
  }

  read(uri: string): void {
    this.#unread.delete(uri)
  }

  /** Every suspect gets a strike, and nothing is owed any more. Returns what is in quarantine because of this crash. */
  crashed(): string[] {
    const caught: string[] = []
    for (const uri of new Set([...this.#owed.keys(), ...this.#unread])) {
      const strikes = (this.#strikes.get(uri) ?? 0) + 1
      this.#strikes.set(uri, strikes)
      if (strikes === strikesUntilQuarantine) caught.push(uri)
    }
    this.#owed.clear()
    this.#unread.clear()
    return caught
  }

  files(): string[] {
    return [...this.#strikes].filter(([, strikes]) => strikes >= strikesUntilQuarantine).map(([uri]) => uri)
  }

  /** A person asked for another try. */
  release(): void {
    this.#strikes.clear()
  }
}
