// Where the phone stands, as the place fields of a new record.

import type { Along, Fix, Position } from '../../app.ts'
import type { Geo } from '../../generated/kinds.ts'

export interface PlaceFields {
  zone?: string | null
  place?: Geo | null
  chainage?: number | null
  bank?: 'left' | 'right' | null
}

export function geoOf(fix: Fix): Geo {
  const { lon, lat, acc, at, heading } = fix
  return {
    source: 'gps',
    lon: round(lon, 7),
    lat: round(lat, 7),
    acc: round(acc, 1),
    at,
    ...(heading === null ? {} : { heading: round(heading, 1) }),
  }
}

/** `fallback`: the zone of a running patrol, or the only zone one has. */
export function placeNow(position: Position, fallback: string | null): PlaceFields {
  const { fix, along } = position
  if (!fix || position.state === 'stale') return fallback === null ? {} : { zone: fallback }
  return { place: geoOf(fix), ...alongFields(along, fallback) }
}

function alongFields(along: Along | null, fallback: string | null): PlaceFields {
  if (!along) return fallback === null ? {} : { zone: fallback }
  return { zone: along.zone, chainage: round(along.chainage, 0), bank: along.bank }
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals))
}
