/** The storages of a file in the order in which they were found; looked up by key only when somebody asks, because mostly nobody does. */

import type { StoredStorage } from './storage-record.ts'

/** What those who read the storages of a file need. */
export interface Storages {
  readonly size: number
  get(key: string): StoredStorage | undefined
  has(key: string): boolean
  values(): Iterable<StoredStorage>
}

export class StorageTable implements Storages {
  private readonly list: StoredStorage[] = []
  private byKey: Map<string, StoredStorage> | undefined

  get size(): number {
    return this.list.length
  }

  get(key: string): StoredStorage | undefined {
    this.byKey ??= new Map(this.list.map((storage) => [storage.key, storage]))
    return this.byKey.get(key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  /** A storage under a key that no other one has. */
  add(storage: StoredStorage): void {
    this.list.push(storage)
    this.byKey?.set(storage.key, storage)
  }

  values(): readonly StoredStorage[] {
    return this.list
  }
}
