import { expect, test } from 'vitest'
import { clip, middleLabel, ticks } from './ruler.ts'

test('a patrol stretch has a tick each 100 m and a tall one each 500 m', () => {
  const { small, tall } = ticks(4200, 5100)
  expect(small).toEqual([4200, 4300, 4400, 4600, 4700, 4800, 4900, 5100])
  expect(tall).toEqual([4500, 5000])
})

test('a long line has coarser ticks, never a black comb', () => {
  for (const length of [100, 4_800, 20_000, 100_000, 400_000]) {
    const { small, tall } = ticks(0, length)
    expect(small.length + tall.length).toBeLessThanOrEqual(50)
  }
})

test('the middle label stands on a tall tick away from both ends', () => {
  expect(middleLabel(4200, 7400)).toBe(6000)
  expect(middleLabel(4200, 4450)).toBeUndefined()
})

test('what lies outside the line is cut off', () => {
  expect(
    clip(
      [
        { from: 0, to: 50 },
        { from: 80, to: 300 },
      ],
      100,
      200,
    ),
  ).toEqual([{ from: 100, to: 200 }])
})
