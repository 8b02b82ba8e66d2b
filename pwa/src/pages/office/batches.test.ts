import { describe, expect, test } from 'vitest'
import { batches, isStep, reviewOp } from './batches.ts'
import type { Decision } from '../../app.ts'
import type { Row } from './wire.ts'

interface Told {
  readonly version?: number
  readonly decision?: Decision
  readonly judged?: number
}

function row(record: string, { version = 1, decision, judged = version }: Told = {}): Row {
  const review =
    decision === undefined
      ? null
      : { decision, version: judged, reason: '', points: [], by: 'x', entry: 'seen', at: 1 }
  return { record, rev: 'e:1', body: { version, review } as unknown as Row['body'] }
}

const many = (count: number) => Array.from({ length: count }, (_, n) => row(`r${n}`))

describe('several decisions at once', () => {
  test('32 fit into one line, one more needs a second', () => {
    expect(batches(many(32), 'approved').map((line) => line.length)).toEqual([32])
    expect(batches(many(33), 'approved').map((line) => line.length)).toEqual([32, 1])
    expect(batches(many(70), 'returned').map((line) => line.length)).toEqual([32, 32, 6])
    expect(batches([], 'approved')).toEqual([])
  })

  test('what cannot take this step is left out', () => {
    const rows = [row('a'), row('b', { decision: 'approved' }), row('c', { decision: 'rejected' })]
    expect(
      batches(rows, 'approved')
        .flat()
        .map(({ record }) => record),
    ).toEqual(['a'])
    expect(batches(rows, 'returned').flat()).toHaveLength(3)
  })

  test('a newer version waits again, whatever was decided about the one before', () => {
    const rows = [row('a', { version: 2, decision: 'approved', judged: 1 })]
    expect(batches(rows, 'approved').flat()).toHaveLength(1)
  })
})

test('nothing goes back to waiting, and no decision is made twice', () => {
  expect(isStep('approved', 'approved')).toBe(false)
  expect(isStep('rejected', 'approved')).toBe(false)
  expect(isStep('returned', 'approved')).toBe(true)
})

describe('the op of a review', () => {
  test('names the version judged and that no decision was seen', () => {
    const op = reviewOp('id', row('a', { version: 3 }), {
      ...{ decision: 'approved', reason: null, points: [] },
    })
    expect(op).toEqual({
      ...{ kind: 'review', record: 'id', act: 'put', base: { $review: null } },
      set: { target: 'a', version: 3, decision: 'approved' },
    })
  })

  test('names the decision that was seen, the reason and what to mend', () => {
    const op = reviewOp('id', row('a', { decision: 'approved' }), {
      ...{ decision: 'returned', reason: '数值对不上', points: [{ field: 'length_m' }] },
    })
    expect(op.base).toEqual({ $review: 'seen' })
    expect(op.set).toMatchObject({ reason: '数值对不上', points: [{ field: 'length_m' }] })
  })
})
