// @vitest-environment happy-dom

import { mount } from '@vue/test-utils'
import { defineComponent, h, nextTick } from 'vue'
import { describe, expect, it } from 'vitest'
import { createI18n, useI18n } from './i18n.ts'

const chinese = { home: { title: '值班', left: '还有 {n} 条，{n} 条' }, common: { ok: '好' } }

describe('words', () => {
  it('are found by their key, with names filled in', () => {
    const { t } = createI18n(chinese).global
    expect(t('home.title')).toBe('值班')
    expect(t('home.left', { n: 3 })).toBe('还有 3 条，3 条')
    expect(t('home.left')).toBe('还有  条， 条')
    expect(t('home.left', { n: 0 })).toBe('还有 0 条，0 条')
  })

  it('that are not there are their key, whatever every object has', () => {
    const { t, te } = createI18n(chinese).global
    for (const key of ['home.none', 'home', 'home.title.more', 'constructor', 'home.toString']) {
      expect(t(key)).toBe(key)
      expect(te(key)).toBe(false)
    }
    expect(te('home.title')).toBe(true)
  })

  it('of another language come first, and Chinese where it lacks some', () => {
    const { global } = createI18n(chinese)
    global.mergeLocaleMessage('en', { home: { title: 'Duty' } })
    expect(global.t('home.title')).toBe('值班')
    global.locale.value = 'en'
    expect(global.t('home.title')).toBe('Duty')
    expect(global.t('common.ok')).toBe('好')
    expect(global.t('home.title', {}, 'zh-CN')).toBe('值班')
    expect(global.te('common.ok')).toBe(false)
    expect(global.te('common.ok', 'zh-CN')).toBe(true)
  })

  it('are added branch by branch, and what was given stays as it was', () => {
    const { global } = createI18n(chinese)
    global.mergeLocaleMessage('zh-CN', { home: { title: '今天', more: { a: '甲' } } })
    global.mergeLocaleMessage('zh-CN', { home: { more: { b: '乙' } } })
    expect(
      ['home.title', 'home.left', 'home.more.a', 'home.more.b'].map((it) => global.t(it)),
    ).toEqual(['今天', '还有  条， 条', '甲', '乙'])
    expect(chinese.home.title).toBe('值班')
  })

  it('are drawn again when the language changes, or when more have come', async () => {
    const text = createI18n(chinese)
    const page = mount(
      defineComponent(() => {
        const { t } = useI18n()
        return () => h('p', `${t('home.title')} ${t('late.word')}`)
      }),
      { global: { plugins: [text] } },
    )
    expect(page.text()).toBe('值班 late.word')
    text.global.mergeLocaleMessage('zh-CN', { late: { word: '晚到' } })
    await nextTick()
    expect(page.text()).toBe('值班 晚到')
    text.global.mergeLocaleMessage('en', { home: { title: 'Duty' } })
    text.global.locale.value = 'en'
    await nextTick()
    expect(page.text()).toBe('Duty 晚到')
  })
})
