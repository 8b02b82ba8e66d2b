// One patrol through a zone: places while it runs, sealed into segments, kept across a crash.

import type { Draft, Id, JsonObject, Op, Sha256 } from '@hushui/sync'
import type { NewBlob } from '../db/outbox.ts'
import type { FieldsOf, PatrolVisit } from '../generated/kinds.ts'
import { DISTANCE_M_MAX } from '../generated/titles.ts'
import { newId, now, sha256 } from '../ports.ts'
import { freshAt, geoOf } from './position.ts'
import type { Place, Places } from './position.ts'
import { maskOf } from './strips.ts'
import type { Strip } from './strips.ts'
import * as tracks from './track.ts'
import type { Gap, Sealed, Track } from './track.ts'

/** What lies on the disk while a patrol runs. */
export interface Patrol {
  readonly record: Id
  readonly zone: Id | null
  readonly started: number
  readonly paused: boolean
  readonly track: Track
  /** On which strips of the dike one walks now; absent where there is no dike. */
  readonly strips?: readonly Strip[]
  /** For drawing: what is sealed already, and on which strips. */
  readonly path: readonly (readonly [lon: number, lat: number, strips?: number])[]
  readonly gaps: readonly Gap[]
  readonly visits: readonly PatrolVisit[]
  /** What its walker says of it, before it is handed in; a patrol begun by an older app has none. */
  readonly said?: Said
}

export type Said = Partial<FieldsOf['patrol']>

export interface Keeping {
  /** Writes a line and, in the same transaction, what the patrol is from then on. */
  submit(
    draft: Omit<Draft, 'id'>,
    along: { readonly blobs?: readonly NewBlob[]; readonly patrol: JsonObject | null },
  ): Promise<{
    readonly n: number
    readonly entry: Id
    readonly hash: string
    readonly wall: number
  }>
  keep(patrol: JsonObject): Promise<void>
  put(record: Id, fields: Partial<FieldsOf['patrol']>): Op
  add(record: Id, set: JsonObject): Op
  changed(): void
}

/** Unsealed points are kept every so many; a crash costs at most these. */
const KEEP_POINTS = 5
const KEEP_MS = 30_000
const TICK_MS = 10_000
const PATH_MAX = 4000
/** A line takes 32 ops; the segment and the end need two. */
const GAPS_PER_LINE = 30

export interface Patrolling {
  patrol(): Patrol | null
  isAwake(): boolean
  start(zone: Id | null, strips?: readonly Strip[]): ReturnType<Keeping['submit']>
  /** From here on one walks on these: what was walked before is sealed as what it was. */
  walk(strips: readonly Strip[]): Promise<void>
  visit(
    checkpoint: Id,
    result: PatrolVisit['result'],
    by?: NonNullable<PatrolVisit['by']>,
  ): ReturnType<Keeping['submit']>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Kept with the patrol, and in the record when it ends. */
  say(said: Said): void
  end(measured: Said): ReturnType<Keeping['submit']>
  onPlace(place: Place): void
  /** Lets go of the phone; the patrol itself stays on the disk. */
  close(): Promise<void>
}

