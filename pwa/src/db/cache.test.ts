import 'fake-indexeddb/auto'
import type { StoredRow, Write } from '@hushui/sync'
import { openDB } from 'idb'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../ports.ts'
import { cacheName, openCache } from './cache.ts'

const row = (record: string): StoredRow => ({ record, rev: 'e:1', body: { kind: 'zone' } })
const put = (record: string): Write => ({ store: 'rows', key: record, value: row(record) })

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
    const broken = { store: 'rows', key: 'x', value: { record: undefined } } as unknown as Write
    await expect(cache.write([put('a'), broken])).rejects.toThrow()
    expect((await cache.load()).rows).toEqual([])
    cache.close()
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

  it('drops what lacks a store and begins anew', async () => {
    const device = newId()
    const half = await openDB(cacheName(device), 1, {
      upgrade: (db) => void db.createObjectStore('rows', { keyPath: 'record' }),
    })
    half.close()
    const cache = await openCache(device)
    expect((await cache.load()).cursors).toEqual([])
    cache.close()
  })
})
