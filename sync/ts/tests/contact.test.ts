import { describe, expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE } from './phone.ts'
import { Server } from './server.ts'
import { counts, statusOf } from './support.ts'
import type { Request } from './support.ts'

function world(): { server: Server; phone: Phone } {
  const server = new Server(EPOCH, PERSON)
  const phone = new Phone(server)
  server.grants = [ZONE, `person:${PERSON}`, `device:${phone.disk.identity.device}`]
  return { server, phone }
}

const sorts = (requests: readonly Request[]): string[] => requests.map(({ type }) => type)

describe('hello', () => {
  test('H01 hello comes first on every contact and announces the head', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.start()
    expect(sorts(phone.sends.map(({ request }) => request))).toEqual(['hello'])
    phone.settle()
    expect(server.hellos[0]).toMatchObject({
      format: 1,
      app: '1.0',
      head: { n: 1, hash: phone.state.head.hash },
      pending: { lines: 1, blobs: 0 },
      contact: `${EPOCH}:0`,
    })
    phone.event({ type: 'offline', now: phone.now })
    phone.requests.length = 0
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(phone.requests[0]?.type).toBe('hello')
  })

  test('H01 after a broken connection the next request is a hello', () => {
    const { phone } = world()
    phone.start()
    phone.settle()
    phone.capture({ record: 'a' })
    const sent = phone.take()
    expect(sent?.request.type).toBe('push')
    if (sent) phone.fail(sent)
    phone.requests.length = 0
    phone.pass(1000)
    expect(phone.requests[0]?.type).toBe('hello')
    expect(counts(phone.state).lines).toBe(0)
  })

  test('H01 a phone that stays in contact greets again every ten minutes', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle().pass(31 * 60_000)
    expect(server.hellos.length).toBe(4)
  })

  test('H02 lines above known are unsent, whatever the client remembers', () => {
    const { server, phone } = world()
    phone.start()
    for (const record of ['a', 'b', 'c']) phone.capture({ record })
    phone.settle()
    expect(counts(phone.state).lines).toBe(0)
    // The ledger forgot two lines without saying that it is another one.
    server.feedOf(phone.disk.identity.device).lines.length = 1
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(server.pushes.at(-1)).toMatchObject({ from: 2, count: 2 })
  })

  test('H04 a phone that is answered with less than it knew greets before anything else', () => {
    const { server, phone } = world()
    phone.start()
    phone.capture({ record: 'a' })
    phone.settle()
    const backup = server.copy()
    for (const record of ['b', 'c', 'd']) phone.capture({ record })
    phone.settle()
    // Put back by a careless hand: the same epoch, and nobody's connection broke.
    const next = new Phone(backup, phone.disk)
    next.state = phone.state
    next.now = phone.now
    next.event({ type: 'hint', scope: ZONE, position: 99, now: next.now, jitter: 0 })
    const pull = next.take()
    expect(pull?.request.type).toBe('pull')
    if (pull) next.answer(pull, next.ask(pull))
    while (next.stores.length > 0) next.save()
    expect(next.take()?.request.type).toBe('hello')
  })

  test('H04 what is sent bears the newest contact whose grants are stored', () => {
    const { phone } = world()
    phone.start()
    const hello = phone.take()
    expect(hello?.contact).toBe(phone.state.contact)
    if (hello) phone.answer(hello, phone.ask(hello))
    phone.settle()
    phone.capture({ record: 'a' })
    const push = phone.take()
    expect(push?.request.type).toBe('push')
    expect(push?.contact).toBe(phone.state.contact)
  })

  test('H04 C02 a line of another tab that was not told here counts as pending', () => {
    const { server, phone } = world()
    phone.start()
    phone.capture({ record: 'a' })
    phone.settle()
    const { contact, meta } = phone.state
    const at = { wall: phone.wall, mono: 0, boot: EPOCH, offset: meta.offset, contact }
    const op = { kind: 'hazard', record: 'b', act: 'put', set: {}, base: {} } as const
    phone.disk.capture(at, { id: phone.id(), ops: [op], blobs: [] })
    phone.event({ type: 'offline', now: phone.now })
    phone.capture({ record: 'c' })
    phone.event({ type: 'online', now: phone.now })
    const hello = phone.take()
    expect(hello?.request).toMatchObject({
      type: 'hello',
      body: { head: { n: 3 }, pending: { lines: 2 } },
    })
    expect(server.feedOf(phone.disk.identity.device).lines.length).toBe(1)
  })

  test('P03 H04 a gap is answered by a hello: the ledger may have been put back', () => {
    const { server, phone } = world()
    phone.start()
    for (const record of ['a', 'b']) phone.capture({ record })
    phone.settle()
    server.feedOf(phone.disk.identity.device).lines.length = 1
    phone.capture({ record: 'c' })
    const push = phone.take()
    expect(push?.request).toMatchObject({ type: 'push', from: 3 })
    if (push) phone.answer(push, phone.ask(push))
    const hello = phone.take()
    expect(hello?.request.type).toBe('hello')
    if (hello) phone.answer(hello, phone.ask(hello))
    phone.settle()
    expect(counts(phone.state).lines).toBe(0)
  })

  test('H03 in a new epoch receipts of lines above known are void and the lines go again', () => {
    const { server, phone } = world()
    phone.start()
    phone.capture({ record: 'a' })
    phone.settle()
    const backup = server.copy()
    phone.capture({ record: 'b' })
    phone.settle()
    expect(statusOf(phone.state, 'b')?.state).toBe('received')
    const restored = new Phone(backup, phone.disk)
    backup.mint('06ft0000000000000000000001')
    restored.restart()
    const hello = restored.take()
    if (hello) restored.answer(hello, restored.ask(hello))
    expect(counts(restored.state).lines).toBe(1)
    expect(statusOf(restored.state, 'a')?.state).toBe('received')
    expect(statusOf(restored.state, 'b')?.linesReceived).toBe(0)
    restored.settle()
    expect(counts(restored.state).lines).toBe(0)
    expect(backup.pushes).toEqual([expect.objectContaining({ from: 2, count: 1 })])
    expect(restored.disk.receipts.get(2)?.receipt?.epoch).toBe('06ft0000000000000000000001')
  })

  test('H03 a line that the new epoch judges otherwise keeps what the old one said', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle()
    const backup = server.copy()
    for (const record of ['a', 'b', 'c']) phone.capture({ record })
    phone.settle()
    backup.mint('06ft0000000000000000000001')
    backup.judge = ({ n }) =>
      n === 2
        ? { verdict: 'refused', code: 'blocked' }
        : { verdict: n === 3 ? 'noop' : 'applied', code: null }
    const restored = new Phone(backup, phone.disk)
    restored.restart()
    const hello = restored.take()
    if (hello) restored.answer(hello, restored.ask(hello))
    const former = ({ state }: Phone) => [...state.lines.values()].map((line) => line.former)
    expect(former(restored)).toEqual(['applied', 'applied', 'applied'])
    // A page that ends between the two has not forgotten it.
    const next = new Phone(backup, restored.disk)
    next.restart()
    next.settle()
    expect(former(next)).toEqual([null, 'applied', null])
    expect(next.state.lines.get(2)?.receipt?.verdict).toBe('refused')
    expect(next.disk.receipts.get(2)?.former).toBe('applied')
    backup.rejudge(phone.disk.identity.device, 2, 'applied')
    next.event({ type: 'online', now: next.now })
    next.settle()
    expect(former(next)).toEqual([null, null, null])
  })

  test('H03 what was asked of the old ledger is not waited for', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle()
    phone.capture({ record: 'a' })
    const lost = phone.take()
    expect(lost?.request.type).toBe('push')
    server.mint('06ft0000000000000000000001')
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(counts(phone.state).lines).toBe(0)
    const before = phone.state
    if (lost) phone.answer(lost, { status: 503 })
    expect(phone.state).toBe(before)
  })

  test('H03 an answer of another ledger is not believed before its hello', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle()
    server.mint('06ft0000000000000000000001')
    phone.requests.length = 0
    phone.capture({ record: 'a' })
    phone.settle()
    expect(phone.state.greeted).toBe(true)
    phone.pass(1000)
    expect(sorts(phone.requests).slice(0, 2)).toEqual(['push', 'hello'])
    expect(counts(phone.state).lines).toBe(0)
    expect(phone.state.meta.epoch).toBe('06ft0000000000000000000001')
  })
})

