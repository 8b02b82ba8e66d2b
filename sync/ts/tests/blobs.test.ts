import { describe, expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE, identity } from './phone.ts'
import type { Send } from './phone.ts'
import { Server } from './server.ts'
import { counts, freeable, statusOf } from './support.ts'
import type { Request } from './support.ts'

const KIB = 1024
const photo = (digit: string): string => digit.repeat(64)

function world(): { server: Server; phone: Phone } {
  const server = new Server(EPOCH, PERSON)
  const phone = new Phone(server)
  server.grants = [ZONE, `person:${PERSON}`, `device:${identity().device}`]
  phone.start()
  phone.settle()
  phone.requests.length = 0
  return { server, phone }
}

const takeOf = (phone: Phone, type: Request['type']): Send | undefined => {
  const i = phone.sends.findIndex(({ request }) => request.type === type)
  return i < 0 ? undefined : phone.sends.splice(i, 1)[0]
}

const sent = (phone: Phone): string[] =>
  phone.requests.flatMap((request) => ('sha256' in request ? [request.type] : []))

/** Answers everything but the request of this type. */
function until(phone: Phone, type: Request['type']): Send {
  for (let i = 0; i < 50; i++) {
    const found = takeOf(phone, type)
    if (found) return found
    if (phone.stores.length > 0) phone.save()
    const next = phone.take()
    if (next) phone.answer(next, phone.ask(next))
  }
  throw new Error(`no ${type}`)
}