export function patrolling(stored: Patrol | null, places: Places, keeping: Keeping): Patrolling {
  let patrol = stored
  let unwatch: (() => void) | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  /** What was said last is not on the disk yet. */
  let isToKeep = false
  let isKeeping = false
  let wakeLock: WakeLockSentinel | undefined
  let keptAt = 0
  let keptPoints = 0
  /** One write after the other: two seals of the same points would be two segments. */
  let queue: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = queue.then(work, work)
    queue = done.catch(() => undefined)
    return done
  }

  function set(next: Patrol | null): void {
    patrol = next
    keeping.changed()
  }

  function change(next: (track: Track) => Track): void {
    if (!patrol) return
    const track = next(patrol.track)
    if (track !== patrol.track) set({ ...patrol, track })
  }

  // ---- the phone ---------------------------------------------------------------------------

  function begin(): void {
    unwatch ??= places.watch()
    timer ??= setInterval(tick, TICK_MS)
    document.addEventListener('visibilitychange', onVisibility)
    void stayAwake()
  }

  function stop(): void {
    unwatch?.()
    unwatch = undefined
    clearInterval(timer)
    timer = undefined
    document.removeEventListener('visibilitychange', onVisibility)
    void wakeLock?.release().catch(() => undefined)
    wakeLock = undefined
  }

  async function stayAwake(): Promise<void> {
    const locks = (navigator as { wakeLock?: WakeLock }).wakeLock
    if (!locks || document.visibilityState !== 'visible') return
    try {
      const lock = await locks.request('screen')
      lock.addEventListener('release', () => {
        if (wakeLock === lock) wakeLock = undefined
        keeping.changed()
      })
      wakeLock = lock
      keeping.changed()
    } catch {
      // The system said no (low battery): the screen goes dark, and that is drawn as a gap.
    }
  }

  function onVisibility(): void {
    if (document.visibilityState === 'visible') {
      change(tracks.onShown)
      if (patrol && !patrol.paused) void stayAwake()
    } else {
      change((track) => tracks.onHidden(track, now()))
      // The page may never come back.
      if (patrol) void keep(patrol)
    }
  }

  // ---- keeping -----------------------------------------------------------------------------

  function tick(): void {
    if (!patrol) return
    if (tracks.isDue(patrol.track, now())) void inTurn(sealDue).catch(() => undefined)
    else if (now() - keptAt >= KEEP_MS) void keep(patrol)
    keeping.changed()
  }

  async function keep(what: Patrol): Promise<void> {
    keptAt = now()
    keptPoints = what.track.points.length
    await inTurn(async () => {
      // What was sealed meanwhile must not come back.
      if (patrol && patrol.record === what.record) await keeping.keep(plain(patrol))
    }).catch(() => undefined)
  }

  /** At once, and as often as the disk can follow the keys. */
  async function keepSaid(): Promise<void> {
    if (isKeeping) return
    isKeeping = true
    while (patrol && isToKeep) {
      isToKeep = false
      await keep(patrol)
    }
    isKeeping = false
  }

  async function sealDue(): Promise<void> {
    if (!patrol || !tracks.isDue(patrol.track, now())) return
    await writeSegment(patrol, false, [], (next) => next)
  }

  /** Seals what is there into one line with `ops`; `then` says what the patrol is afterwards. */
  async function writeSegment(
    held: Patrol,
    isEnd: boolean,
    ops: readonly Op[],
    then: (next: Patrol) => Patrol | null,
  ): ReturnType<Keeping['submit']> {
    const sealed = tracks.seal(held.track, now(), isEnd)
    const gaps = sealed.gaps.map((gap) => named(gap, places.state() === 'refused'))
    const blob = sealed.points.length > 0 ? await blobOf({ ...sealed, gaps }) : null
    const adds = [
      ...(blob ? [keeping.add(held.record, segmentOf(sealed, blob.sha256, held.strips))] : []),
      ...gaps.slice(0, GAPS_PER_LINE).map((gap) => keeping.add(held.record, gapOf(gap))),
    ]
    const next = then({
      ...held,
      track: sealed.rest,
      path: thinned([...held.path, ...pathOf(sealed.points, held.strips)]),
      gaps: [...held.gaps, ...gaps],
    })
    const saved = await keeping.submit(
      { ops: [...adds, ...ops], blobs: blob ? [blob.sha256] : [] },
      { patrol: next && plain(next), ...(blob ? { blobs: [blob] } : {}) },
    )
    set(next && since(next, held))
    return saved
  }

  /** What happened while it was written belongs to what goes on. */
  function since(next: Patrol, before: Patrol): Patrol {
    if (!patrol) return next
    const { track, paused, said } = patrol
    if (track === before.track) return said ? { ...next, said } : next
    const points = track.points.slice(before.track.points.length)
    const gaps = track.gaps.slice(before.track.gaps.length)
    return {
      ...next,
      ...(said ? { said } : {}),
      paused,
      track: { ...track, since: next.track.since, points, gaps },
    }
  }

  if (patrol && !patrol.paused) {
    // The page was gone: what lies between is a gap, unless a fix comes soon.
    patrol = { ...patrol, track: tracks.onShown(tracks.onHidden(patrol.track, now())) }
    begin()
  }

  return {
    patrol: () => patrol,
    isAwake: () => wakeLock !== undefined,
    start: (zone, strips) =>
      inTurn(async () => {
        if (patrol) throw new Error('a patrol is running')
        const started = now()
        const record = newId()
        const track = tracks.begin(started)
        const fresh: Patrol = {
          ...{ record, zone, started, paused: false, track },
          ...{ path: [], gaps: [], visits: [] },
          ...(strips ? { strips } : {}),
        }
        const fields = zone === null ? { started } : { zone, started }
        const ops = [keeping.put(record, fields)]
        const saved = await keeping.submit({ ops, blobs: [] }, { patrol: plain(fresh) })
        set(fresh)
        begin()
        return saved
      }),
    visit: (checkpoint, result, by = 'tap') =>
      inTurn(async () => {
        if (!patrol) throw new Error('no patrol is running')
        const place = freshAt(places.best(), now())
        const visit: PatrolVisit = {
          ...{ type: 'visit' as const, checkpoint, at: now(), result, by },
          ...(place ? { point: geoOf(place) } : {}),
        }
        const next = { ...patrol, visits: [...patrol.visits, visit] }
        const ops = [keeping.add(patrol.record, visit as unknown as JsonObject)]
        const saved = await keeping.submit({ ops, blobs: [] }, { patrol: plain(next) })
        set({ ...patrol, visits: next.visits })
        return saved
      }),
    walk: (strips) =>
      inTurn(async () => {
        if (!patrol || maskOf(strips) === maskOf(patrol.strips)) return
        if (patrol.track.points.length > 0) {
          await writeSegment(patrol, false, [], (next) => ({ ...next, strips }))
        } else {
          set({ ...patrol, strips })
          await keeping.keep(plain(patrol))
        }
      }),
    pause: async () => {
      if (!patrol || patrol.paused) return
      set({ ...patrol, paused: true, track: tracks.onPaused(patrol.track, now()) })
      stop()
      await keep(patrol)
    },
    resume: async () => {
      if (!patrol?.paused) return
      set({ ...patrol, paused: false, track: tracks.onResumed(patrol.track, now()) })
      begin()
      await keep(patrol)
    },
    say: (said) => {
      if (!patrol) return
      set({ ...patrol, said: { ...patrol.said, ...said } })
      isToKeep = true
      void keepSaid()
    },
    end: (measured) =>
      inTurn(async () => {
        if (!patrol) throw new Error('no patrol is running')
        const { record, track } = patrol
        const said = filled(patrol.said ?? {})
        const ended = now()
        const distance_m = Math.min(DISTANCE_M_MAX, Math.round(track.distance))
        const put = keeping.put(record, { ...measured, ...said, ended, distance_m })
        const saved = await writeSegment(patrol, true, [put], () => null)
        stop()
        return saved
      }),
    onPlace: (place) => {
      if (!patrol || patrol.paused) return
      change((track) => tracks.onFix(track, place))
      const { points } = patrol.track
      if (tracks.isDue(patrol.track, now())) void inTurn(sealDue).catch(() => undefined)
      else if (points.length - keptPoints >= KEEP_POINTS) void keep(patrol)
      if (points.length < keptPoints) keptPoints = points.length
    },
    close: async () => {
      if (patrol) await keep(patrol)
      stop()
      await queue.catch(() => undefined)
    },
  }
}

