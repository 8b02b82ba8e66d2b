import { describe, expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE, identity } from './phone.ts'
import type { Send } from './phone.ts'
import { Server } from './server.ts'
import { Stores } from './stores.ts'
import { capture, counts, reissue, statusOf, view } from './support.ts'

const DEVICE = identity().device

function world(): { server: Server; phone: Phone } {
  const server = new Server(EPOCH, PERSON)
  const phone = new Phone(server)
  server.grants = [ZONE, `person:${PERSON}`, `device:${DEVICE}`]
  phone.start()
  phone.settle()
  return { server, phone }
}

const pushOf = (phone: Phone): Send | undefined => {
  const i = phone.sends.findIndex(({ request }) => request.type === 'push')
  return i < 0 ? undefined : phone.sends.splice(i, 1)[0]
}

const long = { note: '水'.repeat(20_000) }

describe('windows', () => {
  test('P06 a body that is too large is halved at once, down to one line', () => {
    const { server, phone } = world()
    server.limit = 70_000
    for (let i = 0; i < 5; i++) phone.capture({ record: `r${i}`, set: long })
    phone.settle().pass(1000)
    expect(counts(phone.state).lines).toBe(0)
    expect(Math.min(...server.pushes.map(({ count }) => count))).toBe(1)
    expect(phone.notices.some(({ what }) => what === 'rejected')).toBe(false)
  })

  test('P06 the window halves on a timeout and doubles on success up to 1 MiB', () => {
    const { server, phone } = world()
    const first = phone.state.push.window
    expect(first).toBe(256 * 1024)
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    if (sent) phone.fail(sent, 'timeout')
    expect(phone.state.push.window).toBe(first / 2)
    phone.pass(1000)
    for (let i = 0; i < 5; i++) {
      phone.capture({ record: `r${i}` })
      phone.settle()
    }
    expect(phone.state.push.window).toBe(1024 * 1024)
    expect(server.pushes.every(({ bytes }) => bytes <= 1024 * 1024)).toBe(true)
  })

  test('P06 bodies stay within the window', () => {
    const { server, phone } = world()
    phone.event({ type: 'offline', now: phone.now })
    for (let i = 0; i < 30; i++) phone.capture({ record: `r${i}`, set: long })
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    const sizes = server.pushes.map(({ bytes }) => bytes)
    expect(sizes[0]).toBeLessThanOrEqual(256 * 1024)
    expect(sizes[1]).toBeLessThanOrEqual(512 * 1024)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('P06 too_large stops the push and is told', () => {
    const { phone } = world()
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    if (sent) phone.answer(sent, { status: 200, body: { answer: 'too_large', n: 1 } })
    expect(phone.notices).toContainEqual({ what: 'stopped', stop: { why: 'too_large', n: 1 } })
    expect(counts(phone.state).lines).toBe(1)
  })
})

describe('answers', () => {
  test('P03 after a gap the push goes on from the expected line', () => {
    const { server, phone } = world()
    for (const record of ['a', 'b', 'c']) {
      phone.capture({ record })
      phone.settle()
    }
    server.feedOf(DEVICE).lines.length = 1
    phone.capture({ record: 'd' })
    phone.settle()
    expect(server.pushes.slice(-2)).toEqual([
      expect.objectContaining({ from: 4 }),
      expect.objectContaining({ from: 2, count: 3 }),
    ])
    expect(server.feedOf(DEVICE).lines.length).toBe(4)
  })

  test('P03 a gap that asks for what is not below is no answer', () => {
    const { phone } = world()
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    if (sent) phone.answer(sent, { status: 200, body: { answer: 'gap', expected: 1 } })
    expect(phone.state.lanes.push.failures).toBe(1)
  })

  test('P02 receipts that are not exactly one for each line are no answer', () => {
    const { phone } = world()
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    const body = sent && (phone.ask(sent).body as { receipts: unknown[] })
    if (sent) phone.answer(sent, { status: 200, body: { ...body, receipts: [] } })
    expect(counts(phone.state).lines).toBe(1)
    phone.pass(1000)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('P04 a lost answer costs nothing: the same lines, the same receipts', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    if (sent) phone.ask(sent)
    if (sent) phone.fail(sent)
    phone.pass(1000)
    expect(server.feedOf(DEVICE).lines.length).toBe(1)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('P04 a receipt that no row brings is asked for again', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    const sent = pushOf(phone)
    if (sent) phone.ask(sent)
    server.scopes.delete(`device:${DEVICE}`)
    server.positions.delete(`device:${DEVICE}`)
    phone.restart()
    phone.settle()
    expect(server.pushes.filter(({ from }) => from === 1).length).toBe(2)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('S08 C02 a line captured by another tab and not told here is asked for, never skipped', () => {
    const { server, phone } = world()
    phone.disk.capture(
      { wall: 1, mono: 1, boot: EPOCH, offset: 0, contact: `${EPOCH}:0` },
      {
        id: phone.id(),
        ops: [{ kind: 'hazard', record: 'a', act: 'put', set: {}, base: {} }],
        blobs: [],
      },
    )
    phone.capture({ record: 'b' })
    phone.settle()
    const stop = { why: 'lines_missing', from: 1, to: 1 } as const
    expect(phone.notices).toContainEqual({ what: 'stopped', stop })
    expect(server.pushes).toEqual([])
    const missing = phone.disk.lines.get(1)
    if (missing) phone.event({ type: 'captured', line: missing, now: phone.now })
    phone.settle()
    expect(counts(phone.state).lines).toBe(0)
    expect(server.pushes).toEqual([expect.objectContaining({ from: 1, count: 2 })])
  })
})

describe('P11 lines that are nowhere any more', () => {
  /** Six lines, all received; then the ledger knows only the first so many, and here some are gone. */
  function holed(known: number, gone: readonly number[]) {
    const made = world()
    const { server, phone } = made
    for (let i = 1; i <= 6; i++) phone.capture({ record: `r${i}` })
    phone.settle()
    server.forget(DEVICE, known)
    server.mint()
    const line = phone.disk.lines.get(3)!
    for (const n of gone) phone.disk.lines.delete(n)
    phone.restart()
    phone.settle()
    return { ...made, line }
  }
  const stops = (phone: Phone): unknown[] =>
    phone.notices.flatMap((it) => (it.what === 'stopped' ? [it.stop] : []))
  const look = (phone: Phone, from: number): void => {
    phone.event({ type: 'lines_gone', from, now: phone.now })
    phone.settle()
  }

  test.each([
    [2, [3, 4], 3, 5],
    [2, [1, 2, 3, 4], 3, 5],
    [0, [1], 1, 2],
  ])(
    'the server has %i, here %j are gone: said once they were looked for',
    (n, gone, lost, from) => {
      const { server, phone } = holed(n, gone)
      expect(stops(phone)).toEqual([{ why: 'lines_missing', from: lost, to: from - 1 }])
      const before = server.pushes.length
      look(phone, lost + 1)
      expect(server.pushes.length).toBe(before)
      look(phone, lost)
      const said = phone.requests.filter((it) => it.type === 'push').at(-1)
      expect(said).toMatchObject({ from, to: 6, lost })
      expect(phone.notices).toContainEqual({ what: 'lines_lost', from: lost, to: from - 1 })
      expect(stops(phone).at(-1)).toMatchObject({ why: 'fork', n })
      const again = reissue(phone.state, n, 'anew')
      expect(again.length).toBe(6 - from + 1)
    },
  )

  test('what another tab has after all is sent', () => {
    const { server, phone, line } = holed(2, [3])
    expect(stops(phone).at(-1)).toEqual({ why: 'lines_missing', from: 3, to: 3 })
    phone.disk.lines.set(3, line)
    phone.event({ type: 'captured', line, now: phone.now })
    phone.settle()
    expect(counts(phone.state).lines).toBe(0)
    expect(server.pushes.at(-1)).toMatchObject({ count: 4 })
    expect(phone.notices).not.toContainEqual(expect.objectContaining({ what: 'lines_lost' }))
  })

  test('where no common line is left, all there is goes on', () => {
    const { server, phone } = holed(6, [1, 2, 3])
    server.replace(DEVICE)
    server.mint()
    phone.restart(false)
    phone.capture({ record: 'r7' })
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(stops(phone).at(-1)).toEqual({ why: 'lines_missing', from: 3, to: 3 })
    look(phone, 3)
    expect(stops(phone).at(-1)).toMatchObject({ why: 'fork', n: 0 })
    expect(phone.notices).not.toContainEqual(expect.objectContaining({ what: 'lines_lost' }))
    expect(reissue(phone.state, 0, 'anew').length).toBe(4)
  })
})

test('P04 S09 a phone that is revoked and may pull nothing asks again for receipts it never got', () => {
  const { phone } = world()
  phone.capture({ record: 'a' })
  const push = pushOf(phone)
  // The server has the line; its answer is lost.
  if (push) {
    phone.ask(push)
    phone.fail(push, 'network')
  }
  const asked = phone.requests.length
  phone.now += 2000
  phone.event({ type: 'tick', now: phone.now })
  for (let sent = phone.take(); sent; sent = phone.take()) {
    const isPull = sent.request.type === 'pull'
    const refusal = { status: 403, body: { code: 'device_revoked' } }
    phone.answer(sent, isPull ? refusal : phone.ask(sent))
    while (phone.stores.length > 0) phone.save()
  }
  expect(phone.requests.slice(asked).map(({ type }) => type)).toContain('push')
  expect(counts(phone.state).lines).toBe(0)
})

describe('forks', () => {
  /** A phone and its clone: the same device, the same first two lines, and one more each. */
  function cloned(): { server: Server; phone: Phone; clone: Phone } {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.capture({ record: 'b' })
    phone.settle()
    const disk = new Stores(phone.disk.identity)
    for (const [n, line] of phone.disk.lines) disk.lines.set(n, line)
    for (const [n, receipt] of phone.disk.receipts) disk.receipts.set(n, receipt)
    disk.meta = { ...phone.disk.meta }
    const clone = new Phone(server, disk)
    clone.wall += 5000
    phone.capture({ record: 'c' })
    phone.settle()
    clone.restart()
    clone.capture({ record: 'd' })
    return { server, phone, clone }
  }

  test('P05 a fork stops the push and is told with its ticket; nothing is lost', () => {
    const { server, phone, clone } = cloned()
    clone.settle()
    const stop = { why: 'fork', n: 2, hash: phone.state.lines.get(2)?.hash, ticket: 'ticket' }
    expect(clone.notices).toContainEqual({ what: 'stopped', stop })
    expect(counts(clone.state).lines).toBe(1)
    expect(server.feedOf(DEVICE).lines.length).toBe(3)
    const pushes = server.pushes.length
    clone.capture({ record: 'e' })
    clone.settle()
    expect(server.pushes.length).toBe(pushes)
  })

  test('P05 the receipt of the other clone’s line is not taken for ours', () => {
    const { clone } = cloned()
    clone.settle()
    expect(statusOf(clone.state, 'd')?.linesReceived).toBe(0)
  })

  test('P05 the lines after the last common one go out under a new device with their old ids', () => {
    const { server, clone } = cloned()
    clone.capture({ record: 'e', set: { type: 'crack' } })
    clone.settle()
    const device = '06fu0000000000000000000009'
    const drafts = reissue(clone.state, 2, device)
    expect(drafts.map(({ draft }) => draft.id)).toEqual(
      [3, 4].map((n) => clone.state.lines.get(n)?.id),
    )
    expect(drafts[0]?.at).toEqual(clone.state.lines.get(3)?.entry.at)
    const fresh = new Phone(server, new Stores(identity(device)))
    for (const { at, draft } of drafts) fresh.disk.capture(at, draft)
    server.grants = [ZONE, `person:${PERSON}`, `device:${device}`]
    fresh.restart()
    fresh.settle()
    expect(server.feedOf(device).lines.map(({ entry }) => entry.ops[0]?.record)).toEqual(['d', 'e'])
    expect(view(fresh.state, 'e')?.fields).toEqual({ type: 'crack' })
  })

  test('P05 H02 a line where a restored server holds a clone’s is not received, whatever its receipt', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.settle()
    const backup = server.copy()
    phone.capture({ record: 'b' })
    phone.settle()
    expect(statusOf(phone.state, 'b')?.state).toBe('received')
    // The ledger is put back, and a clone of the phone comes first with another second line.
    backup.mint('06ft0000000000000000000001')
    const disk = new Stores(phone.disk.identity)
    const first = phone.disk.lines.get(1)
    if (first) disk.lines.set(1, first)
    const clone = new Phone(backup, disk)
    clone.wall += 60_000
    clone.restart()
    clone.capture({ record: 'c' })
    clone.settle()
    expect(backup.feedOf(DEVICE).lines.length).toBe(2)
    const next = new Phone(backup, phone.disk)
    next.restart()
    next.settle()
    expect(statusOf(next.state, 'b')?.state).toBe('saved_local')
    expect(next.notices).toContainEqual({
      what: 'stopped',
      stop: expect.objectContaining({ why: 'fork', n: 1 }) as unknown,
    })
  })

  test('P05 H03 a clone whose feed is shorter than the head of a restored server loses no line', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.settle()
    const backup = server.copy()
    const disk = new Stores(phone.disk.identity)
    const first = phone.disk.lines.get(1)
    if (first) disk.lines.set(1, first)
    phone.capture({ record: 'b' })
    phone.settle()
    expect(statusOf(phone.state, 'b')?.state).toBe('received')
    // The ledger is put back; the clone comes first, with more lines than this phone ever had.
    backup.mint('06ft0000000000000000000001')
    const clone = new Phone(backup, disk)
    clone.wall += 60_000
    clone.restart()
    for (const record of ['c', 'd', 'e']) clone.capture({ record })
    clone.settle()
    expect(backup.feedOf(DEVICE).lines.length).toBe(4)
    const next = new Phone(backup, phone.disk)
    next.restart()
    next.settle()
    expect(next.notices).toContainEqual({
      what: 'stopped',
      stop: expect.objectContaining({ why: 'fork', n: 1 }) as unknown,
    })
    expect(statusOf(next.state, 'b')?.state).toBe('saved_local')
  })

  test('P05 when the server cannot tell where they part, earlier lines are pushed', () => {
    const { server, phone } = world()
    for (let i = 0; i < 8; i++) phone.capture({ record: `r${i}` })
    phone.settle()
    // The server holds another history from line 3 on.
    const feed = server.feedOf(DEVICE)
    const other = feed.lines.slice(2).map((line, i) => ({ ...line, hash: `${i}`.repeat(32) }))
    feed.lines.splice(2, 6, ...other)
    server.scopes.delete(`device:${DEVICE}`)
    server.pushes.length = 0
    phone.restart()
    for (let sent = phone.take(); sent; sent = pushOf(phone)) phone.answer(sent, phone.ask(sent))
    expect(server.pushes.map(({ from }) => from)).toEqual([8, 7, 6, 4, 1])
    const stops = phone.notices.filter(({ what }) => what === 'stopped')
    expect(stops).toEqual([
      { what: 'stopped', stop: expect.objectContaining({ why: 'fork', n: 2 }) as unknown },
    ])
  })

  test('P05 a phone restored from an old backup parts from the feed with its next line', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.settle()
    const disk = new Stores(phone.disk.identity)
    for (const [n, line] of phone.disk.lines) disk.lines.set(n, line)
    phone.capture({ record: 'b' })
    phone.settle()
    const old = new Phone(server, disk)
    old.wall += 60_000
    old.restart()
    old.settle()
    old.capture({ record: 'c' })
    old.settle()
    expect(old.notices).toContainEqual({
      what: 'stopped',
      stop: expect.objectContaining({ why: 'fork', n: 1 }) as unknown,
    })
    expect(statusOf(old.state, 'c')?.state).toBe('saved_local')
  })
})

describe('capture', () => {
  test('C02 capture is synchronous and pure: the same head gives the same line', () => {
    const { phone } = world()
    const at = { wall: 1, mono: 2, boot: EPOCH, offset: 0, contact: `${EPOCH}:0` }
    const op = { kind: 'hazard', record: 'a', act: 'put', set: { b: 1 }, base: {} } as const
    const draft = { id: EPOCH, ops: [op], blobs: [] }
    const line = capture(phone.state.head, DEVICE, at, draft)
    expect(capture(phone.state.head, DEVICE, at, draft)).toEqual(line)
    expect(line.n).toBe(1)
    const next = capture(line, DEVICE, at, draft)
    expect([next.n, next.entry.prev]).toEqual([2, line.hash])
  })

  test('E01 what step keeps of a line is what was frozen, never what was typed', () => {
    const { server, phone } = world()
    const line = phone.capture({ record: 'a', set: { note: 'a\ud800b' } })
    expect(view(phone.state, 'a')?.fields).toEqual({ note: 'a\ufffdb' })
    phone.settle()
    expect(server.feedOf(DEVICE).lines[0]?.bytes).toBe(line.bytes)
  })
})