describe('time', () => {
  test('T02 the offset is measured at the last contact and frozen into the line', () => {
    const { server, phone } = world()
    phone.wall = server.now + 3_600_000
    phone.start()
    const hello = phone.take()
    if (hello) phone.answer(hello, phone.ask(hello))
    phone.save()
    const line = phone.capture({ record: 'a' })
    expect(line.entry.at.offset).toBe(3_600_000)
    expect(phone.notices).toContainEqual({ what: 'clock', offset: 3_600_000 })
    phone.wall = 0
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(phone.capture({ record: 'b' }).entry.at.offset).toBe(-server.now)
    expect(phone.disk.meta.offset).toBe(-server.now)
  })

  test('T04 contact advances only when the grants it came with are stored', () => {
    const { server, phone } = world()
    server.number = 41
    phone.start()
    const hello = phone.take()
    if (hello) phone.answer(hello, phone.ask(hello))
    expect(phone.state.contact).toBe(`${EPOCH}:0`)
    expect(phone.capture({ record: 'a' }).entry.at.contact).toBe(`${EPOCH}:0`)
    phone.save()
    expect(phone.state.contact).toBe(`${EPOCH}:41`)
    expect(phone.disk.meta.grants).toEqual(server.grants)
    expect(phone.capture({ record: 'b' }).entry.at.contact).toBe(`${EPOCH}:41`)
  })

  test('T04 contact stays where it was when the store fails', () => {
    const { server, phone } = world()
    server.number = 41
    phone.start()
    const hello = phone.take()
    if (hello) phone.answer(hello, phone.ask(hello))
    const store = phone.stores.shift()
    if (store) phone.event({ type: 'store_failed', id: store.id, now: phone.now })
    expect(phone.state.contact).toBe(`${EPOCH}:0`)
    phone.pass(2000)
    expect(phone.state.contact).toBe(`${EPOCH}:41`)
  })

  test('T04 only what that transaction stored counts, not what came after it', () => {
    const { server, phone } = world()
    server.number = 41
    phone.start()
    const first = phone.take()
    if (first) phone.answer(first, phone.ask(first))
    server.number = 50
    phone.event({ type: 'online', now: phone.now })
    const second = phone.sends.find(({ request }) => request.type === 'hello')
    if (second) phone.answer(second, phone.ask(second))
    phone.save()
    expect(phone.state.contact).toBe(`${EPOCH}:41`)
    phone.save()
    expect(phone.state.contact).toBe(`${EPOCH}:50`)
  })

  test('T04 what a failed store left over is written first, and what came later stands', () => {
    const { server, phone } = world()
    server.number = 41
    phone.start()
    const first = phone.take()
    if (first) phone.answer(first, phone.ask(first))
    server.number = 50
    phone.event({ type: 'online', now: phone.now })
    const second = phone.sends.find(({ request }) => request.type === 'hello')
    if (second) phone.answer(second, phone.ask(second))
    const store = phone.stores.shift()
    if (store) phone.event({ type: 'store_failed', id: store.id, now: phone.now })
    expect(phone.notices).toContainEqual({ what: 'store_failed' })
    phone.pass(1000)
    expect(phone.disk.meta.contact).toBe(`${EPOCH}:50`)
  })

  test('T04 contact never runs backwards inside one epoch, and is replaced by a new one', () => {
    const { server, phone } = world()
    server.number = 41
    phone.start()
    phone.settle()
    phone.event({ type: 'online', now: phone.now })
    const hello = phone.take()
    const body = { ...(hello && (phone.ask(hello).body as object)), contact: `${EPOCH}:7` }
    if (hello) phone.answer(hello, { status: 200, body })
    while (phone.stores.length > 0) phone.save()
    expect(phone.state.contact).toBe(`${EPOCH}:41`)
    phone.settle()
    server.mint('06ft0000000000000000000001')
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(phone.state.contact).toBe('06ft0000000000000000000001:0')
  })

  test('T04 an answer to a push brings no grants and moves no contact', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle()
    server.number = 90
    phone.capture({ record: 'a' })
    const sent = phone.take()
    if (sent) phone.answer(sent, phone.ask(sent))
    phone.save()
    expect(phone.state.contact).toBe(`${EPOCH}:0`)
    phone.settle()
    expect(phone.state.contact).toBe(`${EPOCH}:91`)
  })
})

