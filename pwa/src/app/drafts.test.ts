// @vitest-environment happy-dom
import 'fake-indexeddb/auto'
import { capture, load, START, view } from '@hushui/sync'
import type { Draft as Line, JsonObject, State, StoredReceipt } from '@hushui/sync'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Camera, DraftPreset, HsRecord, OpenDraft } from '../app.ts'
import { openOutbox } from '../db/outbox.ts'
import type { Outbox, StoredDraft } from '../db/outbox.ts'
import { titles } from '../generated/titles.ts'
import { newId, sha256 } from '../ports.ts'
import { fakeLocks } from '../../tests/fakeLocks.ts'
import { createDrafts } from './drafts.ts'
import type { DraftDesk } from './drafts.ts'
import { createOps } from './ops.ts'

// No canvas here: the picture is some bytes, and develops when the test says so.
let developed: Promise<void> = Promise.resolve()
vi.mock('../capture/photo.ts', async (original) => ({
  ...(await original<object>()),
  photograph: async () => {
    await developed
    const bytes = crypto.getRandomValues(new Uint8Array(500)).buffer
    return { bytes, width: 4, height: 3, sha256: await sha256(bytes) }
  },
}))

const camera = { freeze: () => Promise.resolve({}) } as unknown as Camera
const [device, epoch, record, colleague] = [newId(), newId(), newId(), newId()]
const identity = { device, person: newId(), org: newId(), epoch, contact: `${epoch}:0`, app: 't' }

interface Standing {
  readonly fields: JsonObject
  readonly stamps: Record<string, string>
}

/** The record as the office holds it, with the own lines on top. */
function stateOf({ fields, stamps }: Standing, lines: readonly Line[] = []): State {
  let head: Parameters<typeof capture>[0] = START
  const at = { wall: 1, mono: 1, boot: newId(), offset: 0, contact: `${epoch}:0` }
  const stored = lines.map((line) => {
    const captured = capture(head, device, at, line)
    head = captured
    return captured
  })
  const rest = { adds: [], deleted: false, version: 1, author: colleague, device, captured: 1 }
  const body = { kind: 'hazard', fields, stamps, ...rest, flags: [], conflicts: [], review: null }
  const receipts = lines.map((line, i) => ({
    n: i + 1,
    settled: false,
    left: false,
    receipt: {
      ...{ epoch, number: i + 1, device, n: i + 1, entry: line.id, verdict: 'refused' },
      ...{ code: 'out_of_range', op: 0, field: 'length_m', at: 1, rev: null, waits: null },
    },
  }))
  return load({
    ...{ identity, lines: stored, receipts: receipts as unknown as StoredReceipt[] },
    rows: [{ record, rev: `${epoch}:9`, body: body as unknown as JsonObject }] as never,
    members: [{ scope: 'zone:z', record, pos: 1 }] as never,
    ...{ cursors: [], blobs: [], meta: { epoch, grants: ['zone:z'] } },
  })
}

let outbox: Outbox
let state: State
let sent: Line[]
let capturing: Promise<void>
let desk: DraftDesk

async function open(): Promise<DraftDesk> {
  const find = (id: string) => view(state, id) as unknown as HsRecord | undefined
  desk = await createDrafts({
    ...{ outbox, find, state: () => state },
    ...createOps(() => state, find),
    capture: async (line, along) => {
      await capturing
      const at = { wall: 1, mono: 1, boot: newId(), offset: 0, contact: `${epoch}:0` }
      const { n, id, hash } = await outbox.capture(at, line, along)
      sent.push(line)
      return { n, entry: id, hash, wall: 1 }
    },
    makeRoom: async () => undefined,
    here: () => ({ place: null, chainage: null, person: '', zone: '' }),
  })
  return desk
}

const A: Standing = { fields: { length_m: 12, note: 'a' }, stamps: { length_m: 's1', note: 's1' } }
const B: Standing = { fields: { length_m: 12, note: 'b' }, stamps: { length_m: 's1', note: 's2' } }

beforeEach(() => {
  outbox = openOutbox(newId())
  ;[sent, capturing, developed] = [[], Promise.resolve(), Promise.resolve()]
  state = stateOf(A)
})

