import { describe, expect, it } from 'vitest'
import { initial, load } from '@hushui/sync'
import type { StoredMember, StoredRow, Write } from '@hushui/sync'
import { follow } from './follow.ts'
import { parseEvent } from './live.ts'
import { gzip, ndjson } from './transport.ts'

const identity = { device: 'd', person: 'p', org: 'o', epoch: 'e', contact: 'e:0', app: 'test' }
const row: StoredRow = { record: 'a', rev: 'e:1', body: { kind: 'zone' } }
const member: StoredMember = { scope: 'zone:z', record: 'a', rev: 'e:1', shown: 1, gone: false }
const cursor = {
  ...{ scope: 'zone:z', epoch: 'e', position: 4 },
  ...{ after: null, snapshot: 1, sweep: false },
}
const writes: Write[] = [
  { store: 'rows', key: 'a', value: row },
  { store: 'members', key: ['zone:z', 'a'], value: member },
  { store: 'cursors', key: 'zone:z', value: cursor },
  { store: 'meta', key: 'contact', value: 'e:7' },
  { store: 'meta', key: 'grants', value: ['zone:z'] },
]

describe('follow', () => {
  it('sees what the syncing tab stored as a fresh load of the store would', () => {
    const { state, records } = follow(initial(identity), writes)
    const fresh = load({
      ...{ identity, lines: [], receipts: [], blobs: [] },
      ...{ rows: [row], members: [member], cursors: [cursor] },
      meta: { contact: 'e:7', grants: ['zone:z'] },
    })
    expect(state.rows).toEqual(fresh.rows)
    expect(state.scopes).toEqual(fresh.scopes)
    expect(state.meta).toEqual(fresh.meta)
    expect(records).toEqual(['a'])
  })

  it('T04 captures with the contact whose grants are stored', () => {
    expect(follow(initial(identity), writes).state.contact).toBe('e:7')
  })

  it('leaves the state it was given as it was', () => {
    const before = follow(initial(identity), writes).state
    const gone: Write[] = [{ store: 'rows', key: 'a', value: null }]
    expect(follow(before, gone).state.rows.size).toBe(0)
    expect(before.rows.size).toBe(1)
  })
})

describe('the wire', () => {
  it('ends each line with a newline', () => {
    const lines = ['a', 'bc'].map((text) => new TextEncoder().encode(text))
    expect(new TextDecoder().decode(ndjson(lines))).toBe('a\nbc\n')
  })

  it('gzips what another side can read', async () => {
    const bytes = new TextEncoder().encode('长'.repeat(2000))
    const packed = await gzip(bytes)
    expect(packed?.byteLength).toBeLessThan(200)
  })

  it('reads hints and nothing else from the stream', () => {
    const text = 'event: scope\ndata: {"scope":"zone:z","position":5}'
    expect(parseEvent(text)).toEqual({ scope: 'zone:z', position: 5 })
    expect(parseEvent(': ')).toBeNull()
    expect(parseEvent('event: scope\ndata: {')).toBeNull()
  })
})
