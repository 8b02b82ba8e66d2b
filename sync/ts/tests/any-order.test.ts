// Whatever the wire, the disk and the server do, in any order: when it is quiet again nothing is lost and
// phone and server agree. One seed is one story, the same every time.

import { expect, test } from 'vitest'
import { EPOCH, PERSON, Phone, ZONE, identity } from './phone.ts'
import { Server } from './server.ts'
import { counts, digestText, scopeDigest, statusOf, view, visible } from './support.ts'
import type { Rev } from './support.ts'

const DEVICE = identity().device
const PERSONAL = `person:${PERSON}`
const OTHER = 'zone:06fz0000000000000000000001'
const SEEDS = Number(process.env['SEEDS'] ?? 60)
const STEPS = 250

type Random = (below: number) => number

/** mulberry32 */
function seeded(seed: number): Random {
  let state = seed * 0x9e3779b9
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const tally: Record<string, number> = {}

class Story {
  server = new Server(EPOCH, PERSON)
  phone: Phone
  backup: Server | null = null
  epochs = 0
  readonly random: Random
  readonly captured = new Map<string, string>()

  constructor(seed: number) {
    this.random = seeded(seed)
    this.phone = new Phone(this.server)
    this.server.grants = [ZONE, OTHER, PERSONAL, `device:${DEVICE}`]
    this.server.rowsPerPage = 1 + this.random(4)
    this.server.scopesOf = (op) => [op.record.length % 2 ? ZONE : OTHER]
    this.phone.start()
  }

  get records(): string[] {
    return Array.from({ length: 12 }, (_, i) => `r${i}`)
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.random(list.length)]
  }

  step(): void {
    const { phone, random } = this
    const actions: [weight: number, name: string, act: () => void][] = [
      [5, 'capture', () => this.capture()],
      [4, 'change elsewhere', () => this.change()],
      [30, 'answer', () => this.answer('whole')],
      [4, 'request lost', () => this.answer('lost')],
      [4, 'answer lost', () => this.answer('answer lost')],
      [3, 'answer twice', () => this.answer('twice')],
      [3, 'answer cut', () => this.answer('cut')],
      [2, 'busy', () => this.answer('busy')],
      [20, 'store', () => phone.save()],
      [3, 'store failed', () => this.failStore()],
      [2, 'crash', () => phone.restart()],
      [2, 'crash after the store', () => this.crashAfterStore()],
      [1, 'captured by another tab', () => this.captureUntold()],
      [12, 'time', () => this.tick()],
      [2, 'hint', () => this.hint()],
      [1, 'offline', () => phone.event({ type: 'offline', now: phone.now })],
      [2, 'online', () => phone.event({ type: 'online', now: phone.now })],
      [1, 'clock jumps', () => (phone.wall += (random(3) - 1) * 10 ** 10)],
      [1, 'backup', () => (this.backup = this.server.copy())],
      [1, 'restore', () => this.restore()],
      [1, 'compacted', () => this.compact()],
      [1, 'a member lost', () => this.loseMember()],
    ]
    let n = random(actions.reduce((sum, [weight]) => sum + weight, 0))
    for (const [weight, name, act] of actions) {
      if (n < weight) {
        tally[name] = (tally[name] ?? 0) + 1
        act()
        return
      }
      n -= weight
    }
  }

  capture(): void {
    const record = this.pick(this.records) ?? ''
    const value = `own ${this.captured.size}`
    const photo = this.random(4) === 0 ? [this.photo()] : []
    const line = this.phone.capture({ record, set: { [value]: value } }, { blobs: photo })
    this.captured.set(line.id, record)
    expect(view(this.phone.state, record)?.fields).toHaveProperty([value])
  }

  photo(): string {
    const sha256 = String(this.random(10 ** 9)).padStart(64, '0')
    this.phone.photo(sha256, 1 + this.random(700_000))
    // The edge writes the photo with its record; a crash may come before the step's own store.
    this.phone.disk.blobs.set(sha256, {
      sha256,
      size: this.phone.state.blobs.get(sha256)?.size ?? 0,
      mime: 'image/jpeg',
      bytes: 'here',
      receipt: null,
      epoch: null,
      location: null,
    })
    return sha256
  }

  captureUntold(): void {
    const { phone } = this
    const record = this.pick(this.records) ?? ''
    const at = { wall: phone.wall, mono: 0, boot: EPOCH, offset: 0, contact: phone.state.contact }
    const op = { kind: 'hazard', record, act: 'put', set: { untold: 1 }, base: {} } as const
    const line = phone.disk.capture(at, { id: phone.id(), ops: [op], blobs: [] })
    this.captured.set(line.id, record)
  }

  change(): void {
    const scopes = [[ZONE], [OTHER], [ZONE, OTHER], []][this.random(4)] ?? []
    this.server.change(this.pick(this.records) ?? '', { else: this.server.number }, scopes)
  }

  answer(how: 'whole' | 'lost' | 'answer lost' | 'twice' | 'cut' | 'busy'): void {
    const { phone } = this
    const i = this.random(Math.max(1, phone.sends.length))
    const [sent] = phone.sends.splice(i, 1)
    if (!sent) return
    if (how === 'lost') return phone.fail(sent, this.random(2) ? 'network' : 'timeout')
    if (how === 'busy') return phone.answer(sent, { status: 503, body: { code: 'busy' } })
    const answer = phone.ask(sent)
    if (how === 'answer lost') return phone.fail(sent)
    if (how === 'cut')
      return phone.event({ type: 'failed', id: sent.id, reason: 'unparsable', now: phone.now })
    phone.answer(sent, answer)
    if (how === 'twice') phone.answer(sent, answer)
  }

  failStore(): void {
    const effect = this.phone.stores.shift()
    if (effect) this.phone.event({ type: 'store_failed', id: effect.id, now: this.phone.now })
  }

  crashAfterStore(): void {
    const effect = this.phone.stores.shift()
    if (effect) this.phone.disk.write(effect.writes)
    this.phone.restart(this.random(4) > 0)
  }

  tick(): void {
    const { phone } = this
    const passed = Math.max(0, (phone.timer ?? phone.now) - phone.now)
    phone.now += passed
    phone.wall += passed
    this.server.now += passed
    phone.timer = null
    phone.event({ type: 'tick', now: phone.now })
  }

  hint(): void {
    const scope = this.pick(this.server.grants) ?? ZONE
    const position = this.server.head(scope)
    this.phone.event({ type: 'hint', scope, position, now: this.phone.now })
  }

  restore(): void {
    if (!this.backup) return
    this.epochs += 1
    const restored = this.backup.copy()
    restored.mint(`06ft000000000000000000000${this.epochs.toString(32)}`)
    restored.now = this.server.now
    this.connect(restored)
  }

  connect(server: Server): void {
    const { phone } = this
    const next = new Phone(server, phone.disk)
    // Only the server is another one: the page goes on with everything it had.
    Object.assign(next, {
      state: phone.state,
      now: phone.now,
      wall: phone.wall,
      timer: phone.timer,
    })
    Object.assign(next, { minted: (phone as unknown as { minted: number }).minted })
    next.sends.push(...phone.sends)
    next.stores.push(...phone.stores)
    this.server = server
    this.phone = next
  }

  compact(): void {
    for (const [scope, spots] of this.server.scopes) {
      for (const [record, spot] of spots) if (spot.gone) spots.delete(record)
      this.server.floors.set(scope, this.server.head(scope))
    }
  }

  loseMember(): void {
    const { members } = this.phone.disk
    const key = this.pick([...members.keys()])
    if (key === undefined) return
    members.delete(key)
    this.phone.restart()
  }

  quiet(): void {
    const { phone } = this
    for (const line of phone.disk.lines.values()) {
      phone.event({ type: 'captured', line, now: phone.now })
    }
    phone.event({ type: 'online', now: phone.now })
    phone.settle().pass(45 * 60_000)
  }

  check(): void {
    const { phone, server } = this
    const { state } = phone
    expect(counts(state)).toMatchObject({ lines: 0, photos: 0, lost: [], unaccepted: [] })
    const lines = server.feedOf(DEVICE).lines
    expect(lines.map(({ entry }) => entry.id)).toEqual([...this.captured.keys()])
    for (const scope of server.grants) {
      const members = [...(state.scopes.get(scope)?.members.values() ?? [])]
      expect(members.filter(({ gone }) => gone)).toEqual([])
      expect(digest(members.map(({ record, rev }) => [record, rev]))).toBe(
        digest(server.live(scope).map(([record, { rev }]) => [record, rev])),
      )
    }
    const live = [ZONE, OTHER].flatMap((scope) => server.live(scope))
    const seen = visible(state).map(({ record }) => record)
    expect(seen.sort()).toEqual([...new Set(live.map(([record]) => record))].sort())
    for (const [record, spot] of live) {
      expect(view(state, record)?.fields).toEqual(server.bodies.get(record)?.['fields'])
      expect(view(state, record)?.rev).toBe(spot.rev)
      expect(view(state, record)?.overlay).toEqual([])
      expect(statusOf(state, record)?.state).toBe('received')
    }
    expect(phone.disk.rows.size).toBe(state.rows.size)
  }
}

const digest = (members: [string, Rev][]): string => digestText(scopeDigest(members))

test.for(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'S05 S06 S07 G03 G04 H02 H03 H06 H07 any order, any duplicates, any cut: seed %i',
  (seed) => {
    const story = new Story(seed)
    for (let i = 0; i < STEPS; i++) story.step()
    story.quiet()
    story.check()
    // What is on the disk says the same after a restart.
    story.phone.restart()
    story.phone.settle()
    story.check()
  },
)

test('every kind of fault has happened', () => {
  expect(Object.keys(tally).length).toBe(22)
})
