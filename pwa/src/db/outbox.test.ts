import 'fake-indexeddb/auto'
import { CaptureError, entryOfBytes, FIRST_PREV, lineHash } from '@hushui/sync'
import type { At, Draft } from '@hushui/sync'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '../ports.ts'
import { MovedOn, StorageFull } from './errors.ts'
import { openOutbox } from './outbox.ts'
import type { Outbox, StoredDraft } from './outbox.ts'

const EPOCH = newId()

function at(contact = `${EPOCH}:5`): At {
  return { wall: 1_795_500_000_000, mono: 1, boot: EPOCH, offset: -1200, contact }
}

function line(values: Partial<Draft> = {}): Draft {
  const set = { note: '坝脚渗水' }
  const op = { kind: 'hazard', record: newId(), act: 'put', set, base: {} } as const
  return { id: newId(), ops: [op], blobs: [], ...values }
}

function draft(id = newId()): StoredDraft {
  const record = newId()
  const rest = { isNew: true, replaces: null, openedAt: 1, savedAt: 1, page: { step: 2 } }
  return { id, kind: 'hazard', record, fields: { note: '半句' }, ...rest }
}

const SHA = 'ab'.repeat(32)
const photoOf = (of: string) => ({ id: newId(), draft: of, sha256: SHA, about: { slot: 'scene' } })
const picture = () => ({ sha256: SHA, type: 'image/jpeg', bytes: new ArrayBuffer(3000) })

let device: string
let outbox: Outbox

beforeEach(() => {
  device = newId()
  outbox = openOutbox(device)
})

afterEach(() => {
  vi.restoreAllMocks()
  outbox.close()
})

