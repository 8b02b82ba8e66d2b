import { describe, expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE, identity } from './phone.ts'
import type { Send } from './phone.ts'
import { Server } from './server.ts'
import { baseFor, counts, inForce, statusOf, view, visible } from './support.ts'
import type { Entry, Op } from './support.ts'

const DEVICE = identity().device
const PERSONAL = `person:${PERSON}`

function world(): { server: Server; phone: Phone } {
  const server = new Server(EPOCH, PERSON)
  const phone = new Phone(server)
  server.grants = [ZONE, PERSONAL, `device:${DEVICE}`]
  phone.start()
  phone.settle()
  return { server, phone }
}

const takeOf = (phone: Phone, type: string): Send | undefined => {
  const i = phone.sends.findIndex(({ request }) => request.type === type)
  return i < 0 ? undefined : phone.sends.splice(i, 1)[0]
}

function pushOnly(phone: Phone): void {
  const sent = takeOf(phone, 'push')
  if (sent) phone.answer(sent, phone.ask(sent))
}

const round = (phone: Phone): Phone => {
  phone.event({ type: 'hint', scope: ZONE, position: 10 ** 6, now: phone.now })
  return phone.settle()
}

const fields = (phone: Phone, record: string): unknown => view(phone.state, record)?.fields
const seen = (phone: Phone): string[] => visible(phone.state).map(({ record }) => record)

