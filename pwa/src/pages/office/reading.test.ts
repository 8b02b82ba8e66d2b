import { describe, expect, test } from 'vitest'
import { filterOf, queryOf } from './query.ts'
import { merged, NO_FILTER } from './reading.ts'
import type { ListedRow } from './wire.ts'

const list = (more: boolean, ...ids: readonly string[]) => ({
  more,
  records: ids.map((record) => ({ record }) as ListedRow),
})

describe('lists of several kinds', () => {
  test('are one list, newest first', () => {
    const { rows, after } = merged([list(false, 'd', 'a'), list(false, 'c', 'b')])
    expect(rows.map(({ record }) => record)).toEqual(['d', 'c', 'b', 'a'])
    expect(after).toBeNull()
  })

  test('end where the first kind that has more ends, so that nothing is left out between', () => {
    const { rows, after } = merged([list(true, 'f', 'd'), list(false, 'e', 'c'), list(true, 'b')])
    expect(rows.map(({ record }) => record)).toEqual(['f', 'e', 'd'])
    expect(after).toBe('d')
  })
})

describe('the filter in the address', () => {
  test('comes back as it went', () => {
    const filter = {
      ...NO_FILTER,
      kind: 'hazard',
      person: '0'.repeat(26),
      from: 5,
      q: '桥',
    } as const
    const query = queryOf(filter, 'returned')
    expect(query['state']).toBe('returned')
    expect(filterOf(query as never)).toEqual(filter)
  })

  test('forgets what makes no sense', () => {
    expect(filterOf({ kind: 'review', zone: 'x', from: '-1', to: 'soon' })).toEqual(NO_FILTER)
    expect(queryOf(NO_FILTER, 'pending')).toEqual({})
  })
})
