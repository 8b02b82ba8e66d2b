import { expect, test } from 'vitest'
import { ableOf, offOf } from './deciding.ts'
import type { Row } from './wire.ts'

const row = (values: object = {}, record = 'r') =>
  ({
    ...{ record, rev: 'e:1' },
    body: { kind: 'work', author: 'zhang', deleted: false, version: 1, review: null, ...values },
  }) as unknown as Row
const judge = { me: 'zhou', own: new Map() }

test('what somebody else wrote can be decided', () => {
  expect(offOf(row(), 'approved', judge)).toBeNull()
})

test('it is said why something cannot be decided', () => {
  expect(offOf(row({ kind: 'photo' }), 'approved', judge)).toEqual({ why: 'notFact' })
  expect(offOf(row({ author: 'zhou' }), 'approved', judge)).toEqual({ why: 'own' })
  expect(offOf(row({ deleted: true }), 'approved', judge)).toEqual({ why: 'deleted' })
  const own = new Map([['r', { stand: 'waiting' as const }]])
  expect(offOf(row(), 'approved', { ...judge, own })).toEqual({ why: 'waiting' })
  const review = { decision: 'approved', version: 1 }
  expect(offOf(row({ review }), 'approved', judge)).toEqual({ why: 'already', stand: 'approved' })
})

test('of several those are decided that can be', () => {
  const rows = [row({}, 'a'), row({ author: 'zhou' }, 'b'), row({ deleted: true }, 'c')]
  expect(ableOf(rows, 'approved', judge).map(({ record }) => record)).toEqual(['a'])
})
