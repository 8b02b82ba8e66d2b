import { expect, test } from 'vitest'
import { kinds } from '../generated/kinds.ts'
import { firstAmount } from './amount.ts'

test('which kinds of work begin with their figure', () => {
  const codes = kinds.work.fields.work_kind.choices.map(({ code }) => code)
  const first = Object.fromEntries(codes.map((it) => [it, firstAmount('work', { work_kind: it })]))
  expect(first).toMatchObject({ canal_desilt: 'volume_m3', salvage: 'weight_t' })
  expect(first['pump_overhaul']).toBeUndefined()
  expect(firstAmount('hazard', { types: ['scour'] })).toBeUndefined()
})
