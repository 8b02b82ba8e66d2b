import { expect, test } from 'vitest'
import { createText } from '../text/index.ts'
import { accuracyWords } from './accuracy.ts'

test.each([
  [7.6, '准到 8 米'],
  [15, '准到 15 米'],
  [15.1, '大致，差 15 米以内'],
  [50, '大致，差 50 米以内'],
  [300, '不准，可能差 300 米'],
])('%s m is %s', (acc, words) => {
  const { t } = createText().global
  expect(accuracyWords((key, values) => t(key, values), acc)).toBe(words)
})
