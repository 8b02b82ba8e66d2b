import type { Json } from '@hushui/sync'
import { expect, test } from 'vitest'
import { asSeen, conflictsOf } from './conflicts.ts'
import type { Contested, Wrote } from './conflicts.ts'

const lost = (field: string, value: Json, entry: string, author: string) => ({
  ...{ field, value, entry, author, device: `phone of ${author}`, eff: 5, winner: 'w' },
})

const body = {
  fields: { volume_m3: 36 },
  stamps: { volume_m3: 'w', $deleted: 'd' },
  deleted: true,
  conflicts: [
    lost('volume_m3', 3.6, 'l1', 'li'),
    lost('volume_m3', 30, 'l2', 'sun'),
    lost('$deleted', false, 'l3', 'li'),
  ],
} as unknown as Contested

const zhang: Wrote = { author: 'zhang', device: 'phone of zhang', at: 9 }
const wrote = (entry: string) => (entry === 'w' ? zhang : undefined)

test('each value comes with who wrote it, when and on which phone; what stands comes first', () => {
  const [volume] = conflictsOf(body, wrote)
  expect(volume?.field).toBe('volume_m3')
  expect(volume?.sides).toEqual([
    { stamp: 'w', value: 36, author: 'zhang', device: 'phone of zhang', at: 9 },
    { stamp: 'l1', value: 3.6, author: 'li', device: 'phone of li', at: 5 },
    { stamp: 'l2', value: 30, author: 'sun', device: 'phone of sun', at: 5 },
  ])
})

test('an edit against a deletion is a choice too, also where nothing says who deleted', () => {
  expect(conflictsOf(body, wrote)[1]?.sides).toEqual([
    { stamp: 'd', value: true, author: null, device: null, at: null },
    { stamp: 'l3', value: false, author: 'li', device: 'phone of li', at: 5 },
  ])
})

test('the decision names the stamp that was on the screen', () => {
  const op = { kind: 'hazard', record: 'r', act: 'settle', set: {}, base: {} } as const
  expect(asSeen(op, 'volume_m3', body).base).toEqual({ volume_m3: 'w' })
  expect(asSeen(op, 'note', body).base).toEqual({ note: null })
})

test('where the line of what stands is not at hand, the row says who wrote it', () => {
  const stands = { author: 'sun', device: 'phone of sun', eff: 8 }
  const told = { ...lost('volume_m3', 3.6, 'l1', 'li'), stands }
  const [volume] = conflictsOf({ ...body, conflicts: [told] }, () => undefined)
  expect(volume?.sides[0]).toMatchObject({ author: 'sun', device: 'phone of sun', at: 8 })
})

test('the row says nothing of a later value that is only on this phone', () => {
  const told = {
    ...lost('volume_m3', 3.6, 'l1', 'li'),
    stands: { author: 'sun', device: 'p', eff: 8 },
  }
  const contested = { ...body, stamps: { volume_m3: 'mine' }, conflicts: [told] }
  expect(conflictsOf(contested, () => undefined)[0]?.sides[0]).toMatchObject({
    ...{ stamp: 'mine', author: null, at: null },
  })
})
