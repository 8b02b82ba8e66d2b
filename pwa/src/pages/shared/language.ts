// The language the person chose, kept on this phone.

import type { Language } from '../../text/index.ts'

const KEY = 'hushui.language'

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language)
  } catch {
    // A browser that keeps nothing starts in Chinese next time.
  }
}

export function rememberedLanguage(): Language {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}
