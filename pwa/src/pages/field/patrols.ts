// A round as it stands in its record: where it signed, what it covered, where it has gaps and why.

import { computed, ref, watch, type Ref } from 'vue'
import { useApp, type HsRecord } from '../../app.ts'
import { coverage, project, type Coverage, type Fix } from '../../geo/chainage.ts'
import { fixesOf } from '../../geo/segment.ts'
import type { PatrolSegment, PatrolVisit } from '../../generated/kinds.ts'
import type { ZoneRecord } from './zones.ts'

type Round = Pick<HsRecord, 'adds'>

export function visitsOf(round: Round | null | undefined): readonly PatrolVisit[] {
  return setsOf(round).filter((it): it is PatrolVisit => (it as PatrolVisit).type === 'visit')
}

export interface RoundGap {
  readonly gap: NonNullable<PatrolSegment['gap']>
  readonly from: number
  readonly to: number
}

export function gapsOf(round: Round | null | undefined): readonly RoundGap[] {
  return segmentsOf(round).flatMap(({ gap, from, to }) => (gap ? [{ gap, from, to }] : []))
}

const segmentsOf = (round: Round | null | undefined): readonly PatrolSegment[] =>
  setsOf(round).filter((it): it is PatrolSegment => (it as PatrolSegment).type === 'segment')

const setsOf = (round: Round | null | undefined): readonly unknown[] =>
  (round?.adds ?? []).map((it) => it.set)

export interface Walk extends Pick<Coverage, 'parts' | 'share'> {
  readonly holes: readonly Hole[]
}

export interface Hole {
  readonly from: number
  readonly to: number
  readonly gap: RoundGap['gap']
}

/** What the track of a round covered; null while its segments are not on this phone. */
export function useWalk(
  round: Readonly<Ref<HsRecord | null | undefined>>,
  zone: Readonly<Ref<ZoneRecord | null | undefined>>,
): Readonly<Ref<Walk | null>> {
  const app = useApp()
  const fixes = ref<readonly Fix[] | null>(null)
  const blobs = computed(() =>
    segmentsOf(round.value)
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
    const holes = gapsOf(round.value).flatMap(({ gap, from, to }) => {
      const before = fixes.value?.filter((fix) => fix.at <= from).at(-1)
      const after = fixes.value?.find((fix) => fix.at >= to)
      if (!before || !after) return []
      const [a, b] = [at(before), at(after)].sort((x, y) => x - y)
      return a !== undefined && b !== undefined && b - a >= 1 ? [{ from: a, to: b, gap }] : []
    })
    return { parts, share, holes }
  })
}
