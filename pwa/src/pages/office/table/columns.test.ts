import { expect, test } from 'vitest'
import { kinds, type KindCode } from '../../../generated/kinds.ts'
import { chosenColumns, columnsOf, isNumber, startColumns } from './columns.ts'

const CODES = Object.keys(kinds) as KindCode[]
const row = (fields: Record<string, unknown>) => ({ body: { fields } })
const ids = (kind: KindCode | null) => columnsOf(kind).map(({ id }) => id)

test.each(CODES)('%s: no field is left out, and in the order of the form', (kind) => {
  const names = columnsOf(kind).flatMap((it) => ('name' in it ? [it.name] : []))
  expect([...new Set(names)]).toEqual(Object.keys(kinds[kind].fields))
})

test.each(CODES)('%s: no column stands twice', (kind) => {
  expect(new Set(ids(kind)).size).toBe(ids(kind).length)
})

test('a position takes two columns, each a figure', () => {
  const place = columnsOf('hazard').filter(({ id }) => id.startsWith('fields.place'))
  expect(place.map(({ id }) => id)).toEqual(['fields.place.lon', 'fields.place.lat'])
  expect(place.every(isNumber)).toBe(true)
})

test('what is not reviewed has no state, what has no zone no zone', () => {
  expect(ids('member')).not.toContain('state')
  expect(ids('member')).not.toContain('zone')
  expect(ids('hazard')).toContain('state')
  expect(ids('hazard')).toContain('zone')
})

test('of all kinds together only what all of them have', () => {
  expect(ids(null)).toEqual(['kind', 'title', 'author', 'zone', 'captured', 'state'])
})

test('at first: what is required, and what the rows hold; not what the title says already', () => {
  const start = startColumns('reading', [row({ station: 'x', at: 1, z_m: 21.5, trend: 'rising' })])
  expect(start).toContain('fields.at')
  expect(start).toContain('fields.z_m')
  expect(start).toContain('fields.trend')
  expect(start).not.toContain('fields.station')
  expect(start).not.toContain('fields.flow_m3s')
})

test('at first a hazard, which has 79 fields, fits on a desk', () => {
  const filled = Object.fromEntries(Object.keys(kinds.hazard.fields).map((name) => [name, 1]))
  expect(startColumns('hazard', [row(filled)]).length).toBeLessThanOrEqual(16)
})

test('whatever was chosen stands in the order of the table, and always with the title', () => {
  const chosen = chosenColumns('boat', ['fields.capacity', 'author', 'fields.gone'])
  expect(chosen.map(({ id }) => id)).toEqual(['title', 'author', 'fields.capacity'])
})
