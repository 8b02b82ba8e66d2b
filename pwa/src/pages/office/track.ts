// The track segments that a patrol names.

import type { Sha256 } from '@hushui/sync'
import type { RecordAdd } from '../../app.ts'
import { maskOf, type Strip } from '../../capture/strips.ts'
import type { Fix } from '../../geo/chainage.ts'
import type { Position } from '../../generated/kinds.ts'

interface SegmentGap {
  readonly from: number
  readonly to: number
  readonly reason: string
}

export interface Segments {
  readonly blobs: readonly Sha256[]
  /** For each of these a bit for each strip of the dike it was walked on. */
  readonly strips: readonly number[]
  readonly gaps: readonly SegmentGap[]
}

export function segmentsOf(adds: readonly RecordAdd[]): Segments {
  const segments = adds.map(({ set }) => set).filter((set) => set['type'] === 'segment')
  const walked = segments.filter(({ blob }) => typeof blob === 'string')
  return {
    blobs: walked.map(({ blob }) => String(blob)),
    strips: walked.map(({ strips }) => maskOf(Array.isArray(strips) ? (strips as Strip[]) : [])),
    gaps: segments.flatMap(({ gap, from, to }) =>
      typeof gap === 'string' ? [{ from: Number(from), to: Number(to), reason: gap }] : [],
    ),
  }
}

/** In order of time, whatever order the segments came in. */
export const pathOf = (points: readonly Fix[]): readonly Position[] =>
  [...points].sort((a, b) => a.at - b.at).map(({ lon, lat }): Position => [lon, lat])
