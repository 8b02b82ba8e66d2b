import { expect, test } from 'vitest'
import { judged, told, UNSEEN } from './seen.ts'

test('a record opened again is no news, whatever was kept of the last look', () => {
  expect(told(UNSEEN, 2).newer).toBeNull()
})

test('a version that comes while it is open is news, and stays so', () => {
  const seen = told(told(UNSEEN, 1), 2)
  expect(seen.newer).toBe(2)
  expect(told(seen, 2).newer).toBe(2)
})

test('who has begun to judge what was kept is told of the newer one', () => {
  expect(told(judged(UNSEEN, 1), 2).newer).toBe(2)
  expect(told(judged(told(UNSEEN, 2), 2), 2).newer).toBeNull()
})
