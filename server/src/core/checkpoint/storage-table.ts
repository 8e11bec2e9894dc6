/** The storages of a file in the order in which they were found; looked up by key only when somebody asks, because mostly nobody does. */

import { DenseTensor } from './dense-tensor.ts'
import { StorageRecord } from './storage-record.ts'
import type { StoredStorage } from './storage-record.ts'

/** What those who read the storages of a file need. */
export interface Storages {
  readonly size: number
  get(key: string): StoredStorage | undefined
  has(key: string): boolean
  values(): Iterable<StoredStorage>
  forEach(callback: (storage: StoredStorage) => void): void
}

export class StorageTable implements Storages {
  private readonly list: StoredStorage[] = []
  /** Those that are no plain records: the few that are asked for while a file is read. */
  private readonly unusual = new Map<string, StoredStorage>()
  private all: Map<string, StoredStorage> | undefined

  get size(): number {
    return this.list.length
  }

  get(key: string): StoredStorage | undefined {
    const found = this.unusual.get(key)
    if (found !== undefined || this.unusual.size === this.list.length) return found
    this.all ??= new Map(this.list.map((storage) => [storage.key, storage]))
    return this.all.get(key)
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  /** A storage under a key that no other one has. */
  add(storage: StoredStorage): void {
    this.list.push(storage)
    if (!(storage instanceof StorageRecord) && !(storage instanceof DenseTensor)) this.unusual.set(storage.key, storage)
    this.all?.set(storage.key, storage)
  }

  values(): readonly StoredStorage[] {
    return this.list
  }

  forEach(callback: (storage: StoredStorage) => void): void {
    this.list.forEach(callback)
  }
}
