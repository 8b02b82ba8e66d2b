import 'fake-indexeddb/auto'
import type { Op, StoredRow, Write } from '@hushui/sync'
import { openDB } from 'idb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../ports.ts'
import { cacheName, openCache } from './cache.ts'
import { openOutbox } from './outbox.ts'

const row = (record: string): StoredRow => ({ record, rev: 'e:1', body: { kind: 'zone' } })
const put = (record: string): Write => ({ store: 'rows', key: record, value: row(record) })

const purge: Write[] = [
  { store: 'rows', key: 'secret', value: null },
  { store: 'cursors', key: 'zone:z', value: null },
]

/** What lies on the disk. */
async function textsOf(device: string): Promise<string[]> {
  const db = await openDB(cacheName(device))
  const texts = (await db.getAll('changes')) as string[]
  db.close()
  return texts
}

afterEach(() => vi.restoreAllMocks())

describe('cache', () => {
  it('gives back what was written, meta by name', async () => {
    const device = newId()
    const cache = await openCache(device)
    const member = { scope: 'zone:z', record: 'a', rev: 'e:1', shown: 1, gone: false }
    await cache.write([
      put('a'),
      put('b'),
      { store: 'rows', key: 'b', value: null },
      { store: 'members', key: ['zone:z', 'a'], value: member },
      { store: 'meta', key: 'offset', value: 42 },
      { store: 'meta', key: 'grants', value: ['zone:z'] },
    ])
    cache.close()
    const again = await openCache(device)
    const loaded = await again.load()
    expect(loaded.rows).toEqual([row('a')])
    expect(loaded.members).toEqual([member])
    expect(loaded.meta).toEqual({ offset: 42, grants: ['zone:z'] })
    again.close()
  })

  it('writes all or nothing', async () => {
    const cache = await openCache(newId())
    const broken = { store: 'rows', key: 'x', value: { record: 1n } } as unknown as Write
    await expect(cache.write([put('a'), broken])).rejects.toThrow()
    expect((await cache.load()).rows).toEqual([])
    cache.close()
  })

  it('the last word about each stands, whichever page brought it', async () => {
    const device = newId()
    const cache = await openCache(device)
    const cursor = { scope: 'zone:z', epoch: 'e', after: null, snapshot: 1, sweep: false }
    const at = (position: number): Write => {
      return { store: 'cursors', key: 'zone:z', value: { ...cursor, position } }
    }
    await cache.write([put('a'), put('b'), at(1)])
    await cache.write([{ store: 'rows', key: 'a', value: { ...row('a'), rev: 'e:2' } }, at(2)])
    await cache.write([{ store: 'rows', key: 'b', value: null }, at(3)])
    const seen = await cache.load()
    expect(seen.rows).toEqual([{ ...row('a'), rev: 'e:2' }])
    expect(seen.cursors).toEqual([{ ...cursor, position: 3 }])
    cache.close()
    const again = await openCache(device)
    expect(await again.load()).toEqual(seen)
    again.close()
  })

  it('S09 what was purged lies nowhere on the disk any more', async () => {
    const device = newId()
    const cache = await openCache(device)
    await cache.write([put('secret'), put('a')])
    await cache.write(purge)
    await vi.waitFor(async () => expect((await textsOf(device)).join('')).not.toContain('secret'))
    expect((await cache.load()).rows).toEqual([row('a')])
    cache.close()
  })

  it('S09 nor where the page died before it could be taken out', async () => {
    const device = newId()
    const cache = await openCache(device)
    await cache.write([put('secret'), put('a')])
    cache.close()
    const db = await openDB(cacheName(device))
    await db.add('changes', JSON.stringify(purge))
    db.close()
    const again = await openCache(device)
    await vi.waitFor(async () => expect((await textsOf(device)).join('')).not.toContain('secret'))
    expect((await again.load()).rows).toEqual([row('a')])
    again.close()
  })

  it('is written anew when most of it was overtaken, and says the same', async () => {
    const device = newId()
    const cache = await openCache(device)
    const many = Array.from({ length: 600 }, (_, i) => put(`r${i}`))
    for (let i = 0; i < 4; i++) await cache.write(many)
    await cache.write([{ store: 'meta', key: 'offset', value: 7 }])
    const before = await cache.load()
    cache.close()
    expect(await textsOf(device)).toHaveLength(5)
    const again = await openCache(device)
    expect(await again.load()).toEqual(before)
    await vi.waitFor(async () => expect(await textsOf(device)).toHaveLength(2))
    expect(await again.load()).toEqual(before)
    again.close()
  })

  it('drops what another version left and begins anew', async () => {
    const device = newId()
    const strange = await openDB(cacheName(device), 99, {
      upgrade: (db) => void db.createObjectStore('something'),
    })
    strange.close()
    const cache = await openCache(device)
    await cache.write([put('a')])
    expect((await cache.load()).rows).toHaveLength(1)
    cache.close()
  })

  it('drops what an older app left, its cursors with the rows; the outbox stays', async () => {
    const device = newId()
    const outbox = openOutbox(device)
    const at = { wall: 1, mono: 1, boot: device, offset: 0, contact: `${device}:0` }
    const op = { kind: 'hazard', record: newId(), act: 'put', set: { type: 'piping' }, base: {} }
    await outbox.capture(at, { id: newId(), ops: [op as Op], blobs: [] })
    const lines = await outbox.lines(1)
    const older = await openDB(cacheName(device), 1, {
      upgrade: (db) => {
        db.createObjectStore('rows', { keyPath: 'record' })
        db.createObjectStore('cursors', { keyPath: 'scope' })
        for (const name of ['receipts', 'members', 'blobs', 'meta']) db.createObjectStore(name)
      },
    })
    await older.put('rows', row('a'))
    await older.put('cursors', { scope: 'zone:z', position: 9 })
    older.close()
    const cache = await openCache(device)
    expect(await cache.load()).toEqual({
      ...{ receipts: [], rows: [], members: [], cursors: [], blobs: [] },
      meta: {},
    })
    cache.close()
    const db = await openDB(cacheName(device))
    expect([...db.objectStoreNames]).toEqual(['changes'])
    db.close()
    expect(await outbox.lines(1)).toEqual(lines)
    expect(lines).toHaveLength(1)
    outbox.close()
  })

  it('drops what cannot be read and begins anew', async () => {
    const device = newId()
    const cache = await openCache(device)
    await cache.write([put('a')])
    cache.close()
    const db = await openDB(cacheName(device))
    await db.add('changes', '[{"store":"rows","key":')
    db.close()
    const again = await openCache(device)
    expect((await again.load()).rows).toEqual([])
    again.close()
  })

  it('drops what lacks a store and begins anew', async () => {
    const device = newId()
    const half = await openDB(cacheName(device), 2, {
      upgrade: (db) => void db.createObjectStore('rows', { keyPath: 'record' }),
    })
    half.close()
    const cache = await openCache(device)
    expect((await cache.load()).cursors).toEqual([])
    cache.close()
  })
})