afterEach(() => outbox.close())

function held(): { readonly until: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined
  const until = new Promise<void>((resolve) => (release = resolve))
  return { until, release }
}

describe('E07 a correction names what its author saw', () => {
  const puts = () => sent[0]?.ops.filter((op) => op.kind === 'hazard')

  it('and leaves alone what somebody else wrote meanwhile', async () => {
    const draft = await (await open()).drafts.open('hazard', { record })
    state = stateOf(B)
    draft.data.fields.length_m = 15
    await draft.submit()
    expect(puts()).toMatchObject([{ set: { length_m: 15 }, base: { length_m: 's1' } }])
    expect(puts()?.[0]?.set).not.toHaveProperty('note')
  })

  it('so that a field both changed shows as a conflict', async () => {
    const draft = await (await open()).drafts.open('hazard', { record })
    state = stateOf(B)
    draft.data.fields.note = 'c'
    await draft.submit()
    expect(puts()).toMatchObject([{ set: { note: 'c' }, base: { note: 's1' } }])
  })

  it('after a kill too; what was left alone is shown as it stands now', async () => {
    const begun = await (await open()).drafts.open('hazard', { record })
    begun.data.fields.length_m = 15
    await begun.close()
    state = stateOf({ fields: { length_m: 13, note: 'b' }, stamps: { length_m: 's3', note: 's2' } })
    const draft = (await (
      await open()
    ).drafts.resume<'hazard'>(begun.data.id)) as OpenDraft<'hazard'>
    expect(draft.data.fields).toEqual({ length_m: 15, note: 'b' })
    await draft.submit()
    expect(puts()).toEqual([
      { kind: 'hazard', record, act: 'put', set: { length_m: 15 }, base: { length_m: 's1' } },
    ])
  })

  it('and a draft of an older app differs from what stands', async () => {
    const begun = await (await open()).drafts.open('hazard', { record })
    await begun.close()
    const [stored] = (await outbox.drafts()).drafts
    if (!stored) throw new Error('no draft')
    const old: { before?: unknown } = { ...stored }
    delete old.before
    await outbox.saveDraft(old as StoredDraft)
    const draft = await (await open()).drafts.resume<'hazard'>(begun.data.id)
    if (draft) draft.data.fields.length_m = 15
    await draft?.submit()
    expect(puts()).toMatchObject([{ set: { length_m: 15 }, base: { length_m: 's1' } }])
  })

  it('and does not pass off the reason of the last correction as its own', async () => {
    const stood = { fields: { ...A.fields, correction: '量错了' }, stamps: { correction: 's4' } }
    state = stateOf({ ...stood, stamps: { ...A.stamps, ...stood.stamps } })
    const draft = await (await open()).drafts.open('hazard', { record })
    draft.data.fields.length_m = 15
    await draft.submit()
    const base = { length_m: 's1', correction: 's4' }
    expect(puts()).toMatchObject([{ set: { length_m: 15, correction: null }, base }])
    sent = []
    const again = await desk.drafts.open('hazard', { record })
    Object.assign(again.data.fields, { length_m: 16, correction: '又量了' })
    await again.submit()
    expect(puts()).toMatchObject([{ set: { length_m: 16, correction: '又量了' } }])
  })

  it('D02 what takes the place of a line holds that line and what was changed, no more', async () => {
    const refused: Line = {
      id: newId(),
      ops: [
        { kind: 'hazard', record, act: 'put', set: { length_m: -1 }, base: { length_m: 's1' } },
      ],
      blobs: [],
    }
    state = stateOf(A, [refused])
    const fields = { length_m: -1, note: 'a' }
    const draft = await (
      await open()
    ).drafts.open('hazard', { record, fields, replaces: refused.id })
    state = stateOf(B, [refused])
    draft.data.fields.length_m = 15
    await draft.submit()
    expect(sent).toMatchObject([{ replaces: refused.id }])
    expect(puts()).toEqual([
      { kind: 'hazard', record, act: 'put', set: { length_m: 15 }, base: { length_m: 's1' } },
    ])
  })
})

