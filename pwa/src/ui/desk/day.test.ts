import { expect, test } from 'vitest'
import { dayBefore, dayOf, dayWords, nextDay } from './day.ts'

const START = Date.parse('2022-07-08T00:00:00+08:00')

test.each([
  '2022-07-08',
  '2022-7-8',
  '2022/7/8',
  '2022.07.08',
  '20220708',
  '2022年7月8日',
  ' ２０２２－０７－０８ ',
])('%s is the 8th of July', (typed) => expect(dayOf(typed)).toBe(START))

test.each(['', '2022', '2022-02-30', '2022-13-01', '07/08/2022', '7月8日', 'x'])(
  '%s is no day',
  (typed) => expect(dayOf(typed)).toBeNull(),
)

test('it is written as it is typed, from its first to its last moment', () => {
  expect(dayWords(START)).toBe('2022-07-08')
  expect(dayWords(nextDay(START) - 1)).toBe('2022-07-08')
  expect(dayWords(dayBefore(START))).toBe('2022-07-07')
})
