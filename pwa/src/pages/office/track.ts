// The track segments that a patrol names.

import type { Sha256 } from '@hushui/sync'
import type { RecordAdd } from '../../app.ts'
import type { Fix } from '../../geo/chainage.ts'
import type { Position } from '../../generated/kinds.ts'

interface SegmentGap {
  readonly from: number
  readonly to: number
  readonly reason: string
}

export interface Segments {
  readonly blobs: readonly Sha256[]
  readonly gaps: readonly SegmentGap[]
}

export function segmentsOf(adds: readonly RecordAdd[]): Segments {
  const segments = adds.map(({ set }) => set).filter((set) => set['type'] === 'segment')
  return {
    blobs: segments.flatMap(({ blob }) => (typeof blob === 'string' ? [blob] : [])),
    gaps: segments.flatMap(({ gap, from, to }) =>
      typeof gap === 'string' ? [{ from: Number(from), to: Number(to), reason: gap }] : [],
    ),
  }
}

/** In order of time, whatever order the segments came in. */
export const pathOf = (points: readonly Fix[]): readonly Position[] =>
  [...points].sort((a, b) => a.at - b.at).map(({ lon, lat }): Position => [lon, lat])
