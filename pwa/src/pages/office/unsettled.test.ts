import { expect, test } from 'vitest'
import { itemsOf } from './unsettled.ts'
import type { UnacceptedLine } from './wire.ts'

const line = (entry: string | null, received: number, waits: string | null = null) =>
  ({ device: 'd', n: received, received, receipt: { entry, waits } }) as UnacceptedLine

const told = (...lines: UnacceptedLine[]) =>
  itemsOf(lines).map((it) => [it.line.receipt.entry, it.waiting])

test('what waits for a line is one item with it, however long the chain', () => {
  expect(told(line('b', 3, 'a'), line('a', 2), line('c', 1, 'b'))).toEqual([['a', 2]])
})

test('what waits for something that is not here stands for itself, and the oldest comes first', () => {
  expect(told(line('b', 5, 'gone'), line('a', 2), line(null, 1))).toEqual([
    [null, 0],
    ['a', 0],
    ['b', 0],
  ])
})

test('lines that wait for each other end the walk', () => {
  expect(told(line('a', 1, 'b'), line('b', 2, 'a')).length).toBeGreaterThan(0)
})