describe('what a person sees', () => {
  test('V08 E07 a field that this app does not know stays, through an edit and its row', () => {
    const { server, phone } = world()
    const colour = { of: ['the', 'water'] }
    server.change('a', { note: 'one', colour }, [ZONE])
    round(phone)
    const before = view(phone.state, 'a')?.stamps
    const base = baseFor(phone.state, 'a', ['note'])
    const line = phone.capture({ record: 'a', set: { note: 'two' }, base })
    expect(line.entry.ops[0]?.set).toEqual({ note: 'two' })
    expect(line.entry.ops[0]?.base).toEqual({ note: before?.['note'] })
    expect(fields(phone, 'a')).toEqual({ note: 'two', colour })
    phone.settle()
    round(phone)
    expect(view(phone.state, 'a')?.overlay).toEqual([])
    expect(fields(phone, 'a')).toEqual({ note: 'two', colour })
    expect(view(phone.state, 'a')?.stamps['colour']).toBe(before?.['colour'])
  })

  test('H05 own unsettled lines lie on top of the rows, in order of n', () => {
    const { server, phone } = world()
    server.change('a', { type: 'seepage', length: 1 }, [ZONE])
    round(phone)
    phone.event({ type: 'offline', now: phone.now })
    phone.capture({ record: 'a', set: { length: 2 } })
    phone.capture({ record: 'a', set: { length: 3, depth: 1 } })
    phone.capture({ record: 'a', act: 'add', set: { text: '又冒水' } })
    phone.capture({ record: 'b', set: { type: 'crack' } })
    expect(fields(phone, 'a')).toEqual({ type: 'seepage', length: 3, depth: 1 })
    expect(view(phone.state, 'a')?.overlay).toEqual([1, 2, 3])
    expect(view(phone.state, 'a')?.adds).toMatchObject([{ set: { text: '又冒水' } }])
    expect(view(phone.state, 'b')).toMatchObject({
      kind: 'hazard',
      author: PERSON,
      device: DEVICE,
      version: 1,
      rev: null,
    })
    phone.restart(false)
    expect(fields(phone, 'a')).toEqual({ type: 'seepage', length: 3, depth: 1 })
  })

  test('H05 del, undel and settle show at once', () => {
    const { server, phone } = world()
    server.change('a', { length: 1 }, [ZONE])
    const body = server.scopes.get(ZONE)?.get('a')?.body
    const conflict = { field: 'length', value: 7, entry: 'loser', author: 'x', winner: 'stamp1' }
    Object.assign(body ?? {}, { conflicts: [conflict, { field: '$deleted', entry: 'y' }] })
    round(phone)
    phone.event({ type: 'offline', now: phone.now })
    phone.capture({ record: 'a', act: 'del', set: {} })
    expect(view(phone.state, 'a')?.deleted).toBe(true)
    phone.capture({ record: 'a', act: 'undel', set: {} })
    expect(view(phone.state, 'a')?.deleted).toBe(false)
    const line = phone.capture({
      record: 'a',
      act: 'settle',
      set: { field: 'length', stamp: 'loser' },
    })
    expect(view(phone.state, 'a')).toMatchObject({ fields: { length: 7 }, conflicts: [] })
    expect(view(phone.state, 'a')?.stamps['length']).toBe(line.id)
  })

  test('H06 a line leaves when its row has arrived at the receipt’s rev or later', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a', set: { length: 1 } })
    pushOnly(phone)
    expect(view(phone.state, 'a')?.overlay).toEqual([1])
    server.change('a', { length: 5 }, [ZONE])
    phone.settle()
    expect(view(phone.state, 'a')?.overlay).toEqual([])
    expect(fields(phone, 'a')).toEqual({ length: 5 })
    phone.restart(false)
    expect(fields(phone, 'a')).toEqual({ length: 5 })
  })

  test('H06 it leaves with its row, not only at the end of the round', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a', set: { length: 1 } })
    pushOnly(phone)
    server.change('a', { length: 5 }, [ZONE])
    for (let i = 0; i < 3; i++) server.change(`x${i}`, { i }, [ZONE])
    server.rowsPerPage = 1
    while (!phone.state.rows.has('a')) {
      if (phone.stores.length > 0) phone.save()
      const pull = takeOf(phone, 'pull')
      if (pull) phone.answer(pull, phone.ask(pull))
    }
    expect(phone.state.round.open).toBe(true)
    expect(fields(phone, 'a')).toEqual({ length: 5 })
  })

  test('H06 an older row does not take the line away', () => {
    const { server, phone } = world()
    server.change('a', { length: 0 }, [ZONE])
    round(phone)
    phone.capture({ record: 'a', set: { length: 1 } })
    pushOnly(phone)
    expect(fields(phone, 'a')).toEqual({ length: 1 })
  })

  test('H06 a line whose row never comes leaves after the first full round begun after its receipt', () => {
    const { server, phone } = world()
    server.scopesOf = () => []
    phone.capture({ record: 'a', set: { length: 1 } })
    server.rowsPerPage = 1
    round(phone)
    for (let i = 0; i < 3; i++) server.change(`x${i}`, { i }, [ZONE])
    phone.event({ type: 'hint', scope: ZONE, position: 99, now: phone.now })
    const pull = takeOf(phone, 'pull')
    phone.capture({ record: 'b', set: { length: 1 } })
    pushOnly(phone)
    if (pull) phone.answer(pull, phone.ask(pull))
    while (phone.state.round.open) {
      if (phone.stores.length > 0) phone.save()
      const next = takeOf(phone, 'pull')
      if (next) phone.answer(next, phone.ask(next))
    }
    expect(seen(phone)).toContain('b')
    phone.settle()
    round(phone)
    expect(seen(phone)).not.toContain('b')
    phone.restart(false)
    expect(seen(phone)).not.toContain('b')
    expect(phone.disk.lines.size).toBe(2)
  })

  test('H06 a held line stays, marked, through removal, sweep, revocation and a new epoch', () => {
    const { server, phone } = world()
    server.change('a', { length: 1 }, [ZONE])
    round(phone)
    server.judge = () => ({ verdict: 'held', code: 'right_lost' })
    phone.capture({ record: 'a', set: { length: 2 } })
    phone.settle()
    const kept = (): void => {
      expect(fields(phone, 'a')).toEqual({ length: 2 })
      expect(statusOf(phone.state, 'a')).toMatchObject({ state: 'unaccepted', code: 'right_lost' })
    }
    kept()
    server.change('a', { length: 9 }, [])
    round(phone)
    round(phone)
    kept()
    server.scopes.get(ZONE)?.delete('a')
    server.positions.set(ZONE, 90)
    server.floors.set(ZONE, 90)
    round(phone)
    kept()
    server.grants = [PERSONAL, `device:${DEVICE}`]
    server.revoked = [{ scope: ZONE, number: 4 }]
    phone.event({ type: 'online', now: phone.now })
    phone.settle().pass(25 * 60_000)
    kept()
    server.mint('06ft0000000000000000000001')
    phone.pass(25 * 60_000)
    kept()
    phone.restart(false)
    kept()
  })

  test('V09 what is in force is the record without the lines that were not taken', () => {
    const { server, phone } = world()
    server.change('a', { length: 1 }, [ZONE])
    round(phone)
    phone.capture({ record: 'a', set: { width: 3 } })
    expect(inForce(phone.state, 'a')?.fields).toEqual({ length: 1, width: 3 })
    phone.settle()
    for (const verdict of ['refused', 'held', 'quarantined'] as const) {
      server.judge = () => ({ verdict, code: 'no_right' })
      phone.capture({ record: 'a', set: { length: 2 } })
      phone.capture({ record: 'b', set: { length: 2 } })
      phone.settle()
      expect(fields(phone, 'a')).toEqual({ length: 2, width: 3 })
      expect(inForce(phone.state, 'a')?.fields).toEqual({ length: 1, width: 3 })
      expect(view(phone.state, 'b')).toBeDefined()
      expect(inForce(phone.state, 'b')).toBeUndefined()
    }
  })

  test('R03 H06 when a held line is taken at last it leaves like any other', () => {
    const { server, phone } = world()
    server.judge = () => ({ verdict: 'held', code: 'unknown_kind' })
    phone.capture({ record: 'a', set: { length: 2 } })
    phone.settle()
    expect(statusOf(phone.state, 'a')?.state).toBe('unaccepted')
    server.rejudge(DEVICE, 1, 'applied')
    round(phone)
    expect(phone.disk.receipts.get(1)?.receipt?.verdict).toBe('applied')
    expect(statusOf(phone.state, 'a')?.state).toBe('received')
    expect(view(phone.state, 'a')?.overlay).toEqual([])
    expect(counts(phone.state).unaccepted).toEqual([])
  })

  test('S07 an older receipt changes nothing', () => {
    const { server, phone } = world()
    server.judge = () => ({ verdict: 'held', code: 'unknown_kind' })
    phone.capture({ record: 'a', set: { length: 2 } })
    phone.settle()
    const scope = `device:${DEVICE}`
    const record = `r:${DEVICE}:1`
    const older = server.scopes.get(scope)?.get(record)
    server.rejudge(DEVICE, 1, 'applied')
    phone.event({ type: 'hint', scope, position: 99, now: phone.now })
    const pull = takeOf(phone, 'pull')
    const body = pull && (phone.ask(pull).body as { pages: { scope: string; rows: unknown[] }[] })
    const page = body?.pages.find((item) => item.scope === scope)
    page?.rows.push({ record, rev: older?.rev, body: older?.body })
    if (pull) phone.answer(pull, { status: 200, body })
    expect(phone.state.lines.get(1)?.receipt?.verdict).toBe('applied')
  })

  test('E07 base names the stamps seen, own entries without a receipt among them', () => {
    const { server, phone } = world()
    server.change('a', { length: 1, type: 'crack' }, [ZONE])
    round(phone)
    expect(baseFor(phone.state, 'a', ['length', 'depth'])).toEqual({ length: 'stamp1' })
    const line = phone.capture({ record: 'a', set: { length: 2 } })
    expect(baseFor(phone.state, 'a', ['length', 'type'])).toEqual({
      length: line.id,
      type: 'stamp1',
    })
    phone.settle()
    expect(baseFor(phone.state, 'a', ['length'])).toEqual({ length: line.id })
    const deletion = phone.capture({ record: 'a', act: 'del', set: {} })
    expect(baseFor(phone.state, 'a', ['$deleted'])).toEqual({ $deleted: deletion.id })
    expect(baseFor(phone.state, 'nothing', ['length'])).toEqual({})
  })
})