describe('photos', () => {
  test('B02 a photo goes only after a line that names it has a receipt, whatever the verdict', () => {
    const { server, phone } = world()
    server.judge = () => ({ verdict: 'refused', code: 'blocked' })
    phone.photo(photo('a'), 10)
    phone.settle()
    expect(sent(phone)).toEqual([])
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const push = takeOf(phone, 'push')
    expect(sent(phone)).toEqual([])
    if (push) phone.answer(push, phone.ask(push))
    phone.settle()
    expect(sent(phone)).toEqual(['blob_create', 'blob_patch'])
    expect(server.blobs.has(photo('a'))).toBe(true)
  })

  test('B02 of several photos those of the newest hazard go first', () => {
    const { server, phone } = world()
    phone.event({ type: 'offline', now: phone.now })
    const kinds = ['hazard', 'hazard', 'patrol', 'patrol']
    kinds.forEach((kind, i) => {
      phone.photo(photo(String(i)), 10)
      phone.capture({ record: `r${i}`, kind }, { blobs: [photo(String(i))] })
    })
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect([...server.blobs.keys()]).toEqual([1, 0, 3, 2].map((i) => photo(String(i))))
  })

  test('a video waits for every picture, also for one that was taken while it was on its way', () => {
    const { server, phone } = world()
    phone.event({ type: 'offline', now: phone.now })
    const film = (sha256: string, size: number) =>
      phone.event({ type: 'blob_added', sha256, size, mime: 'video/mp4', now: phone.now })
    film(photo('f'), 600 * KIB)
    phone.capture({ record: 'f', kind: 'hazard' }, { blobs: [photo('f')] })
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a', kind: 'patrol' }, { blobs: [photo('a')] })
    phone.event({ type: 'online', now: phone.now })
    const first = until(phone, 'blob_patch')
    expect(first.request).toMatchObject({ sha256: photo('a') })
    phone.answer(first, phone.ask(first))
    const second = until(phone, 'blob_patch')
    expect(second.request).toMatchObject({ sha256: photo('f'), offset: 0 })
    // Between two chunks of the video somebody takes one more picture.
    phone.photo(photo('b'), 10)
    phone.capture({ record: 'b', kind: 'patrol' }, { blobs: [photo('b')] })
    phone.answer(second, phone.ask(second))
    phone.settle()
    expect([...server.blobs.keys()]).toEqual([photo('a'), photo('b'), photo('f')])
  })

  test('B05 chunks of 256 KiB; an interrupted upload goes on where HEAD says', () => {
    const { server, phone } = world()
    phone.photo(photo('a'), 600 * KIB)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const first = until(phone, 'blob_patch')
    expect(first.request).toMatchObject({ offset: 0, length: 256 * KIB })
    phone.answer(first, phone.ask(first))
    const second = until(phone, 'blob_patch')
    // The server has it, the phone never hears of it.
    phone.ask(second)
    phone.fail(second)
    phone.requests.length = 0
    phone.pass(1000)
    expect(sent(phone)).toEqual(['blob_head', 'blob_patch'])
    expect(phone.requests.filter(({ type }) => type === 'blob_patch').at(-1)).toMatchObject({
      offset: 512 * KIB,
      length: 88 * KIB,
    })
    expect(server.blobs.has(photo('a'))).toBe(true)
  })

  test('B05 after a restart of the phone the upload goes on as well', () => {
    const { server, phone } = world()
    phone.photo(photo('a'), 600 * KIB)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const first = until(phone, 'blob_patch')
    phone.answer(first, phone.ask(first))
    while (phone.stores.length > 0) phone.save()
    phone.restart()
    phone.requests.length = 0
    phone.settle()
    expect(sent(phone)).toEqual(['blob_head', 'blob_patch', 'blob_patch'])
    expect(server.uploads.get(photo('a'))?.offset).toBe(600 * KIB)
  })

  test('B05 an upload the server no longer knows begins anew', () => {
    const { server, phone } = world()
    phone.photo(photo('a'), 600 * KIB)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const first = until(phone, 'blob_patch')
    phone.answer(first, phone.ask(first))
    server.uploads.clear()
    phone.settle().pass(5000)
    expect(server.blobs.has(photo('a'))).toBe(true)
    expect(sent(phone)).toEqual([
      'blob_create',
      'blob_patch',
      'blob_patch',
      'blob_create',
      'blob_patch',
      'blob_patch',
      'blob_patch',
    ])
  })

  test('B03 after hash_mismatch the upload begins anew, and holds up no other photo', () => {
    const { server, phone } = world()
    phone.event({ type: 'offline', now: phone.now })
    for (const digit of ['a', 'b']) {
      phone.photo(photo(digit), 10)
      phone.capture({ record: digit }, { blobs: [photo(digit)] })
    }
    const patch = server.patchBlob.bind(server)
    let mismatches = 3
    server.patchBlob = (device, sha256, offset, length) => {
      if (sha256 !== photo('b') || mismatches-- <= 0) return patch(device, sha256, offset, length)
      server.uploads.delete(sha256)
      return { status: 460, body: { code: 'hash_mismatch' } }
    }
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect([...server.blobs.keys()]).toEqual([photo('a')])
    expect(phone.notices).toContainEqual({
      what: 'rejected',
      request: 'blob_patch',
      status: 460,
      code: 'hash_mismatch',
    })
    phone.pass(10_000)
    expect(server.blobs.has(photo('b'))).toBe(true)
  })

  test('B03 a wrong offset asks HEAD', () => {
    const { server, phone } = world()
    phone.photo(photo('a'), 600 * KIB)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const first = until(phone, 'blob_patch')
    const upload = server.uploads.get(photo('a'))
    if (upload) upload.offset = 100 * KIB
    phone.answer(first, phone.ask(first))
    phone.settle().pass(1000)
    expect(sent(phone).slice(0, 3)).toEqual(['blob_create', 'blob_patch', 'blob_head'])
    expect(server.blobs.has(photo('a'))).toBe(true)
  })

  test('B04 the receipt comes with the answer that completes it', () => {
    const { phone } = world()
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const patch = until(phone, 'blob_patch')
    expect(statusOf(phone.state, 'a')?.photosMissing).toBe(1)
    phone.answer(patch, phone.ask(patch))
    expect(statusOf(phone.state, 'a')).toMatchObject({ state: 'received', photosMissing: 0 })
  })

  test('B04 a photo the server already has is received by creating it', () => {
    const { server, phone } = world()
    server.uploads.set(photo('a'), { size: 10, offset: 10 })
    server.blobs.set(photo('a'), `${EPOCH}:1`)
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    phone.settle()
    expect(sent(phone)).toEqual(['blob_create'])
    expect(counts(phone.state).photos).toBe(0)
  })

  test('B04 a receipt whose answer was lost comes as a row', () => {
    const { phone } = world()
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const patch = until(phone, 'blob_patch')
    phone.ask(patch)
    phone.restart()
    const hello = phone.take()
    if (hello) phone.answer(hello, phone.ask(hello))
    while (phone.stores.length > 0) phone.save()
    const pull = takeOf(phone, 'pull')
    if (pull) phone.answer(pull, phone.ask(pull))
    expect(counts(phone.state).photos).toBe(0)
  })

  test('B07 a photo may be freed only when its line is settled and it has a receipt of this epoch', () => {
    const { server, phone } = world()
    server.judge = () => ({ verdict: 'held', code: 'waits_for' })
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    phone.settle()
    expect(counts(phone.state).photos).toBe(0)
    expect(freeable(phone.state)).toEqual([])
    server.rejudge(identity().device, 1, 'applied')
    phone.event({ type: 'hint', scope: ZONE, position: 99, now: phone.now })
    phone.settle()
    expect(freeable(phone.state)).toEqual([photo('a')])
    server.mint('06ft0000000000000000000001')
    phone.event({ type: 'online', now: phone.now })
    const hello = phone.take()
    if (hello) phone.answer(hello, phone.ask(hello))
    while (phone.stores.length > 0) phone.save()
    expect(freeable(phone.state)).toEqual([])
  })

  test('B07 a photo that two lines name is kept while one of them is open', () => {
    for (const open of ['refused', 'unsent'] as const) {
      const { server, phone } = world()
      server.judge = ({ n }) =>
        n === 2 ? { verdict: 'refused', code: 'blocked' } : { verdict: 'applied', code: null }
      phone.photo(photo('a'), 10)
      phone.capture({ record: 'a' }, { blobs: [photo('a')] })
      if (open === 'unsent') phone.settle()
      phone.capture({ record: 'b' }, { blobs: [photo('a')] })
      if (open === 'refused') phone.settle()
      else while (phone.stores.length > 0) phone.save()
      expect(phone.state.blobs.get(photo('a'))?.receipt).not.toBeNull()
      expect(freeable(phone.state)).toEqual([])
      server.judge = () => ({ verdict: 'applied', code: null })
      if (open === 'refused') server.rejudge(identity().device, 2, 'applied')
      phone.event({ type: 'hint', scope: ZONE, position: 99, now: phone.now })
      phone.settle()
      expect(freeable(phone.state)).toEqual([photo('a')])
    }
  })

  test('B07 nothing may be freed before its receipts are stored', () => {
    const { phone } = world()
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    const patch = until(phone, 'blob_patch')
    phone.answer(patch, phone.ask(patch))
    expect(freeable(phone.state)).toEqual([])
    phone.settle()
    expect(freeable(phone.state)).toEqual([photo('a')])
  })

  test('H03 B07 of a freed photo a new epoch is asked whether it has it; if not it is lost', () => {
    for (const isKept of [true, false]) {
      const { server, phone } = world()
      phone.photo(photo('a'), 10)
      phone.capture({ record: 'a' }, { blobs: [photo('a')] })
      phone.settle()
      phone.event({ type: 'blob_freed', sha256: photo('a'), now: phone.now })
      phone.settle()
      expect(statusOf(phone.state, 'a')?.state).toBe('received')
      server.mint('06ft0000000000000000000001')
      if (!isKept) {
        server.blobs.clear()
        server.uploads.clear()
      }
      phone.event({ type: 'online', now: phone.now })
      phone.settle()
      expect(statusOf(phone.state, 'a')?.state).toBe(isKept ? 'received' : 'photo_lost')
      expect(counts(phone.state).lost).toEqual(isKept ? [] : [photo('a')])
    }
  })

  test('H03 photos received in an older epoch are sent again', () => {
    const { server, phone } = world()
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    phone.settle()
    server.mint('06ft0000000000000000000001')
    server.blobs.clear()
    server.uploads.clear()
    phone.requests.length = 0
    phone.event({ type: 'online', now: phone.now })
    phone.settle()
    expect(sent(phone)).toEqual(['blob_create', 'blob_patch'])
    expect(statusOf(phone.state, 'a')?.state).toBe('received')
  })

  test('S08 a photo that fails and fails again does not hold up the lines', () => {
    const { server, phone } = world()
    server.createBlob = () => ({ status: 409, body: { code: 'blob_not_named' } })
    phone.photo(photo('a'), 10)
    phone.capture({ record: 'a' }, { blobs: [photo('a')] })
    phone.settle().pass(60_000)
    phone.capture({ record: 'b' })
    phone.settle()
    expect(counts(phone.state)).toMatchObject({ lines: 0, photos: 1 })
    expect(sent(phone).length).toBeLessThan(10)
  })
})
