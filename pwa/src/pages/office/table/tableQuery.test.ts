import { expect, test } from 'vitest'
import { kinds, type KindCode } from '../../../generated/kinds.ts'
import {
  choiceFields,
  filterOfTable,
  NO_TABLE_FILTER,
  optionsOf,
  paramsOfTable,
  queryOfTable,
  type TableFilter,
} from './tableQuery.ts'

const ID = '01jdrdla00ek8bla6qh8eb6nqg'
const FULL: TableFilter = {
  ...{ kind: 'hazard', zone: ID, person: ID, state: 'returned', from: 1, to: 2, q: '六孔桥' },
  where: { nature: ['acute'], level: ['major', ''], open_through: ['true'] },
  ...{ by: null, openAt: 3, endedFrom: 4, endedTo: 5 },
}
/** As vue-router reads back what it wrote. */
const back = (filter: TableFilter) =>
  filterOfTable(queryOfTable(filter) as Parameters<typeof filterOfTable>[0])

test.each([
  ['everything', FULL],
  ['nothing', NO_TABLE_FILTER],
  ['by another time', { ...NO_TABLE_FILTER, kind: 'duty_shift' as const, from: 1, by: 'start' }],
  ['one choice', { ...NO_TABLE_FILTER, kind: 'work' as const, where: { work_kind: ['salvage'] } }],
])('%s comes back out of the address as it went in', (_, filter) => {
  expect(back(filter)).toEqual(filter)
})

test.each([
  ['a kind nobody knows', { kind: 'dragon' }],
  ['a kind that every object has', { kind: 'toString' }],
  ['a zone that is no id', { zone: 'Z03' }],
  ['a day that is no number', { from: 'gestern' }],
  ['a time before the first', { to: '-1' }],
  ['a state nobody knows', { state: 'lost' }],
  ['a choice without a kind', { where: 'nature:acute' }],
  ['a time of no kind', { by: 'start' }],
  ['twice the same name', { q: ['a', 'b'] }],
])('%s is left out', (_, query) => {
  expect(filterOfTable(query as Parameters<typeof filterOfTable>[0])).toEqual(NO_TABLE_FILTER)
})

test.each([
  ['of a choice that is not there', 'nature:dragon'],
  ['of a field that is not there', 'dragon:acute'],
  ['of a field that has no choices', 'note:acute'],
  ['of what every object has', 'constructor:acute'],
  ['without a colon', 'nature'],
])('a filter %s is left out', (_, where) => {
  const { kind, where: found } = filterOfTable({ kind: 'hazard', where: [where, 'level:major'] })
  expect(kind).toBe('hazard')
  expect(found).toEqual({ level: ['major'] })
})

test('the same choice twice is one', () => {
  const { where } = filterOfTable({ kind: 'hazard', where: ['level:major', 'level:major'] })
  expect(where).toEqual({ level: ['major'] })
})

test('a member has no review to filter by', () => {
  expect(filterOfTable({ kind: 'member', state: 'pending' }).state).toBeNull()
})

test('an export is asked with the very same words as the list', () => {
  expect(paramsOfTable({ ...FULL, q: ' 六孔桥 ' })).toEqual({
    ...{ kind: 'hazard', zone: ID, person: ID, state: 'returned', from: 1, to: 2, q: '六孔桥' },
    where: ['nature:acute', 'level:major', 'level:', 'open_through:true'],
    ...{ by: null, openAt: 3, endedFrom: 4, endedTo: 5 },
  })
})

test.each(Object.keys(kinds) as KindCode[])('%s: whatever filters has choices', (kind) => {
  for (const [, field] of choiceFields(kind)) expect(optionsOf(field).length).toBeGreaterThan(0)
})

test('what names the record filters first', () => {
  expect(
    choiceFields('hazard')
      .map(([name]) => name)
      .slice(0, 2),
  ).toEqual(['types', 'nature'])
})
