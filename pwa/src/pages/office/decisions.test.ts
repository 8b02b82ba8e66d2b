import type { Receipt } from '@hushui/sync'
import { describe, expect, test } from 'vitest'
import { outcomeOf, toldOf, type Decided, type Outcome } from './decisions.ts'
import type { Row } from './wire.ts'

const rows = ['a', 'b', 'c'].map((record) => ({ record }) as Row)
const receipt = (values: Partial<Receipt>) => ({ code: null, op: null, ...values }) as Receipt

describe('what the office made of a decision', () => {
  test('applied is done, noop was so already', () => {
    expect(outcomeOf(receipt({ verdict: 'applied' }), rows)).toEqual({ what: 'done' })
    expect(outcomeOf(receipt({ verdict: 'noop', code: 'already' }), rows)).toEqual({ what: 'same' })
  })

  test('a batch that was refused names the first record that could not be taken', () => {
    const told = receipt({ verdict: 'refused', code: 'decided', op: 1 })
    expect(outcomeOf(told, rows)).toEqual({ what: 'refused', code: 'decided', culprit: rows[1] })
  })

  test('a single one is itself the culprit', () => {
    const told = receipt({ verdict: 'held', code: 'older_version' })
    const [one] = rows
    expect(outcomeOf(told, rows.slice(0, 1))).toMatchObject({ what: 'held', culprit: one })
  })
})

describe('what is told', () => {
  const decided = (key: string, group: string, outcome: Outcome, row: Row | undefined): Decided =>
    ({ key, group, outcome, rows: row ? [row] : [] }) as unknown as Decided
  const done = { what: 'done' } as const
  const refused = { what: 'refused', code: 'decided', culprit: null } as const

  test('lines of one decision that went the same way are one', () => {
    const told = toldOf([decided('1', 'g', done, rows[0]), decided('2', 'g', done, rows[1])])
    expect(told?.rows.map(({ record }) => record)).toEqual(['a', 'b'])
  })

  test('trouble comes first', () => {
    const told = toldOf([decided('1', 'g', done, rows[0]), decided('2', 'g', refused, rows[1])])
    expect(told?.key).toBe('2')
  })

  test('what is still on its way is not spoken of', () => {
    expect(toldOf([decided('1', 'g', { what: 'sending' }, rows[0])])).toBeNull()
  })
})
