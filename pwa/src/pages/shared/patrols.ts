// A patrol as it stands in its record: where it signed, what it covered, where it has gaps and why.

import { computed, ref, watch, type Ref } from 'vue'
import { useApp, type ActivePatrol, type HsRecord } from '../../app.ts'
import { isOn, maskOf, STRIPS, type Strip } from '../../capture/strips.ts'
import {
  coverage,
  intoNeighbours,
  lineLength,
  project,
  type Coverage,
  type Fix,
  type Position,
} from '../../geo/chainage.ts'
import { fixesOf, JUMP_M } from '../../geo/segment.ts'
import type { PatrolSegment, PatrolVisit } from '../../generated/kinds.ts'
import type { ZoneRecord } from './zones.ts'

type Patrol = Pick<HsRecord, 'adds'>

export function visitsOf(patrol: Patrol | null | undefined): readonly PatrolVisit[] {
  return setsOf(patrol).filter((it): it is PatrolVisit => (it as PatrolVisit).type === 'visit')
}

/** How it was written before `withdrawn` was a result: abnormal, and this note. */
const WITHDRAWN_NOTES = ['撤销“正常”，要重新看', '“Normal” taken back, look again']

export const isWithdrawn = ({ result, note }: PatrolVisit): boolean =>
  result === 'withdrawn' || (note != null && WITHDRAWN_NOTES.includes(note))

/** The newest word on each check-point, by its id; one that was taken back is open again. */
export function signedAt(visits: readonly PatrolVisit[]): ReadonlyMap<string, PatrolVisit> {
  const found = new Map<string, PatrolVisit>()
  for (const it of visits) {
    if (isWithdrawn(it)) found.delete(it.checkpoint)
    else found.set(it.checkpoint, it)
  }
  return found
}

export interface PatrolGap {
  readonly gap: NonNullable<PatrolSegment['gap']>
  readonly from: number
  readonly to: number
}

export function gapsOf(patrol: Patrol | null | undefined): readonly PatrolGap[] {
  return segmentsOf(patrol).flatMap(({ gap, from, to }) => (gap ? [{ gap, from, to }] : []))
}

const segmentsOf = (patrol: Patrol | null | undefined): readonly PatrolSegment[] =>
  setsOf(patrol).filter((it): it is PatrolSegment => (it as PatrolSegment).type === 'segment')

const setsOf = (patrol: Patrol | null | undefined): readonly unknown[] =>
  (patrol?.adds ?? []).map((it) => it.set)

export interface Covered extends Pick<Coverage, 'parts' | 'gaps' | 'share'> {
  /** Where nothing was recorded between two stretches that were walked, and why. */
  readonly holes: readonly Hole[]
}

/** The line that a round walks: into the neighbours' at both ends (B4). */
export interface Way {
  readonly line: readonly Position[]
  readonly start: number
}

export function wayOf(zone: ZoneRecord | null | undefined, all: readonly ZoneRecord[]): Way | null {
  const line = zone?.fields.line
  if (!line || line.length < 2) return null
  const others = all.flatMap((it) => (it.id === zone.id ? [] : [it.fields.line ?? []]))
  return intoNeighbours(line, zone.fields.chainage_start ?? 0, others)
}

export interface Hole {
  readonly from: number
  readonly to: number
  readonly gap: PatrolGap['gap']
}

/**
 * What of its way a patrol under way has covered, on one strip or on any. Its track has no times: a
 * long jump stands for a pause, for the reason of the newest gap.
 */
export function coveredSoFar(
  way: Way | null,
  { track, walked, gaps }: Pick<ActivePatrol, 'track' | 'walked' | 'gaps'>,
  strip?: Strip,
): Covered | null {
  if (!way) return null
  let at = 0
  let before: Position | undefined
  const fixes = track.map(([lon, lat], index) => {
    at += before && lineLength([before, [lon, lat]]) > JUMP_M ? LONG_MS : 1000
    before = [lon, lat]
    return onStrip({ lon, lat, acc: 0, at }, walked[index] ?? 0, strip)
  })
  const { share, parts, gaps: open } = coverage(way.line, way.start, fixes)
  const gap = gaps.at(-1)?.reason
  const holes = gap ? parts.slice(1).map(([to], n) => ({ from: parts[n]?.[1] ?? to, to, gap })) : []
  return { share, parts, gaps: open, holes }
}

const LONG_MS = 3_600_000

