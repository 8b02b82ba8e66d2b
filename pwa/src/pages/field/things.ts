// What this phone holds of structures and boats, for the fields that name one: what is in the same
// zone comes first, and the nearest along the dike before the others.

import { computed, type Ref } from 'vue'
import { useApp } from '../../app.ts'
import type { PlaceFields } from './place.ts'

export interface Named {
  readonly id: string
  readonly name: string
}

export function useThings(place: Readonly<Ref<PlaceFields>>) {
  const { records } = useApp()
  const objects = records.list('object', (it) => !it.deleted && it.fields.retired !== true)
  const boats = records.list('boat', (it) => !it.deleted)

  const far = ({ zone, chainage }: { zone?: string | null; chainage?: number | null }): number => {
    if (zone == null || zone !== place.value.zone) return Infinity
    return Math.abs((chainage ?? Infinity) - (place.value.chainage ?? 0))
  }
  const sameZone = ({ zone }: { zone?: string | null }) => zone != null && zone === place.value.zone

  return computed<Readonly<Record<string, readonly Named[]>>>(() => ({
    object: [...objects.value]
      .sort(
        (a, b) =>
          Number(sameZone(b.fields)) - Number(sameZone(a.fields)) ||
          compare(far(a.fields), far(b.fields)) ||
          (a.fields.name ?? '').localeCompare(b.fields.name ?? '', 'zh'),
      )
      .map((it) => ({ id: it.id, name: it.fields.name ?? '' })),
    boat: [...boats.value]
      .sort((a, b) => Number(sameZone(b.fields)) - Number(sameZone(a.fields)))
      .map((it) => ({
        id: it.id,
        name: [it.fields.no, it.fields.name].filter(Boolean).join(' '),
      })),
  }))
}

/** Infinity - Infinity is no number. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b)
