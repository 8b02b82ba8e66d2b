import { createI18n, type Language } from './i18n.ts'
import type { DeskMessages, Messages } from './shape.ts'
import zhCN from './zh-CN.ts'

export type { Language, Messages }

/** English is fetched when someone asks for it; every phone carries Chinese, the desk's words apart. */
export const createText = () => createI18n(zhCN)

export type TextPlugin = ReturnType<typeof createText>

export async function setLanguage(text: TextPlugin, language: Language): Promise<void> {
  if (language === 'en') {
    const { default: en } = await import('./en.ts')
    text.global.mergeLocaleMessage('en', en)
    if (hasDesk(text)) await addDeskEnglish(text)
  }
  text.global.locale.value = language
  document.documentElement.lang = language
}

/** The desk brings its own words, before its first page is drawn. */
export async function addDeskWords(text: TextPlugin, chinese: DeskMessages): Promise<void> {
  text.global.mergeLocaleMessage('zh-CN', chinese)
  if (text.global.locale.value === 'en') await addDeskEnglish(text)
}

const hasDesk = (text: TextPlugin) => text.global.te('desk.sections', 'zh-CN')

async function addDeskEnglish(text: TextPlugin): Promise<void> {
  const { default: en } = await import('./desk/en.ts')
  text.global.mergeLocaleMessage('en', en)
}
