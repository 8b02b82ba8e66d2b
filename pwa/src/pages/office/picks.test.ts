import { expect, test } from 'vitest'
import { slotOf } from '../shared/slots.ts'
import {
  askedOf,
  emptyFields,
  isFull,
  missingSlots,
  pickOfSlot,
  pointsOf,
  togglePick,
  type Pointed,
} from './picks.ts'
import type { Body, NamedPhoto } from './wire.ts'

const photo = (slot: string) => ({ fields: { slot } }) as unknown as NamedPhoto
const desilted = { kind: 'work', fields: { work_kind: 'canal_desilt', length_m: 120 } } as const

test('an empty field of the form can be pointed at, a filled one is not in this list', () => {
  const empty = emptyFields(desilted)
  expect(empty).toContain('volume_m3')
  expect(empty).toContain('chainage')
  expect(empty).not.toContain('length_m')
  // Salvage asks for it, desilting does not.
  expect(empty).not.toContain('weight_t')
})

test('a photo the form asks for and nobody took can be pointed at', () => {
  expect(missingSlots(desilted, [photo('before')])).toEqual(['after'])
  expect(missingSlots(desilted, [photo('before'), photo('after')])).toEqual([])
  expect(missingSlots({ kind: 'hazard', fields: {} }, [photo('detail')])).toEqual(['scene'])
  expect(missingSlots({ kind: 'patrol', fields: {} }, [])).toEqual([])
})

test('a missing photo is named by its slot, a taken one by its record', () => {
  expect(pointsOf([pickOfSlot('after'), 'photo:p1', 'field:volume_m3'])).toEqual([
    { field: 'photo.after' },
    { photo: 'p1' },
    { field: 'volume_m3' },
  ])
  expect(slotOf('photo.after')).toBe('after')
  expect(slotOf('volume_m3')).toBeNull()
})

test('no more is pointed at than a review takes, and what was pointed at first stays', () => {
  const many = Array.from({ length: 14 }, (_, n): Pointed => `field:f${n}`)
  const picks = many.reduce(togglePick, [] as readonly Pointed[])
  expect(picks).toEqual(many.slice(0, 12))
  expect(isFull(picks)).toBe(true)
  expect(isFull(togglePick(picks, 'field:f3'))).toBe(false)
})

test('what was asked for stands until a newer version has come', () => {
  const points = [{ field: 'volume_m3' }, { photo: 'p1' }]
  const review = { decision: 'returned', version: 1, points } as unknown as Body['review']
  expect(askedOf({ review, version: 1 })).toEqual({
    stands: true,
    picks: new Set(['field:volume_m3', 'photo:p1']),
  })
  expect(askedOf({ review, version: 2 }).stands).toBe(false)
})
