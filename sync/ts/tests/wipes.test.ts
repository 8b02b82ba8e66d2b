import { describe, expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE, identity } from './phone.ts'
import { Server } from './server.ts'
import { counts, digestText, scopeDigest, statusOf, view, visible } from './support.ts'

const DEVICE = `device:${identity().device}`
const PERSONAL = `person:${PERSON}`
const SCOPES = [ZONE, PERSONAL, DEVICE]

/** A phone that has pulled and sent, and lies still. */
function world(): { server: Server; phone: Phone } {
  const server = new Server(EPOCH, PERSON)
  const phone = new Phone(server)
  server.grants = SCOPES
  for (const record of ['x', 'y', 'z']) server.change(record, { note: record }, [ZONE])
  phone.start()
  phone.settle()
  for (const record of ['a', 'b']) phone.capture({ record, set: { note: record } })
  phone.settle()
  phone.pass(600_000)
  phone.settle()
  return { server, phone }
}

const shown = ({ state }: Phone): unknown[] =>
  visible(state)
    .map(({ record }) => [record, view(state, record)?.fields, statusOf(state, record)?.state])
    .sort()

const digests = ({ state }: Phone): string[] =>
  SCOPES.map((scope) => {
    const members = [...(state.scopes.get(scope)?.members.values() ?? [])]
    return digestText(scopeDigest(members.map(({ record, rev }) => [record, rev] as const)))
  })

const STORES = ['receipts', 'rows', 'members', 'cursors', 'meta'] as const

describe('one store of the cache is lost and the others are not', () => {
  test.for(STORES)('G03 H02 H03 S06 %s: what was in it comes back by itself', (name) => {
    const { server, phone } = world()
    const before = { shown: shown(phone), digests: digests(phone) }
    expect(before.shown).toHaveLength(5)
    if (name === 'meta') phone.disk.meta = {}
    else phone.disk[name].clear()
    const pushes = server.pushes.length
    const next = new Phone(server, phone.disk)
    next.restart()
    next.settle()
    next.pass(600_000)
    next.settle()
    expect({ shown: shown(next), digests: digests(next) }).toEqual(before)
    expect(counts(next.state).lines).toBe(0)
    expect(server.feedOf(identity().device).lines).toHaveLength(2)
    expect(server.pushes.length - pushes).toBeLessThan(2)
    const again = new Phone(server, next.disk)
    again.restart(false)
    expect({ shown: shown(again), digests: digests(again) }).toEqual(before)
  })
})
