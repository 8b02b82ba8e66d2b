import { createI18n } from 'vue-i18n'
import type { Messages } from './shape.ts'
import zhCN from './zh-CN.ts'

export type { Messages }
export type Language = 'zh-CN' | 'en'

/** English is fetched when someone asks for it; every phone carries Chinese. */
export function createText() {
  return createI18n<[Messages], Language, false>({
    legacy: false,
    locale: 'zh-CN',
    fallbackLocale: 'zh-CN',
    messages: { 'zh-CN': zhCN } as Record<Language, Messages>,
  })
}

export type TextPlugin = ReturnType<typeof createText>

export async function setLanguage(text: TextPlugin, language: Language): Promise<void> {
  if (language === 'en') {
    const { default: en } = await import('./en.ts')
    text.global.setLocaleMessage('en', en)
  }
  text.global.locale.value = language
  document.documentElement.lang = language
}
