// Where the phone stands, as the place fields of a new record.

import type { Position } from '../../app.ts'
import { geoOf } from '../../capture/position.ts'
import type { Geo } from '../../generated/kinds.ts'

export interface PlaceFields {
  /** null: in none; absent: nobody knows. */
  zone?: string | null
  place?: Geo | null
  chainage?: number | null
  bank?: 'left' | 'right' | null
}

/** `fallback`: the zone of a running patrol, or the only zone one has, where the fix does not tell. */
export function placeNow(position: Position, fallback: string | null): PlaceFields {
  const { fix, along, outside, state } = position
  const proposed = fallback === null ? {} : { zone: fallback }
  if (!fix || state === 'stale') return proposed
  const place = geoOf(fix)
  if (along) {
    return { place, zone: along.zone, chainage: Math.round(along.chainage), bank: along.bank }
  }
  // What was proposed before the fix came goes too.
  return outside ? { place, zone: null, chainage: null, bank: null } : { place, ...proposed }
}