describe('D02 what takes the place of a refused line', () => {
  const visit = { type: 'visit', checkpoint: newId(), at: 7, result: 'normal' }
  const photo = newId()
  const refused: Line = {
    id: newId(),
    ops: [
      { kind: 'hazard', record, act: 'add', set: visit, base: {} },
      { kind: 'hazard', record, act: 'put', set: { length_m: -1 }, base: { length_m: 's1' } },
      { kind: 'photo', record: photo, act: 'put', set: { subject: record }, base: {} },
      { kind: 'hazard', record, act: 'del', set: {}, base: { $deleted: 's1' } },
    ],
    blobs: ['f'.repeat(64)],
  }
  const repaired = async () => {
    state = stateOf(A, [refused])
    const fields = { length_m: -1, note: 'a' }
    const draft = await (
      await open()
    ).drafts.open('hazard', { record, fields, replaces: refused.id })
    draft.data.fields.length_m = 15
    return draft
  }

  it('holds what that line added to the lists of its record, its photos and its end', async () => {
    await (await repaired()).submit()
    expect(sent[0]?.ops).toEqual([
      { kind: 'hazard', record, act: 'put', set: { length_m: 15 }, base: { length_m: 's1' } },
      ...refused.ops.filter((op) => op.act !== 'put' || op.kind === 'photo'),
    ])
    expect(sent[0]?.blobs).toEqual(refused.blobs)
  })

  it('adds nothing twice where that line was accepted after all', async () => {
    const draft = await repaired()
    const taken = stateOf(A, [refused])
    const line = taken.lines.get(1)!
    const receipt = { ...line.receipt!, verdict: 'applied' as const, code: null }
    state = { ...taken, lines: new Map([[1, { ...line, receipt }]]) }
    await draft.submit()
    expect(sent[0]).not.toHaveProperty('replaces')
    expect(sent[0]?.ops).toMatchObject([{ kind: 'hazard', act: 'put', set: { length_m: 15 } }])
  })
})

describe('a draft that outlives an update of the app', () => {
  /** As an app with another form left it: a field and a choice that this one does not know. */
  const typed = { types: ['piping', 'gold'], nature: 'acute', note: '堤脚冒水', bag_size: 40 }
  const begunBefore = async (preset: DraftPreset<'hazard'> = {}, older: object = {}) => {
    const begun = await (await open()).drafts.open('hazard', preset)
    Object.assign(begun.data.fields, typed)
    await begun.close()
    const [stored] = (await outbox.drafts()).drafts
    await outbox.saveDraft({ ...stored!, version: 'older', ...older })
    return (await (await open()).drafts.resume<'hazard'>(begun.data.id))!
  }

  it('knows the form it was begun with', async () => {
    const draft = await (await open()).drafts.open('hazard')
    expect(draft.data.version).toBe(titles.hazard.version)
    await draft.close()
    expect((await desk.drafts.resume(draft.data.id))?.data.version).toBe(titles.hazard.version)
  })

  it('holds on to that form and to all that was typed, however often it is saved', async () => {
    const draft = await begunBefore()
    draft.data.fields.length_m = 12
    await draft.close()
    const again = await (await open()).drafts.resume(draft.data.id)
    expect(again?.data.version).toBe('older')
    expect(again?.data.fields).toEqual({ ...typed, length_m: 12 })
  })

  it('V08 sends what the form of now does not know', async () => {
    const draft = await begunBefore()
    draft.data.fields.types = ['piping']
    await draft.submit()
    expect(sent[0]?.ops).toMatchObject([{ set: { ...typed, types: ['piping'] } }])
  })

  it('of a correction sends what was typed, and nothing that was not', async () => {
    const draft = await begunBefore({ record })
    await draft.submit()
    expect(sent[0]?.ops).toMatchObject([{ set: typed }])
    expect(sent[0]?.ops[0]?.set).not.toHaveProperty('length_m')
  })

  it('is taken up also where no version stands in it', async () => {
    const draft = await begunBefore({}, { version: undefined })
    expect(draft.data.version).toBeUndefined()
    expect(draft.data.fields).toEqual(typed)
  })
})

