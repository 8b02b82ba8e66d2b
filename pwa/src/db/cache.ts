// What the server can tell again: dropped whenever anything about it is doubtful, and refilled.
//
// It is the list of what was written, one text for each transaction, oldest first. A record of its own
// for each row and member takes ten times as long to write, and nobody ever reads a single one.

import type {
  Id,
  Meta,
  StoredBlob,
  StoredCursor,
  StoredMember,
  StoredReceipt,
  StoredRow,
  Write,
} from '@hushui/sync'
import { deleteDB } from 'idb'
import type { DBSchema } from 'idb'
import { database } from './open.ts'
import type { Database } from './open.ts'

interface Schema extends DBSchema {
  /** Each the JSON of writes. */
  changes: { key: number; value: string }
}

/** Raised with every change of what lies in it: an older cache is dropped, not migrated. */
const VERSION = 2
/** So many more than what they left: then the list is written anew. */
const OVERTAKEN_MAX = 1000
const WRITES_PER_TEXT = 500

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
  let told: Told | undefined
  try {
    told = await read(db)
  } catch {
    db.close()
    await deleteDB(name)
    db = connect(name)
  }
  if (told?.isUntidy) void tidy(db)
  return {
    load: async () => {
      const { live } = told ?? (await read(db))
      told = undefined
      return cachedOf(live)
    },
    write: async (writes) => {
      told = undefined
      const text = JSON.stringify(writes)
      // Relaxed: what a power cut takes is pulled again.
      await db.write(['changes'], 'relaxed', (tx) => tx.objectStore('changes').add(text))
      if (writes.some(isPurge)) void tidy(db)
    },
    close: () => db.close(),
  }
}

function connect(name: string): Database<Schema> {
  return database<Schema>(name, VERSION, (upgrade) => {
    for (const store of Array.from(upgrade.objectStoreNames)) upgrade.deleteObjectStore(store)
    upgrade.createObjectStore('changes', { autoIncrement: true })
  })
}

interface Told {
  /** The last of each, by store and key. */
  readonly live: ReadonlyMap<string, Write>
  readonly isUntidy: boolean
}

const read = (db: Database<Schema>): Promise<Told> =>
  db.read(['changes'], async (tx) => replay(await tx.objectStore('changes').getAll()))

function replay(texts: readonly string[]): Told {
  const live = new Map<string, Write>()
  let count = 0
  let isPurged = false
  for (const text of texts) {
    for (const write of JSON.parse(text) as Write[]) {
      const name = `${write.store} ${String(write.key)}`
      count++
      isPurged ||= isPurge(write)
      if (write.value === null) live.delete(name)
      else live.set(name, write)
    }
  }
  return { live, isUntidy: isPurged || count > 2 * live.size + OVERTAKEN_MAX }
}

/** A scope was taken away: nothing of it stays behind (S09). */
const isPurge = ({ store, value }: Write): boolean => store === 'cursors' && value === null

/** Takes out what later writes have overtaken. Where it fails, the list is only longer. */
async function tidy(db: Database<Schema>): Promise<void> {
  const work = db.write(['changes'], 'relaxed', async (tx) => {
    const changes = tx.objectStore('changes')
    const writes = [...replay(await changes.getAll()).live.values()]
    await changes.clear()
    for (let at = 0; at < writes.length; at += WRITES_PER_TEXT) {
      await changes.add(JSON.stringify(writes.slice(at, at + WRITES_PER_TEXT)))
    }
  })
  await work.catch(() => undefined)
}

function cachedOf(live: ReadonlyMap<string, Write>): Cached {
  const found = { receipts: [], rows: [], members: [], cursors: [], blobs: [] }
  const meta: Record<string, unknown> = {}
  for (const { store, key, value } of live.values()) {
    if (store === 'meta') meta[key] = value
    else (found[store] as unknown[]).push(value)
  }
  return { ...found, meta }
}