async function blobOf(sealed: Pick<Sealed, 'points' | 'gaps'>): Promise<NewBlob> {
  const bytes = new TextEncoder().encode(tracks.segmentText(sealed)).buffer
  return { sha256: await sha256(bytes), type: 'application/json', bytes }
}

function segmentOf(
  { from, to, points }: Sealed,
  blob: Sha256,
  strips: readonly Strip[] = [],
): JsonObject {
  const walked = strips.length > 0 ? { strips } : {}
  return { type: 'segment', blob, from, to, points: points.length, ...walked }
}

/** The points as they are drawn. */
export function pathOf(points: Track['points'], strips: readonly Strip[] = []): Patrol['path'] {
  const mask = maskOf(strips)
  return points.map(([, lon, lat]) => (mask ? [lon, lat, mask] : [lon, lat]))
}

const gapOf = ({ from, to, reason }: Gap): JsonObject => ({
  type: 'segment',
  from,
  to,
  gap: reason,
})

const named = (gap: Gap, isRefused: boolean): Gap =>
  isRefused && gap.reason === 'no_fix' ? { ...gap, reason: 'no_consent' } : gap

function thinned<T>(path: readonly T[]): readonly T[] {
  return path.length <= PATH_MAX ? path : path.filter((_, i) => i % 2 === 0)
}

const filled = (said: Said): Said =>
  Object.fromEntries(Object.entries(said).filter(([, value]) => value != null))

const plain = (patrol: Patrol): JsonObject => JSON.parse(JSON.stringify(patrol)) as JsonObject