describe('a photo that develops while its page is left', () => {
  it('is in the draft when the draft is closed', async () => {
    const draft = await (await open()).drafts.open('hazard')
    const { until, release } = held()
    developed = until
    const shot = draft.shoot(camera, { slot: 'scene' })
    let isClosed = false
    const closing = draft.close().then(() => (isClosed = true))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(isClosed).toBe(false)
    release()
    await Promise.all([shot, closing])
    const again = await desk.drafts.resume(draft.data.id)
    expect(again?.photos.value).toHaveLength(1)
  })

  it('is in the line that is submitted', async () => {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: '渗水' } })
    const { until, release } = held()
    developed = until
    const shot = draft.shoot(camera, { slot: 'scene' })
    const submitted = draft.submit()
    release()
    const outcome = await shot
    await submitted
    expect(sent[0]?.blobs).toEqual([outcome.ok ? outcome.photo.sha256 : ''])
  })

  it('goes with the draft that is removed', async () => {
    const draft = await (await open()).drafts.open('hazard')
    const { until, release } = held()
    developed = until
    const shot = draft.shoot(camera, { slot: 'scene' })
    const removed = draft.remove()
    release()
    await Promise.all([shot, removed])
    expect(await outbox.drafts()).toEqual({ drafts: [], photos: [] })
  })
})

describe('words written while the line is being written', () => {
  it('make no draft of what is sent', async () => {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: '渗水' } })
    const { until, release } = held()
    capturing = until
    const submitted = draft.submit()
    await new Promise((resolve) => setTimeout(resolve, 10))
    draft.data.fields.note = '渗水了'
    const flushed = draft.flush()
    release()
    await Promise.all([submitted, flushed])
    await draft.flush()
    await draft.close()
    expect((await outbox.drafts()).drafts).toEqual([])
  })

  it('are kept when there was no room for the line', async () => {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: '渗水' } })
    capturing = Promise.reject(new Error('no room'))
    capturing.catch(() => undefined)
    const submitted = draft.submit()
    draft.data.fields.note = '渗水了'
    await expect(submitted).rejects.toThrow()
    await draft.close()
    expect((await outbox.drafts()).drafts).toMatchObject([{ fields: { note: '渗水了' } }])
  })
})

describe('a draft that the disk refused, and whose page went all the same', () => {
  /** Typed, refused, and its page taken away by the lock. */
  async function left(note: string) {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: 'a' } })
    const refusing = vi.spyOn(outbox, 'saveDraft').mockRejectedValue(new Error('the disk is gone'))
    draft.data.fields.note = note
    await expect(draft.close()).rejects.toThrow()
    return { id: draft.data.id, draft, mend: () => refusing.mockRestore() }
  }
  const notes = async () => (await outbox.drafts()).drafts.map((it) => it.fields['note'])

  it('shows what was typed to the page that takes it up', async () => {
    const { id, mend } = await left('b')
    const again = await desk.drafts.resume<'hazard'>(id)
    expect([again?.data.fields.note, again?.state.value]).toEqual(['b', 'failed'])
    mend()
    await again?.close()
    expect(await notes()).toEqual(['b'])
    expect((await desk.drafts.resume<'hazard'>(id))?.data.fields.note).toBe('b')
  })

  it('never takes the place of what was typed later', async () => {
    const { id, mend } = await left('b')
    const again = (await desk.drafts.resume<'hazard'>(id))!
    mend()
    again.data.fields.note = 'c'
    await again.flush()
    expect(await desk.flush()).toBe(true)
    expect(await notes()).toEqual(['c'])
  })

  it('is gone once it is submitted', async () => {
    const { id, draft, mend } = await left('b')
    const again = await desk.drafts.resume<'hazard'>(id)
    mend()
    await again?.submit()
    await draft.close()
    expect(sent[0]?.ops).toMatchObject([{ set: { note: 'b' } }])
    expect(await desk.flush()).toBe(true)
    expect(await notes()).toEqual([])
  })

  it('is gone once it is removed', async () => {
    const { id, mend } = await left('b')
    const again = await desk.drafts.resume<'hazard'>(id)
    mend()
    await again?.remove()
    expect(await desk.flush()).toBe(true)
    expect(await notes()).toEqual([])
    expect(await desk.drafts.resume(id)).toBeNull()
  })

  it('goes on for the page that has it, when the one before is closed once more', async () => {
    const { id, draft, mend } = await left('b')
    const again = (await desk.drafts.resume<'hazard'>(id))!
    mend()
    await draft.close()
    again.data.fields.note = 'c'
    await again.close()
    expect(await notes()).toEqual(['c'])
    again.data.fields.note = 'd'
    expect(await desk.flush()).toBe(true)
    expect(await notes()).toEqual(['c'])
  })
})

