import { expect, test } from 'vitest'
import { kinds, type KindCode } from '../../../generated/kinds.ts'
import { formatsOf, nameIn } from './download.ts'
import { groupedKinds } from './kindGroups.ts'

test.each<[KindCode, readonly string[]]>([
  ['patrol', ['xlsx', 'csv', 'geojson', 'gpx']],
  ['hazard', ['xlsx', 'csv', 'geojson']],
  ['zone', ['xlsx', 'csv', 'geojson']],
  ['member', ['xlsx', 'csv']],
])('%s can be had as %s', (kind, formats) => expect(formatsOf(kind)).toEqual(formats))

test.each<[string | null, string | null]>([
  [`attachment; filename="work.xlsx"; filename*=UTF-8''%E4%BD%9C%E4%B8%9A.xlsx`, '作业.xlsx'],
  ['attachment; filename="work.xlsx"', 'work.xlsx'],
  [`attachment; filename*=UTF-8''%E4%BD`, null],
  ['attachment', null],
  [null, null],
])('the name in %s', (disposition, name) => expect(nameIn(disposition)).toBe(name))

test('every kind stands in one group', () => {
  const all = groupedKinds.flatMap(([, codes]) => codes)
  expect([...all].sort()).toEqual(Object.keys(kinds).sort())
})
