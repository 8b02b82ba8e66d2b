import { expect, test } from 'vitest'
import { byNeed } from './deviceOrder.ts'
import type { DeskDevice } from './wire.ts'

const phone = (device: string, values: Partial<DeskDevice>) =>
  ({ ...{ device, person: device, revoked: false, missing: 0 }, ...values }) as DeskDevice

test('who owes comes first, then who was never heard, then the longest silent, the revoked last', () => {
  const phones = [
    phone('revoked', { revoked: true, missing: 9, last_contact: null }),
    phone('today', { last_contact: 9000 }),
    phone('last-week', { last_contact: 1000 }),
    phone('never', { last_contact: null }),
    phone('owes-one', { missing: 1, last_contact: 9000 }),
    phone('owes-three', { missing: 3, last_contact: 9000 }),
  ]
  const order = phones.sort(byNeed((person) => person)).map(({ device }) => device)
  expect(order).toEqual(['owes-three', 'owes-one', 'never', 'last-week', 'today', 'revoked'])
})
