// A patrol as it stands in its record: where it signed, what it covered, where it has gaps and why.

import { computed, ref, watch, type Ref } from 'vue'
import { useApp, type ActivePatrol, type HsRecord } from '../../app.ts'
import { coverage, lineLength, project, type Coverage, type Fix } from '../../geo/chainage.ts'
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

export interface Covered extends Pick<Coverage, 'parts' | 'share'> {
  readonly holes: readonly Hole[]
}

export interface Hole {
  readonly from: number
  readonly to: number
  readonly gap: PatrolGap['gap']
}

/**
 * What of the zone a patrol under way has covered. Its track has no times: a long jump stands for a
 * pause, for the reason of the newest gap.
 */
export function coveredSoFar(
  zone: ZoneRecord | null | undefined,
  { track, gaps }: Pick<ActivePatrol, 'track' | 'gaps'>,
): Covered | null {
  const line = zone?.fields.line
  if (!line || line.length < 2) return null
  let at = 0
  const fixes = track.map(([lon, lat], index) => {
    const before = track[index - 1]
    at += before && lineLength([before, [lon, lat]]) > JUMP_M ? LONG_MS : 1000
    return { lon, lat, acc: 0, at }
  })
  const { share, parts } = coverage(line, zone?.fields.chainage_start ?? 0, fixes)
  const gap = gaps.at(-1)?.reason ?? 'no_fix'
  const holes = parts.slice(1).map(([to], n) => ({ from: parts[n]?.[1] ?? to, to, gap }))
  return { share, parts, holes }
}

const LONG_MS = 3_600_000

/** What the track of a patrol covered; null while its segments are not on this phone. */
export function useCovered(
  patrol: Readonly<Ref<HsRecord | null | undefined>>,
  zone: Readonly<Ref<ZoneRecord | null | undefined>>,
): Readonly<Ref<Covered | null>> {
  const app = useApp()
  const fixes = ref<readonly Fix[] | null>(null)
  const blobs = computed(() =>
    segmentsOf(patrol.value)
      .flatMap(({ blob }) => (blob ? [blob] : []))
      .join(' '),
  )

  watch(
    blobs,
    async (wanted) => {
      fixes.value = null
      const found = await Promise.all(wanted.split(' ').filter(Boolean).map(segment))
      if (wanted === blobs.value && found.length > 0 && !found.includes(null)) {
        fixes.value = found.flatMap((it) => it ?? []).sort((a, b) => a.at - b.at)
      }
    },
    { immediate: true },
  )

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

  return computed(() => {
    const line = zone.value?.fields.line
    if (!fixes.value || !line || line.length < 2) return null
    const start = zone.value?.fields.chainage_start ?? 0
    const { parts, share } = coverage(line, start, fixes.value)
    const at = (fix: Fix) => project(line, start, [fix.lon, fix.lat]).chainage
    const holes = gapsOf(patrol.value).flatMap(({ gap, from, to }) => {
      const before = fixes.value?.filter((fix) => fix.at <= from).at(-1)
      const after = fixes.value?.find((fix) => fix.at >= to)
      if (!before || !after) return []
      const [a, b] = [at(before), at(after)].sort((x, y) => x - y)
      return a !== undefined && b !== undefined && b - a >= 1 ? [{ from: a, to: b, gap }] : []
    })
    return { parts, share, holes }
  })
}