describe('unaccepted', () => {
  const refuse = (server: Server, isRefused: (entry: Entry) => boolean): void => {
    server.judge = (entry) =>
      isRefused(entry)
        ? { verdict: 'refused', code: 'out_of_range' }
        : { verdict: 'applied', code: null }
  }
  const op = (set: Op['set']): Op => ({ kind: 'hazard', record: 'a', act: 'put', set, base: {} })

  test('R05 a refused line is settled when the line that replaces it is taken', () => {
    const { server, phone } = world()
    refuse(server, (entry) => entry.ops[0]?.set['length'] === 900)
    const wrong = phone.capture({ record: 'a', set: { length: 900 } })
    phone.settle()
    expect(counts(phone.state).unaccepted).toMatchObject([
      { n: 1, entry: wrong.id, verdict: 'refused', code: 'out_of_range', records: ['a'] },
    ])
    phone.capture({ record: 'a', set: { length: 9 } }, { replaces: wrong.id })
    expect(counts(phone.state).unaccepted).toEqual([])
    expect(view(phone.state, 'a')?.overlay).toEqual([2])
    expect(statusOf(phone.state, 'a')?.state).toBe('uploading')
    pushOnly(phone)
    expect(phone.state.lines.get(1)?.settled).toBe(true)
    phone.settle()
    expect(phone.disk.receipts.get(1)).toMatchObject({ settled: true })
    expect(statusOf(phone.state, 'a')?.state).toBe('received')
    expect(fields(phone, 'a')).toEqual({ length: 9 })
  })

  test('R05 an abandoned line leaves the view and comes back if giving it up is refused', () => {
    const { server, phone } = world()
    refuse(server, (entry) => entry.ops[0]?.act === 'put')
    const wrong = phone.capture({ record: 'a', set: { length: 900 } })
    phone.settle()
    const giveUp = { record: 'a', act: 'abandon', set: { entry: wrong.id } } as const
    phone.capture(giveUp)
    expect(seen(phone)).toEqual([])
    expect(counts(phone.state).unaccepted).toEqual([])
    phone.settle()
    expect(phone.disk.receipts.get(1)).toMatchObject({ settled: true })
    const second = phone.capture({ record: 'b', set: { length: 900 } })
    phone.settle()
    refuse(server, () => true)
    phone.capture({ ...giveUp, record: 'b', set: { entry: second.id } })
    expect(seen(phone)).toEqual([])
    phone.settle()
    expect(seen(phone)).toEqual(['b'])
    expect(counts(phone.state).unaccepted.map(({ n }) => n)).toContain(3)
  })

  test('R05 a line given up after it replaced another brings that one back', () => {
    const { server, phone } = world()
    refuse(server, (entry) => entry.ops[0]?.act === 'put')
    const first = phone.capture({ record: 'a', set: { length: 900 } })
    phone.settle()
    const second = phone.capture({ record: 'a', set: { length: 800 } }, { replaces: first.id })
    phone.settle()
    expect(counts(phone.state).unaccepted.map(({ n }) => n)).toEqual([2])
    phone.capture({ record: 'a', act: 'abandon', set: { entry: second.id } })
    phone.settle()
    expect(counts(phone.state).unaccepted.map(({ n }) => n)).toEqual([1])
    expect(fields(phone, 'a')).toEqual({ length: 900 })
  })

  test('R04 R05 what another phone of the person repairs is settled here after a round', () => {
    const { server, phone } = world()
    refuse(server, (entry) => entry.ops[0]?.set['length'] === 900)
    const wrong = phone.capture({ record: 'a', set: { length: 900 } })
    phone.settle()
    const other = new Phone(server, undefined)
    const rows = [...phone.state.rows.keys()].filter((record) => record.startsWith('u:'))
    expect(rows).toEqual([`u:${DEVICE}:1`])
    const device = '06fu0000000000000000000009'
    server.feedOf(device)
    other.disk.lines.clear()
    const entry: Entry = { ...wrong.entry, device, id: phone.id(), replaces: wrong.id }
    const bytes = new TextEncoder().encode(
      JSON.stringify({ ...entry, n: 1, prev: '0'.repeat(32), ops: [op({ length: 9 })] }),
    )
    server.push(device, 1, [bytes])
    round(phone)
    round(phone)
    expect(counts(phone.state).unaccepted).toEqual([])
    expect(phone.disk.receipts.get(1)).toMatchObject({ settled: true })
    expect(fields(phone, 'a')).toEqual({ length: 9 })
    phone.restart(false)
    expect(fields(phone, 'a')).toEqual({ length: 9 })
  })

  test('R04 the person’s other phone shows the line and can repair it', () => {
    const { server, phone } = world()
    refuse(server, (entry) => entry.ops[0]?.set['length'] === 900)
    const device = '06fu0000000000000000000009'
    const wrong = phone.disk.capture(
      { wall: 1, mono: 1, boot: EPOCH, offset: 0, contact: `${EPOCH}:0` },
      { id: phone.id(), ops: [op({ length: 900 })], blobs: [] },
    )
    phone.disk.lines.clear()
    server.push(device, 1, [wrong.bytes])
    round(phone)
    expect(counts(phone.state).unaccepted).toMatchObject([
      { device, n: 1, entry: wrong.id, records: ['a'], line: { id: wrong.id } },
    ])
    expect(statusOf(phone.state, 'a')).toMatchObject({ state: 'unaccepted', code: 'out_of_range' })
    phone.capture({ record: 'a', set: { length: 9 } }, { replaces: wrong.id })
    expect(counts(phone.state).unaccepted).toEqual([])
    phone.settle()
    round(phone)
    expect(counts(phone.state).unaccepted).toEqual([])
    expect(fields(phone, 'a')).toEqual({ length: 9 })
  })

  test('E01 R04 members that may be missing are missing in a stranger’s line, and it shows', () => {
    const { server, phone } = world()
    const receipt = {
      ...{ epoch: EPOCH, number: 9, device: 'x', n: 1, entry: 'one', verdict: 'refused' },
      ...{ code: 'out_of_range', op: 0, field: 'length', at: 1, rev: null, waits: null },
    }
    const bare = { id: 'one', ops: [{ kind: 'hazard', record: 'a', act: 'del' }] }
    server.place(PERSONAL, 'u:x:1', `${EPOCH}:9`, { receipt, line: JSON.stringify(bare) })
    round(phone)
    expect(counts(phone.state).unaccepted).toMatchObject([
      { records: ['a'], line: { ops: [{ record: 'a', set: {}, base: {} }], blobs: [] } },
    ])
    expect(statusOf(phone.state, 'a')).toMatchObject({ state: 'unaccepted' })
  })

  test('a malformed line of a colleague’s phone shows without its content', () => {
    const { server, phone } = world()
    server.place(PERSONAL, 'u:x:1', `${EPOCH}:9`, {
      receipt: {
        epoch: EPOCH,
        number: 9,
        device: 'x',
        n: 1,
        entry: null,
        verdict: 'quarantined',
        code: 'unreadable',
        op: null,
        field: null,
        at: 1,
        rev: null,
        waits: null,
      },
      line: '{"ops":7}',
    })
    round(phone)
    expect(counts(phone.state).unaccepted).toMatchObject([{ line: null, records: [] }])
    expect(seen(phone)).toEqual([])
  })
})

