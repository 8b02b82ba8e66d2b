// What the server can tell again: dropped whenever anything about it is doubtful, and refilled.

import type {
  Meta,
  RowId,
  Scope,
  Sha256,
  StoredBlob,
  StoredCursor,
  StoredMember,
  StoredReceipt,
  StoredRow,
  Id,
  Write,
} from '@hushui/sync'
import { deleteDB, unwrap } from 'idb'
import type { DBSchema } from 'idb'
import { database } from './open.ts'
import type { Database } from './open.ts'

interface Schema extends DBSchema {
  receipts: { key: number; value: StoredReceipt }
  rows: { key: RowId; value: StoredRow }
  members: { key: [Scope, RowId]; value: StoredMember }
  cursors: { key: Scope; value: StoredCursor }
  blobs: { key: Sha256; value: StoredBlob }
  meta: { key: keyof Meta; value: Meta[keyof Meta] }
}

/** Raised with every change of what lies in it: an older cache is dropped, not migrated. */
const VERSION = 1
const STORES = ['receipts', 'rows', 'members', 'cursors', 'blobs', 'meta'] as const

interface Cached {
  readonly receipts: readonly StoredReceipt[]
  readonly rows: readonly StoredRow[]
  readonly members: readonly StoredMember[]
  readonly cursors: readonly StoredCursor[]
  readonly blobs: readonly StoredBlob[]
  readonly meta: Partial<Meta>
}

export interface Cache {
  load(): Promise<Cached>
  /** All of them, or none. */
  write(writes: readonly Write[]): Promise<void>
  close(): void
}

export const cacheName = (device: Id): string => `hushui-cache-${device}`

export async function openCache(device: Id): Promise<Cache> {
  const name = cacheName(device)
  let db = connect(name)
  try {
    await all(db)
  } catch {
    db.close()
    await deleteDB(name)
    db = connect(name)
  }
  return {
    load: () => all(db),
    write: (writes) =>
      // Relaxed: what a power cut takes is pulled again.
      db.write([...STORES], 'relaxed', (tx) => {
        // Twenty thousand at a first pull: nobody waits for a single one, the transaction tells.
        const raw = unwrap(tx)
        for (const { store: name, key, value } of writes) {
          const store = raw.objectStore(name)
          if (value === null) store.delete(key as IDBValidKey)
          else if (name === 'meta') store.put(value, key as string)
          else store.put(value)
        }
        return Promise.resolve()
      }),
    close: () => db.close(),
  }
}

function connect(name: string): Database<Schema> {
  return database<Schema>(name, VERSION, (upgrade) => {
    for (const store of Array.from(upgrade.objectStoreNames)) upgrade.deleteObjectStore(store)
    upgrade.createObjectStore('receipts', { keyPath: 'n' })
    upgrade.createObjectStore('rows', { keyPath: 'record' })
    upgrade.createObjectStore('members', { keyPath: ['scope', 'record'] })
    upgrade.createObjectStore('cursors', { keyPath: 'scope' })
    upgrade.createObjectStore('blobs', { keyPath: 'sha256' })
    upgrade.createObjectStore('meta')
  })
}

const all = (db: Database<Schema>): Promise<Cached> =>
  db.read([...STORES], async (tx) => {
    const meta = tx.objectStore('meta')
    const [receipts, rows, members, cursors, blobs, names, values] = await Promise.all([
      tx.objectStore('receipts').getAll(),
      tx.objectStore('rows').getAll(),
      tx.objectStore('members').getAll(),
      tx.objectStore('cursors').getAll(),
      tx.objectStore('blobs').getAll(),
      meta.getAllKeys(),
      meta.getAll(),
    ])
    const pairs = names.map((name, i) => [name, values[i]] as const)
    return { receipts, rows, members, cursors, blobs, meta: Object.fromEntries(pairs) }
  })
