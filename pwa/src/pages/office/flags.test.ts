import { expect, test } from 'vitest'
import { kinds, type Kind } from '../../generated/kinds.ts'
import en from '../../text/desk/en.ts'
import zhCN from '../../text/desk/zh-CN.ts'
import { isFact } from '../shared/facts.ts'

const all: readonly Kind[] = Object.values(kinds)
const doubts = all
  .filter(({ code }) => isFact(code))
  .flatMap(({ code, rules, guards }) =>
    [...rules, ...guards].filter((it) => it.effect === 'ask').map((it) => [code, it.code] as const),
  )

test.each(doubts)('%s: the desk has a short name for the doubt %s', (_, code) => {
  expect(zhCN.office.flagName).toHaveProperty(code)
  expect(en.office.flagName).toHaveProperty(code)
})
