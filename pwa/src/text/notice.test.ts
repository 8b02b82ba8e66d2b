import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { NOTICE } from '../app/consent.ts'
import en from './rare/en.ts'
import zhCN from './rare/zh-CN.ts'

/** What people agreed to stays as they read it: other words are another version, added here. */
const WORDS: Readonly<Record<string, string>> = {
  '2026-11': '99a47effa86820e4',
}

test('the notice says what its version said when people were asked', () => {
  const words = JSON.stringify([zhCN.notice, en.notice])
  expect(createHash('sha256').update(words).digest('hex').slice(0, 16)).toBe(WORDS[NOTICE])
})
