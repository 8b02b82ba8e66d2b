import { describe, expect, test } from 'vitest'
import { EMPTY, queue, type Queue, type QueueEvent } from './queueKeys.ts'

const after = (...events: readonly QueueEvent[]): Queue => events.reduce(queue, EMPTY)
const rows = (...ids: readonly string[]): QueueEvent => ({ type: 'rows', ids })
const marks = ({ marked }: Queue) => [...marked].sort()

describe('standing in the queue', () => {
  test('one stands on the first row', () => {
    expect(after(rows('c', 'b', 'a')).current).toBe('c')
    expect(after(rows()).current).toBeNull()
  })

  test('moving stops at both ends', () => {
    const state = after(rows('c', 'b'), { type: 'move', by: -1 })
    expect(state.current).toBe('c')
    expect(queue(queue(state, { type: 'move', by: 1 }), { type: 'move', by: 1 }).current).toBe('b')
  })

  test('new rows above do not move the reader', () => {
    const state = after(rows('c', 'b', 'a'), { type: 'go', id: 'b' }, rows('e', 'd', 'c', 'b', 'a'))
    expect(state.current).toBe('b')
  })

  test('what is decided leaves, and one stands on the next below, at the end on the one above', () => {
    const state = after(rows('c', 'b', 'a'), { type: 'go', id: 'b' })
    const left = queue(state, { type: 'left', ids: ['b'] })
    expect(left.current).toBe('a')
    expect(queue(left, { type: 'left', ids: ['a'] }).current).toBe('c')
    expect(queue(left, { type: 'left', ids: ['a', 'c'] }).current).toBeNull()
  })

  test('several that leave at once are skipped', () => {
    const state = after(rows('d', 'c', 'b', 'a'), { type: 'go', id: 'd' })
    expect(queue(state, { type: 'left', ids: ['d', 'c', 'b'] }).current).toBe('a')
  })
})

describe('marking', () => {
  test('a mark is put and taken away', () => {
    const state = after(rows('b', 'a'), { type: 'toggle', id: 'a' })
    expect(marks(state)).toEqual(['a'])
    expect(marks(queue(state, { type: 'toggle', id: 'a' }))).toEqual([])
  })

  test('a range goes from the last mark, either way', () => {
    const state = after(rows('d', 'c', 'b', 'a'), { type: 'toggle', id: 'c' })
    expect(marks(queue(state, { type: 'range', id: 'a' }))).toEqual(['a', 'b', 'c'])
    expect(marks(queue(state, { type: 'range', id: 'd' }))).toEqual(['c', 'd'])
  })

  test('a range without a mark before begins where one stands', () => {
    const state = after(rows('d', 'c', 'b'), { type: 'range', id: 'b' })
    expect(marks(state)).toEqual(['b', 'c', 'd'])
  })

  test('extending marks what one passes and walks on', () => {
    const state = after(rows('c', 'b', 'a'), { type: 'extend', by: 1 }, { type: 'extend', by: 1 })
    expect(state.current).toBe('a')
    expect(marks(state)).toEqual(['a', 'b', 'c'])
    expect(queue(state, { type: 'extend', by: 1 })).toBe(state)
  })

  test('a marked row that goes takes its mark with it', () => {
    const state = after(rows('c', 'b', 'a'), { type: 'all' }, rows('c', 'a'))
    expect(marks(state)).toEqual(['a', 'c'])
    expect(marks(queue(state, { type: 'none' }))).toEqual([])
  })
})
