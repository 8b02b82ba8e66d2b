// Track segments, read from the blobs that a patrol names.

import type { Sha256 } from '@hushui/sync'
import type { Position } from '../../generated/kinds.ts'
import type { Added } from './wire.ts'

export interface TrackPoint {
  readonly lon: number
  readonly lat: number
  readonly acc: number
  readonly at: number
}

export interface SegmentGap {
  readonly from: number
  readonly to: number
  readonly reason: string
}

export interface Segments {
  readonly blobs: readonly Sha256[]
  readonly gaps: readonly SegmentGap[]
}

export function segmentsOf(adds: readonly Added[]): Segments {
  const segments = adds.map(({ set }) => set).filter((set) => set['type'] === 'segment')
  return {
    blobs: segments.flatMap(({ blob }) => (typeof blob === 'string' ? [blob] : [])),
    gaps: segments.flatMap(({ gap, from, to }) =>
      typeof gap === 'string' ? [{ from: Number(from), to: Number(to), reason: gap }] : [],
    ),
  }
}

/** Phones write `{v: 1, points: [[at, lon, lat, acc]]}`; a bare list is `[lon, lat, acc, at]`. */
export function pointsOf(blob: unknown): readonly TrackPoint[] {
  if (Array.isArray(blob)) {
    return tuples(blob).map(([lon, lat, acc, at]) => ({ lon, lat, acc, at }))
  }
  const points = (blob as { readonly points?: unknown } | null)?.points
  if (!Array.isArray(points)) return []
  return tuples(points).map(([at, lon, lat, acc]) => ({ lon, lat, acc, at }))
}

function tuples(list: readonly unknown[]): [number, number, number, number][] {
  return list.filter(
    (item): item is [number, number, number, number] =>
      Array.isArray(item) && item.length >= 4 && item.every((it) => typeof it === 'number'),
  )
}

/** In order of time, whatever order the segments came in. */
export const pathOf = (points: readonly TrackPoint[]): readonly Position[] =>
  [...points].sort((a, b) => a.at - b.at).map(({ lon, lat }): Position => [lon, lat])
