import { expect, test } from 'vitest'
import { asSeen, conflictsOf } from './conflicts.ts'
import type { Body, HistoryLine } from './wire.ts'

const lost = (field: string, value: unknown, entry: string, author: string) => ({
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
} as unknown as Body

const lines = [
  { entry: { id: 'w' }, author: 'zhang', device: 'phone of zhang', at: { corrected: 9 } },
] as unknown as readonly HistoryLine[]

test('each value comes with who wrote it, when and on which phone; what stands comes first', () => {
  const [volume] = conflictsOf(body, lines)
  expect(volume?.field).toBe('volume_m3')
  expect(volume?.sides).toEqual([
    { stamp: 'w', value: 36, author: 'zhang', device: 'phone of zhang', at: 9 },
    { stamp: 'l1', value: 3.6, author: 'li', device: 'phone of li', at: 5 },
    { stamp: 'l2', value: 30, author: 'sun', device: 'phone of sun', at: 5 },
  ])
})

test('an edit against a deletion is a choice too, also where nothing says who deleted', () => {
  expect(conflictsOf(body, lines)[1]?.sides).toEqual([
    { stamp: 'd', value: true, author: null, device: null, at: null },
    { stamp: 'l3', value: false, author: 'li', device: 'phone of li', at: 5 },
  ])
})

test('the decision names the stamp that was on the screen', () => {
  const op = { kind: 'hazard', record: 'r', act: 'settle', set: {}, base: {} } as const
  expect(asSeen(op, 'volume_m3', body).base).toEqual({ volume_m3: 'w' })
  expect(asSeen(op, 'note', body).base).toEqual({ note: null })
})