/** Of each strip; null where there is no dike. */
export function stripsSoFar(
  way: Way | null,
  patrol: ActivePatrol,
): ReadonlyMap<Strip, Covered> | null {
  if (!way || !patrol.strips) return null
  const each = STRIPS.map((strip) => [strip, coveredSoFar(way, patrol, strip)] as const)
  return new Map(each.flatMap(([strip, seen]) => (seen ? [[strip, seen] as const] : [])))
}

export interface Piece {
  readonly strips: number
  readonly fixes: readonly Fix[]
}

/** What the pieces of a track cover, on one strip or on any. */
export function coveredBy(
  { line, start }: Way,
  pieces: readonly Piece[],
  gaps: readonly PatrolGap[],
  strip?: Strip,
): Covered {
  const fixes = pieces
    .flatMap(({ fixes: some, strips }) => some.map((fix) => ({ fix, strips })))
    .sort((a, b) => a.fix.at - b.fix.at)
    .map(({ fix, strips }) => onStrip(fix, strips, strip))
  const covered = coverage(line, start, fixes)
  const at = (fix: Fix) => project(line, start, [fix.lon, fix.lat]).chainage
  const holes = gaps.flatMap(({ gap, from, to }) => {
    const before = fixes.filter((fix) => fix.at <= from).at(-1)
    const after = fixes.find((fix) => fix.at >= to)
    if (!before || !after || before.acc === ELSEWHERE || after.acc === ELSEWHERE) return []
    const [a, b] = [at(before), at(after)].sort((x, y) => x - y)
    return a !== undefined && b !== undefined && b - a >= 1 ? [{ from: a, to: b, gap }] : []
  })
  return { parts: covered.parts, gaps: covered.gaps, share: covered.share, holes }
}

/** Of each strip; null where the round does not say on which ones it walked. */
export function stripsCovered(
  way: Way,
  pieces: readonly Piece[],
  gaps: readonly PatrolGap[],
): ReadonlyMap<Strip, Covered> | null {
  if (!pieces.some(({ strips }) => strips > 0)) return null
  return new Map(STRIPS.map((strip) => [strip, coveredBy(way, pieces, gaps, strip)]))
}

/** A fix of another strip covers nothing of this one, nor what lies on both sides of it. */
const onStrip = (fix: Fix, strips: number, strip: Strip | undefined): Fix =>
  strip === undefined || isOn(strips, strip) ? fix : { ...fix, acc: ELSEWHERE }

const ELSEWHERE = Infinity

/**
 * What the track of a patrol covered, of a strip where one is named; null while its segments are
 * not on this phone.
 */
export function useCovered(
  patrol: Readonly<Ref<HsRecord | null | undefined>>,
  way: Readonly<Ref<Way | null>>,
): {
  readonly any: Readonly<Ref<Covered | null>>
  /** Of a round that says on which strips it walked. */
  readonly strips: Readonly<Ref<ReadonlyMap<Strip, Covered> | null>>
} {
  const app = useApp()
  const pieces = ref<readonly Piece[] | null>(null)
  const blobs = computed(() =>
    segmentsOf(patrol.value)
      .flatMap(({ blob, strips }) => (blob ? [`${blob}/${maskOf(strips ?? [])}`] : []))
      .join(' '),
  )

  watch(
    blobs,
    async (wanted) => {
      pieces.value = null
      const named = wanted.split(' ').filter(Boolean)
      const found = await Promise.all(named.map(piece))
      if (wanted === blobs.value && found.length > 0 && !found.includes(null)) {
        pieces.value = found.flatMap((it) => it ?? [])
      }
    },
    { immediate: true },
  )

  async function piece(named: string): Promise<Piece | null> {
    const [sha256 = '', strips] = named.split('/')
    const fixes = await segment(sha256)
    return fixes && { strips: Number(strips), fixes }
  }

  async function segment(sha256: string): Promise<readonly Fix[] | null> {
    const url = await app.photos.url(sha256)
    if (url === null) return null
    try {
      return fixesOf(await (await fetch(url)).json())
    } catch {
      return null
    } finally {
      app.photos.release(sha256)
    }
  }

  const told = computed(() => gapsOf(patrol.value))
  return {
    any: computed(
      () => way.value && pieces.value && coveredBy(way.value, pieces.value, told.value),
    ),
    strips: computed(
      () => way.value && pieces.value && stripsCovered(way.value, pieces.value, told.value),
    ),
  }
}
