import { expect, test } from 'vitest'
import { kinds, type Patrol } from '../generated/kinds.ts'
import { roundOf } from './round.ts'

const { checklist } = kinds.patrol.fields
const asked = (zone: Parameters<typeof roundOf>[1], rows: Patrol['checklist'] = null) =>
  (roundOf(checklist, zone, rows).fields?.['item']?.choices ?? []).map(({ code }) => code)
const ofWhat = (codes: readonly string[]) => [
  ...new Set(codes.map((code) => code.replace(/_.*/, ''))),
]
const DIKE = ['crest', 'waterside', 'landside', 'toe', 'crossing']

test('a round looks at what stands in its zone, and nothing else', () => {
  expect(ofWhat(asked({ object_classes: ['canal'] }))).toEqual(['canal'])
  expect(ofWhat(asked({ object_classes: ['dike', 'sluice'] }))).toEqual([...DIKE, 'sluice'])
  expect(ofWhat(asked({ object_classes: ['reservoir'] }))).toEqual(['reservoir'])
})

test('where nobody said what stands there, it is a dike', () => {
  for (const zone of [undefined, null, {}, { object_classes: [] }, { object_classes: null }]) {
    expect(ofWhat(asked(zone))).toEqual(DIKE)
  }
})

test('what was answered before stays, in its place', () => {
  const rows = [{ item: 'crest_level', answer: 'ok' }] as const
  expect(asked({ object_classes: ['canal'] }, rows)).toEqual([
    'crest_level',
    ...asked({ object_classes: ['canal'] }),
  ])
})

test('every item belongs to something', () => {
  const all = asked({ object_classes: ['dike', 'sluice', 'reservoir', 'canal'] })
  expect(all).toEqual(checklist.fields.item.choices.map(({ code }) => code))
})
