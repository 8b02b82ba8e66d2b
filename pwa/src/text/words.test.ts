// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest'
import deskEn from './desk/en.ts'
import deskZhCN from './desk/zh-CN.ts'
import en from './en.ts'
import rareEn from './rare/en.ts'
import rareZhCN from './rare/zh-CN.ts'
import { addDeskWords, createText, setLanguage } from './index.ts'
import { stateWords } from './state.ts'
import zhCN from './zh-CN.ts'

function leaves(words: object, path = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'string' ? [[path + key, value]] : leaves(value as object, `${path}${key}.`),
  )
}

const chinese = [...leaves(zhCN), ...leaves(rareZhCN), ...leaves(deskZhCN)]
const english = [...leaves(en), ...leaves(rareEn), ...leaves(deskEn)]
const holes = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map((it) => it[1]).sort()

describe('the words', () => {
  test('have the same keys in both languages', () => {
    expect(english.map(([key]) => key)).toEqual(chinese.map(([key]) => key))
  })

  test('stand either with the phone or with the desk', () => {
    const groups = [zhCN, rareZhCN, deskZhCN].flatMap((words) => Object.keys(words))
    const both = groups.filter((group, n) => groups.indexOf(group) !== n)
    expect(both).toEqual([])
  })

  test('take the same values in both languages', () => {
    const inEnglish = new Map(english)
    const wrong = chinese.filter(
      ([key, words]) => String(holes(inEnglish.get(key) ?? '')) !== String(holes(words)),
    )
    expect(wrong).toEqual([])
  })

  test.each([
    ['full-width punctuation after a Chinese character', /[\u4e00-\u9fff][,:;?!()]/],
    ['no flattery, no shouting, no blame', /您|！|失败|非法|异常代码/],
    [
      'a space between Chinese and Latin text or figures',
      /[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]/,
    ],
    ['nothing that the message format would read as its own', /[@|]/],
  ])('keep the rule: %s', (_rule, offence) => {
    expect(chinese.filter(([, words]) => offence.test(words))).toEqual([])
  })
})

test('a state is spelled as everywhere else', () => {
  const { t } = createText().global
  const words = (standing: Parameters<typeof stateWords>[1]) =>
    stateWords((key, values) => t(key, values), standing)
  expect(words({ state: 'draft' })).toBe('草稿')
  expect(words({ state: 'saved_local' })).toBe('已存本机 · 待上传')
  expect(words({ state: 'uploading', done: 3, total: 5 })).toBe('正在上传 3/5')
  expect(words({ state: 'received_partial', missing: 2 })).toBe('单位已收到文字 · 照片还差 2 张')
  expect(words({ state: 'received', time: '14:32' })).toBe('单位已收到 14:32')
  expect(words({ state: 'unaccepted', reason: '别人已经定了' })).toBe('未受理：别人已经定了')
  expect(words({ state: 'returned', reason: '照片太暗' })).toBe('退回补正：照片太暗')
  expect(words({ state: 'photo_lost' })).toBe('照片已丢失（手机）')
})

test('English is fetched when it is chosen', async () => {
  const text = createText()
  expect(text.global.t('tab.duty')).toBe('值班')
  await setLanguage(text, 'en')
  expect(text.global.t('tab.duty')).toBe('Duty')
  expect(document.documentElement.lang).toBe('en')
  await setLanguage(text, 'zh-CN')
  expect(text.global.t('tab.duty')).toBe('值班')
})

describe('the desk', () => {
  test('brings its words in the language spoken', async () => {
    const text = createText()
    await setLanguage(text, 'en')
    expect(text.global.te('signin.login', 'en')).toBe(false)
    await addDeskWords(text, deskZhCN)
    expect(text.global.t('signin.login')).toBe(deskEn.signin.login)
    expect(text.global.t('tab.duty')).toBe('Duty')
  })

  test('has its words after a change of language', async () => {
    const text = createText()
    await addDeskWords(text, deskZhCN)
    expect(text.global.t('signin.login')).toBe('账号')
    await setLanguage(text, 'en')
    expect(text.global.t('signin.login')).toBe(deskEn.signin.login)
    await setLanguage(text, 'zh-CN')
    expect(text.global.t('signin.login')).toBe('账号')
  })

  test('missing its English words for a moment speaks Chinese', async () => {
    const text = createText()
    const opening = setLanguage(text, 'en')
    await addDeskWords(text, deskZhCN)
    expect(text.global.t('signin.login')).not.toBe('signin.login')
    await opening
    expect(text.global.t('signin.login')).toBe(deskEn.signin.login)
  })
})