describe('capture', () => {
  it('C02 two tabs that capture at once never take one n', async () => {
    const other = openOutbox(device)
    const captures = Array.from({ length: 40 }, (_, i) =>
      (i % 2 === 0 ? outbox : other).capture(at(), line()),
    )
    await Promise.all(captures)
    const lines = await outbox.lines(1)
    expect(lines.map(({ n }) => n)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    let prev = FIRST_PREV
    for (const { bytes, hash } of lines) {
      expect(entryOfBytes(bytes).prev).toBe(prev)
      expect(lineHash(bytes)).toBe(hash)
      prev = hash
    }
    other.close()
  })

  it('C02 the same entry captured twice is one line', async () => {
    const once = line()
    const first = await outbox.capture(at(), once)
    const again = await outbox.capture(at(), once)
    expect(again.n).toBe(first.n)
    expect(await outbox.lines(1)).toHaveLength(1)
  })

  it('C02 two lines under one id are two lines: neither takes the place of the other', async () => {
    const once = line()
    const [op] = once.ops
    const other = { ...once, ops: [{ ...op!, set: { ...op!.set, note: '另一页写的' } }] }
    const first = await outbox.capture(at(), once)
    const second = await outbox.capture(at(), other)
    expect([first.n, second.n]).toEqual([1, 2])
    expect(second.id).not.toBe(first.id)
    const stored = await outbox.lines(1)
    expect(stored.map(({ bytes }) => entryOfBytes(bytes).ops)).toEqual([once.ops, other.ops])
  })

  it('C02 what must not be frozen writes nothing', async () => {
    await expect(outbox.capture(at(), line({ ops: [] }))).rejects.toBeInstanceOf(CaptureError)
    expect(await outbox.lines(1)).toHaveLength(0)
    expect(await outbox.get('head')).toBeUndefined()
  })

  it('E01 the bytes on the disk are the bytes that were hashed', async () => {
    const { hash, bytes } = await outbox.capture(at(), line())
    const [stored] = await outbox.lines(1)
    expect(stored?.bytes).toEqual(bytes)
    expect(lineHash(stored?.bytes ?? new Uint8Array())).toBe(hash)
  })

  it('C02 is one transaction that waits for the disk, and so is a draft', async () => {
    const begun = vi.spyOn(IDBDatabase.prototype, 'transaction')
    const asked = () => begun.mock.calls.splice(0).filter(([, mode]) => mode === 'readwrite')
    await outbox.capture(at(), line())
    const [capture, ...more] = asked()
    expect(more).toEqual([])
    expect(capture?.[2]).toEqual({ durability: 'strict' })
    await outbox.saveDraft(draft())
    expect(asked().map(([, , options]) => options)).toEqual([{ durability: 'strict' }])
  })

  it('T04 the contact of a feed never runs backwards, also when the cache was lost', async () => {
    await outbox.capture(at(`${EPOCH}:9`), line())
    await outbox.capture(at(`${EPOCH}:0`), line())
    const contacts = (await outbox.lines(1)).map(({ bytes }) => entryOfBytes(bytes).at.contact)
    expect(contacts).toEqual([`${EPOCH}:9`, `${EPOCH}:9`])
  })

  it('a full disk writes nothing and says so', async () => {
    await outbox.capture(at(), line())
    const full = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const add = vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(full)
    await expect(outbox.capture(at(), line())).rejects.toBeInstanceOf(StorageFull)
    add.mockRestore()
    expect(await outbox.get('head')).toMatchObject({ n: 1 })
    expect((await outbox.capture(at(), line())).n).toBe(2)
  })

  it('a transaction that the browser ends is an answer, never a wait without end', async () => {
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(function (this: IDBObjectStore) {
      this.transaction.abort()
      throw new DOMException('gone', 'AbortError')
    })
    await expect(outbox.capture(at(), line())).rejects.toThrow()
  })

  it('a connection that was closed opens again', async () => {
    await outbox.capture(at(), line())
    outbox.close()
    expect((await outbox.capture(at(), line())).n).toBe(2)
  })
})

describe('P05 a feed that goes on elsewhere', () => {
  const moved = { to: newId(), after: 0, done: false }

  it('takes neither lines nor drafts any more, and answers what it holds', async () => {
    const held = line()
    const { n } = await outbox.capture(at(), held)
    await outbox.moveTo(moved)
    await expect(outbox.capture(at(), line())).rejects.toBeInstanceOf(MovedOn)
    await expect(outbox.saveDraft(draft())).rejects.toBeInstanceOf(MovedOn)
    await expect(outbox.savePhoto(photoOf(newId()), picture())).rejects.toBeInstanceOf(MovedOn)
    expect((await outbox.capture(at(), held)).n).toBe(n)
    expect(await outbox.moveTo({ ...moved, to: newId() })).toEqual(moved)
  })

  it('T04 is taken up in order, each line once, and its contact never runs backwards', async () => {
    const [first, second] = [line(), line()]
    await outbox.adopt([{ at: at(), draft: first }])
    await outbox.capture(at(`${EPOCH}:9`), line())
    await outbox.adopt([first, second].map((one) => ({ at: at(), draft: one })))
    const lines = (await outbox.lines(1)).map(({ bytes }) => entryOfBytes(bytes))
    expect(lines.map(({ id }) => id)).toEqual([first.id, lines[1]?.id, second.id])
    expect(lines.map(({ at: { contact } }) => contact)).toEqual(
      [5, 9, 9].map((contact) => `${EPOCH}:${contact}`),
    )
  })
})

describe('drafts', () => {
  it('a crash between photo and line loses neither words nor picture', async () => {
    const one = draft()
    await outbox.saveDraft(one)
    await outbox.savePhoto(photoOf(one.id), picture())
    outbox.close()

    const after = openOutbox(device)
    expect(await after.lines(1)).toHaveLength(0)
    const { drafts, photos } = await after.drafts()
    expect(drafts).toEqual([one])
    expect(photos).toMatchObject([{ draft: one.id, sha256: SHA }])
    expect((await after.bytes(SHA))?.byteLength).toBe(3000)
    after.close()
  })

  it('the line and the end of its draft are one transaction', async () => {
    const one = draft()
    await outbox.saveDraft(one)
    await outbox.savePhoto(photoOf(one.id), picture())
    const bad = outbox.capture(at(), line({ ops: [] }), { draft: one.id })
    await expect(bad).rejects.toThrow()
    expect((await outbox.drafts()).drafts).toHaveLength(1)

    await outbox.capture(at(), line({ blobs: [SHA] }), { draft: one.id })
    expect(await outbox.drafts()).toEqual({ drafts: [], photos: [] })
    expect(await outbox.bytes(SHA)).toBeDefined()
  })

  it('a photo that the line does not name is not taken with it', async () => {
    const one = draft()
    await outbox.saveDraft(one)
    await outbox.savePhoto(photoOf(one.id), picture())
    await outbox.capture(at(), line(), { draft: one.id })
    expect((await outbox.drafts()).photos).toMatchObject([{ draft: one.id, sha256: SHA }])
  })

  it('B07 removing a draft keeps the bytes that a line names', async () => {
    const one = draft()
    const two = draft()
    for (const of of [one, two]) {
      await outbox.saveDraft(of)
      await outbox.savePhoto(photoOf(of.id), picture())
    }
    await outbox.removeDraft(one.id)
    expect(await outbox.bytes(SHA)).toBeDefined()
    await outbox.capture(at(), line({ blobs: [SHA] }))
    await outbox.removeDraft(two.id)
    expect(await outbox.bytes(SHA)).toBeDefined()
    expect(await outbox.blobs()).toMatchObject([{ named: true, here: true, freed: false }])
  })

  it('a photo of a removed draft goes when nothing names it', async () => {
    const one = draft()
    await outbox.saveDraft(one)
    await outbox.savePhoto(photoOf(one.id), picture())
    await outbox.removeDraft(one.id)
    expect(await outbox.bytes(SHA)).toBeUndefined()
    expect(await outbox.blobs()).toEqual([])
  })
})