describe('the words of promise 1', () => {
  test('each is computed from receipts only', () => {
    const { server, phone } = world()
    const photo = 'a'.repeat(64)
    phone.event({ type: 'offline', now: phone.now })
    phone.capture({ record: 'a' }, { blobs: [photo] })
    phone.capture({ record: 'a', set: { length: 1 } })
    phone.photo(photo, 300_000)
    const status = (): unknown => statusOf(phone.state, 'a')
    expect(status()).toEqual({
      state: 'saved_local',
      linesTotal: 2,
      linesReceived: 0,
      photosMissing: 1,
    })
    expect(counts(phone.state)).toEqual({ lines: 2, photos: 1, lost: [], unaccepted: [] })
    phone.event({ type: 'online', now: phone.now })
    const hello = takeOf(phone, 'hello')
    if (hello) phone.answer(hello, phone.ask(hello))
    expect(status()).toMatchObject({ state: 'uploading', linesReceived: 0, linesTotal: 2 })
    pushOnly(phone)
    expect(status()).toEqual({
      state: 'received_partial',
      linesTotal: 2,
      linesReceived: 2,
      photosMissing: 1,
      at: server.now,
    })
    phone.settle()
    expect(status()).toEqual({
      state: 'received',
      linesTotal: 2,
      linesReceived: 2,
      photosMissing: 0,
      at: server.now,
    })
    expect(counts(phone.state)).toEqual({ lines: 0, photos: 0, lost: [], unaccepted: [] })
    expect(statusOf(phone.state, 'nothing')).toBeUndefined()
  })

  test('a photo that is gone before it was received is said to be lost', () => {
    const { phone } = world()
    const photo = 'a'.repeat(64)
    phone.event({ type: 'offline', now: phone.now })
    phone.photo(photo, 300_000)
    phone.capture({ record: 'a' }, { blobs: [photo] })
    phone.event({ type: 'blob_missing', sha256: photo, now: phone.now })
    expect(statusOf(phone.state, 'a')).toMatchObject({ state: 'photo_lost', photosMissing: 1 })
    expect(counts(phone.state)).toMatchObject({ photos: 0, lost: [photo] })
    expect(phone.notices).toContainEqual({ what: 'records', records: ['a'] })
  })
})
