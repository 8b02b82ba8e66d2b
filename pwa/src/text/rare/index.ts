import { useI18n } from '../i18n.ts'
import en from './en.ts'
import zhCN from './zh-CN.ts'

/** `useI18n` with the words of the pages after the first, also for what stands in such a page. */
export function useRareWords() {
  const i18n = useI18n()
  // Once: in the middle of a page's drawing, new words would have it drawn within itself.
  if (!i18n.te('people.title', 'zh-CN')) {
    i18n.mergeLocaleMessage('zh-CN', zhCN)
    i18n.mergeLocaleMessage('en', en)
  }
  return i18n
}
