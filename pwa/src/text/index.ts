import { createI18n, type MessageCompiler, type MessageContext } from 'vue-i18n'
import type { DeskMessages, Messages } from './shape.ts'
import zhCN from './zh-CN.ts'

export type { Messages }
export type Language = 'zh-CN' | 'en'

/** English is fetched when someone asks for it; every phone carries Chinese, the desk's words apart. */
export function createText() {
  return createI18n<[Messages], Language, false>({
    legacy: false,
    locale: 'zh-CN',
    fallbackLocale: 'zh-CN',
    messageCompiler: withNames,
    // A copy: what the desk brings is written into it.
    messages: { 'zh-CN': JSON.parse(JSON.stringify(zhCN)) } as Record<Language, Messages>,
  })
}

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

/**
 * {name} in braces is all the formatting our words need: the library's own compiler stays out, 5 KiB
 * that no phone has to fetch.
 */
const withNames: MessageCompiler =
  (message) =>
  ({ named }: MessageContext) =>
    String(message).replace(/\{(\w+)\}/g, (_, name: string) => String(named(name) ?? ''))
