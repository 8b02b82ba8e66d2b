import { expect, test } from 'vitest'
import { kinds } from '../generated/kinds.ts'
import { amountsOf, firstAmount } from './amount.ts'
import { visible } from './engine.ts'

test('which kinds of work begin with their figure', () => {
  const codes = kinds.work.fields.work_kind.choices.map(({ code }) => code)
  const first = Object.fromEntries(codes.map((it) => [it, firstAmount('work', { work_kind: it })]))
  expect(first).toMatchObject({
    ...{ canal_desilt: 'volume_m3', canal_weed: 'area_m2', salvage: 'weight_t' },
    ...{ line_clear: 'trees', tree_planting: 'trees', emergency_repair: 'stone_m3' },
    ...{ line_patrol: undefined, heavy_lift: undefined },
  })
  expect(first['pump_overhaul']).toBeUndefined()
  expect(firstAmount('hazard', { types: ['scour'] })).toBeUndefined()
})

test('what is weighed has one stepper', () => {
  const own = (kind: 'work' | 'hazard', values: Record<string, unknown>) =>
    visible(kind, values).flatMap(({ fields }) => amountsOf(fields))
  expect(own('work', { work_kind: 'salvage' })).toEqual(['weight_t'])
  expect(own('work', { work_kind: 'pump_platform_desilt' })).toEqual(['volume_m3', 'area_m2'])
  expect(own('hazard', { types: ['masonry_washout'] })).toContain('volume_m3')
})