describe('a draft that two pages have in hand', () => {
  it('is one, and ends with the last of them', async () => {
    const { id } = (await (await open()).drafts.open('hazard')).data
    const [one, two] = await Promise.all([
      desk.drafts.resume<'hazard'>(id),
      desk.drafts.resume<'hazard'>(id),
    ])
    one!.data.fields.note = 'a'
    expect(two!.data.fields.note).toBe('a')
    await Promise.all([one!.close(), one!.close()])
    two!.data.fields.note = 'b'
    await two!.close()
    expect((await outbox.drafts()).drafts).toMatchObject([{ fields: { note: 'b' } }])
  })

  it('taken up while it is being closed, goes on', async () => {
    const draft = await (await open()).drafts.open('hazard')
    draft.data.fields.note = 'a'
    const closing = draft.close()
    const again = (await desk.drafts.resume<'hazard'>(draft.data.id))!
    await closing
    again.data.fields.note = 'b'
    await again.close()
    expect((await outbox.drafts()).drafts).toMatchObject([{ fields: { note: 'b' } }])
  })

  it('taken up while its line is being written, is no draft any more', async () => {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: 'a' } })
    const { until, release } = held()
    capturing = until
    const submitted = draft.submit()
    const again = desk.drafts.resume(draft.data.id)
    await new Promise((resolve) => setTimeout(resolve, 10))
    release()
    await submitted
    expect(await again).toBeNull()
    expect((await outbox.drafts()).drafts).toEqual([])
  })

  it('is with the page that takes it up when there was no room for its line', async () => {
    const draft = await (await open()).drafts.open('hazard', { fields: { note: 'a' } })
    capturing = Promise.reject(new Error('no room'))
    capturing.catch(() => undefined)
    const submitted = draft.submit()
    const again = desk.drafts.resume<'hazard'>(draft.data.id)
    await expect(submitted).rejects.toThrow()
    expect((await again)?.data.fields.note).toBe('a')
  })
})

describe('two tabs of one person', () => {
  beforeEach(() => {
    Object.defineProperty(navigator, 'locks', { configurable: true, value: fakeLocks() })
  })
  afterEach(() => void Reflect.deleteProperty(navigator, 'locks'))

  it('a form that asks for a draft alone gets none that is open in the other', async () => {
    const [one, other] = [await open(), await open()]
    const draft = await one.drafts.open('hazard', { fields: { note: '这一页' } })
    const { id } = draft.data
    expect(await other.drafts.resume(id, 'alone')).toBeNull()
    await draft.close()
    const again = await vi.waitFor(async () => {
      const found = await other.drafts.resume(id, 'alone')
      expect(found).not.toBeNull()
      return found!
    })
    expect(again.data.fields).toEqual({ note: '这一页' })
    expect(await one.drafts.resume(id, 'alone')).toBeNull()
    await again.remove()
    expect(await one.drafts.resume(id, 'alone')).toBeNull()
  })

  it('the same draft sent by each is two lines, and each is told of its own', async () => {
    const [one, other] = [await open(), await open()]
    const here = await one.drafts.open('hazard', { fields: { note: '旧' } })
    const there = await other.drafts.resume<'hazard'>(here.data.id)
    here.data.fields.note = '这一页写的'
    there!.data.fields.note = '那一页写的'
    const saved = [await there!.submit(), await here.submit()]
    expect(new Set(saved.map(({ n }) => n)).size).toBe(2)
    const stored = await outbox.lines(1)
    const notes = stored.map(
      ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)).ops[0].set.note as string,
    )
    expect(notes).toEqual(['那一页写的', '这一页写的'])
  })
})
