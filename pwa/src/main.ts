import './older.ts'
import { createApp as createVue } from 'vue'
import { APP } from './app.ts'
import { createApp } from './app/create.ts'
import { keepSurprise, nameOf } from './app/surprises.ts'
import { leaveRoom, watchSurprises } from './app/watchSurprises.ts'
import App from './App.vue'
import { createPages } from './router.ts'
import { createText } from './text/index.ts'
import zhCN from './text/zh-CN.ts'
import './ui/theme/index.ts'

async function start(): Promise<void> {
  const { app, register, keep } = await createApp()
  const text = createText()
  const pages = createPages(app, text)
  const vue = createVue(App).provide(APP, app).use(text).use(pages)
  const { t } = text.global
  const tell = watchSurprises(
    vue,
    async (box, closed) => {
      const { showSurprise } = await import('./pages/shared/surprise.ts')
      showSurprise(box, { context: vue._context, pages, keep, leaveRoom, closed })
    },
    () => t('surprise.fact') + t('surprise.next'),
  )
  // A page that cannot be fetched; the very first one fails in silence otherwise.
  pages.onError(tell)
  vue.mount('#app')
  // After the first picture: it would only take the network from it.
  void register()
}

function fail(error: unknown): void {
  keepSurprise(nameOf(error))
  const place = document.getElementById('app')
  // Of the words alone: what makes texts of them may be what failed.
  if (place) place.textContent = zhCN.start.failed
  throw error
}

start().catch(fail)
