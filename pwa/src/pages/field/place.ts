// Where the phone stands, as the place fields of a new record.

import type { Along, Position } from '../../app.ts'
import { geoOf } from '../../capture/position.ts'
import type { Geo } from '../../generated/kinds.ts'

export interface PlaceFields {
  zone?: string | null
  place?: Geo | null
  chainage?: number | null
  bank?: 'left' | 'right' | null
}

/** `fallback`: the zone of a running patrol, or the only zone one has. */
export function placeNow(position: Position, fallback: string | null): PlaceFields {
  const { fix, along } = position
  if (!fix || position.state === 'stale') return fallback === null ? {} : { zone: fallback }
  return { place: geoOf(fix), ...alongFields(along, fallback) }
}

function alongFields(along: Along | null, fallback: string | null): PlaceFields {
  if (!along) return fallback === null ? {} : { zone: fallback }
  return { zone: along.zone, chainage: Math.round(along.chainage), bank: along.bank }
}
