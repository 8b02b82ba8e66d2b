// What lies in the blob of a track segment.

import type { Fix } from './chainage.ts'

/** Metres; points of a track this far apart have nothing recorded between them. */
export const JUMP_M = 150

/** Phones write `{v: 1, points: [[at, lon, lat, acc]]}`; a bare list is `[lon, lat, acc, at]`. */
export function fixesOf(blob: unknown): readonly Fix[] {
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