describe('faults', () => {
  test('H07 a failed request is tried again after 1 s, doubling to at most 5 minutes', () => {
    const { phone } = world()
    phone.start()
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      const sent = phone.take()
      if (sent) phone.fail(sent)
      const at = phone.timer ?? 0
      waits.push(at - phone.now)
      phone.now = at
      phone.event({ type: 'tick', now: at })
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].map((s) => s * 1000))
  })

  test('H07 it is tried sooner when the network comes back or something is captured', () => {
    const { phone } = world()
    phone.start()
    for (let i = 0; i < 6; i++) {
      const sent = phone.take()
      if (sent) phone.fail(sent)
      phone.now = phone.timer ?? 0
      phone.event({ type: 'tick', now: phone.now })
    }
    const sent = phone.take()
    if (sent) phone.fail(sent)
    expect(phone.sends).toEqual([])
    phone.capture({ record: 'a' })
    expect(phone.sends.length).toBe(1)
    const again = phone.take()
    if (again) phone.fail(again)
    expect((phone.timer ?? 0) - phone.now).toBe(1000)
    phone.event({ type: 'online', now: phone.now })
    expect(phone.sends.length).toBe(1)
  })

  test('H07 the outbox drains by itself once faults stop', () => {
    const { phone } = world()
    phone.start()
    for (const record of ['a', 'b', 'c']) phone.capture({ record })
    for (let i = 0; i < 9; i++) {
      const sent = phone.take()
      if (sent) phone.fail(sent, i % 2 ? 'timeout' : 'network')
      phone.now = phone.timer ?? phone.now
      phone.event({ type: 'tick', now: phone.now })
    }
    phone.pass(11 * 60_000)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('H07 an edge that never answers does not hold a lane for ever', () => {
    const { phone } = world()
    phone.capture({ record: 'a' })
    phone.start()
    phone.sends.length = 0
    phone.pass(6 * 60_000)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('H07 a phone that believes itself offline asks all the same, seldom', () => {
    const { server, phone } = world()
    phone.capture({ record: 'a' })
    phone.start(false)
    phone.pass(4 * 60_000)
    expect(server.hellos).toEqual([])
    phone.pass(2 * 60_000)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('P07 busy, a full disk and Retry-After are no verdicts: everything is kept and sent again', () => {
    const { server, phone } = world()
    phone.start()
    phone.settle()
    phone.capture({ record: 'a' })
    const sent = phone.take()
    const headers = { 'retry-after': '20' }
    if (sent) phone.answer(sent, { status: 503, headers, body: { code: 'busy' } })
    expect(statusOf(phone.state, 'a')?.state).toBe('saved_local')
    expect((phone.timer ?? 0) - phone.now).toBe(20_000)
    phone.pass(20_000)
    expect(server.pushes).toEqual([expect.objectContaining({ from: 1, count: 1 })])
    expect(statusOf(phone.state, 'a')?.state).toBe('received')
  })

  test('P10 a 401 deletes nothing, is told, and is tried again', () => {
    const { phone } = world()
    phone.start()
    phone.capture({ record: 'a' })
    phone.settle()
    phone.capture({ record: 'b' })
    const before = { lines: phone.disk.lines.size, rows: phone.disk.rows.size }
    for (const code of ['unknown_device', 'unauthenticated']) {
      const sent = phone.take()
      if (sent) phone.answer(sent, { status: 401, body: { code } })
      expect(phone.notices.at(-1)).toEqual({ what: code })
      phone.now = phone.timer ?? 0
      phone.event({ type: 'tick', now: phone.now })
    }
    expect({ lines: phone.disk.lines.size, rows: phone.disk.rows.size }).toEqual(before)
    expect(counts(phone.state).lines).toBe(1)
    phone.settle().pass(5000)
    expect(counts(phone.state).lines).toBe(0)
  })

  test('an answer that does not parse is a failed request', () => {
    const { phone } = world()
    phone.start()
    const wrong = ['<html>', null, [], {}, { epoch: 1 }, { epoch: EPOCH, now: 'today' }]
    for (const body of wrong) {
      const sent = phone.take()
      expect(sent?.request.type).toBe('hello')
      if (sent) phone.answer(sent, { status: 200, body })
      expect(phone.state.greeted).toBe(false)
      phone.now = phone.timer ?? 0
      phone.event({ type: 'tick', now: phone.now })
    }
  })

  test('an answer to a request that is no longer waited for changes nothing', () => {
    const { phone } = world()
    phone.start()
    const sent = phone.take()
    if (sent) phone.answer(sent, phone.ask(sent))
    const before = phone.state
    if (sent) phone.answer(sent, phone.ask(sent))
    if (sent) phone.fail(sent)
    expect(phone.state).toBe(before)
  })
})
