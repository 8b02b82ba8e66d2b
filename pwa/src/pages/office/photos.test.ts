import { expect, test } from 'vitest'
import { keyOf, photoCount, photosOf } from './photos.ts'
import type { Detail } from './wire.ts'

const photo = (record: string, sha256: string, deleted = false) => ({
  ...{ record, rev: 'e:1' },
  body: { kind: 'photo', fields: { sha256 }, deleted },
})

const detail = {
  body: { adds: [{ set: { blob: 'track' } }] },
  photos: [
    { sha256: 'same', record: 'p2', received: 7, fields: {} },
    { sha256: 'gone', record: 'p3', received: null, fields: {} },
    { sha256: 'track', record: null, received: 7, fields: {} },
    { sha256: 'line', record: null, received: 7, fields: {} },
  ],
  followers: [
    photo('p1', 'same'),
    photo('p2', 'same'),
    photo('p3', 'gone'),
    photo('p4', 'void', true),
    { record: 'w1', body: { kind: 'work', fields: {}, deleted: false } },
  ],
} as unknown as Detail

test('two photos with the same bytes are two', () => {
  const photos = photosOf(detail)
  expect(photos.map(keyOf)).toEqual(['p1', 'p2', 'p3', 'line'])
  expect(photos.map(({ received }) => received)).toEqual([7, 7, null, 7])
})

test('a track is no photo, and a voided photo is not counted', () => {
  expect(photoCount(detail)).toEqual({ named: 4, received: 3 })
})
