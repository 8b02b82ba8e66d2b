import { describe, expect, test } from 'vitest'
import { AGAIN_MAX, keyOf, lackingIn, photoCount, photosOf } from './photos.ts'
import type { Detail, Row } from './wire.ts'

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

describe('a record that lacks a photo is read again', () => {
  const row = (record: string, zone: string | null, author = 'zhang') =>
    ({ record, body: { fields: { zone }, author } }) as unknown as Row
  const rows = [row('c', 'Z1'), row('b', 'Z2'), row('a', null, 'li')]
  const known = new Map([
    ['c', { named: 2, received: 1 }],
    ['b', { named: 2, received: 1 }],
    ['a', { named: 1, received: 0 }],
  ])

  test('where something new was told in a scope of it, and no other', () => {
    expect(lackingIn(new Set(['zone:Z2']), rows, known)).toEqual(['b'])
    expect(lackingIn(new Set(['person:li']), rows, known)).toEqual(['a'])
    expect(lackingIn(new Set(['zone:Z3', 'org:one']), rows, known)).toEqual([])
    expect(lackingIn(new Set(), rows, known)).toEqual([])
  })

  test('where nobody knows what is new, the newest first', () => {
    expect(lackingIn(null, rows, known)).toEqual(['c', 'b', 'a'])
  })

  test('not where all came, nor where it was not read yet', () => {
    const all = new Map([['c', { named: 2, received: 2 }]])
    expect(lackingIn(null, rows, all)).toEqual([])
  })

  test('with a few others, never with all', () => {
    const many = Array.from({ length: 40 }, (_, n) => row(`r${n}`, 'Z1'))
    const lacking = new Map(many.map(({ record }) => [record, { named: 1, received: 0 }]))
    const again = lackingIn(new Set(['zone:Z1']), many, lacking)
    expect(again).toEqual(many.slice(0, AGAIN_MAX).map(({ record }) => record))
  })
})
