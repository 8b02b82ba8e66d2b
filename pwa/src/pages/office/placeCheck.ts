// Where a record says it is, held against its zone.

import { contains, distanceToPolygon, project } from '../../geo/chainage.ts'
import type { Position, Zone } from '../../generated/kinds.ts'

export interface PlaceCheck {
  /** Metres from the zone's line. */
  readonly offset: number
  readonly chainage: number
  readonly bank: 'left' | 'right'
  /** The nearest place on the line. */
  readonly foot: Position
  readonly inside: boolean
  /** Metres outside the zone; 0 inside. */
  readonly outside: number
  /** Metres between the chainage written and the one measured; null: none was written. */
  readonly apart: number | null
}

/** As far apart as a good fix and a bend of the river may put written and measured chainage. */
export const APART_M_MAX = 50

type Shape = Partial<Pick<Zone, 'line' | 'polygon' | 'chainage_start'>>

/** null where there is no line to measure along. */
export function checkPlace(
  shape: Shape | undefined,
  point: Position | null,
  written: unknown,
): PlaceCheck | null {
  const { line, polygon, chainage_start: start = 0 } = shape ?? {}
  if (point === null || line === undefined || line.length < 2) return null
  const { offset, chainage, side, foot } = project(line, start, point)
  const inside = polygon === undefined || contains(polygon, point)
  return {
    ...{ offset, chainage, bank: side, foot, inside },
    outside: inside || polygon === undefined ? 0 : distanceToPolygon(polygon, point),
    apart: typeof written === 'number' ? Math.abs(written - chainage) : null,
  }
}

/** 0,0 is missing, not a place. */
export function positionOf(place: unknown): Position | null {
  const { lon, lat } = (place ?? {}) as { readonly lon?: unknown; readonly lat?: unknown }
  if (typeof lon !== 'number' || typeof lat !== 'number') return null
  return lon === 0 && lat === 0 ? null : [lon, lat]
}
