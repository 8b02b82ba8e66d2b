import { expect, test } from 'vitest'
import { keyOf, listed } from './photos.ts'
import type { Detail } from './wire.ts'

const photo = (record: string | null, sha256: string, received: number | null) => ({
  ...{ record, sha256, received, fields: {} },
})

const detail = {
  ...{ record: 'r', rev: 'e:1', body: { kind: 'work' }, followers: [] },
  photos: [photo('p1', 'same', 7), photo('p2', 'same', 7), photo(null, 'line', null)],
} as unknown as Detail

test('two photos with the same bytes are two', () => {
  expect(detail.photos.map(keyOf)).toEqual(['p1', 'p2', 'line'])
})

test('a record just read counts as in the list', () => {
  const row = listed(detail)
  expect(row.photo_count).toEqual({ named: 3, received: 2 })
  expect(Object.keys(row).sort()).toEqual(['body', 'photo_count', 'record', 'rev'])
})
