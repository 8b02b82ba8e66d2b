import { expect, test } from 'vitest'
import { figureOf, momentOf, momentWords } from './typed.ts'

test('figures, a chainage among them; what is none stays', () => {
  expect(['', ' 5.25 ', '－3', '１２', 'K5+860', '5+860.5'].map(figureOf)).toEqual([
    null,
    5.25,
    -3,
    12,
    5860,
    5860.5,
  ])
  expect(['五米', '5.', '1e3', '5,2'].map(figureOf)).toEqual(['五米', '5.', '1e3', '5,2'])
})

test('moments in China, read as they are written', () => {
  const at = Date.parse('2026-11-23T06:10:00+08:00')
  const same = ['2026-11-23 06:10', '2026-11-23 6:10', '2026年11月23日 6时10分', '2026/11/23T06:10']
  expect(same.map(momentOf)).toEqual(same.map(() => at))
  expect(momentWords(at)).toBe('2026-11-23 06:10')
  expect(momentWords(momentOf('2026-11-23')!)).toBe('2026-11-23')
  expect(momentWords(at + 7_000)).toBe('2026-11-23 06:10:07')
  expect(momentOf(momentWords(at + 7_000))).toBe(at + 7_000)
  expect(['2026-11-23 24:00', '2026-02-30 06:10', '明天', '06:10'].map(momentOf)).toEqual(
    Array(4).fill(null),
  )
})
