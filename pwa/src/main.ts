import './older.ts'
import { createApp as createVue } from 'vue'
import { APP } from './app.ts'
import { createApp } from './app/create.ts'
import App from './App.vue'
import { createPages } from './router.ts'
import { createText } from './text/index.ts'
import zhCN from './text/zh-CN.ts'
import './ui/theme/index.ts'

async function start(): Promise<void> {
  const { app, register } = await createApp()
  const text = createText()
  createVue(App).provide(APP, app).use(text).use(createPages(app, text)).mount('#app')
  // After the first picture: it would only take the network from it.
  void register()
}

function fail(error: unknown): void {
  const place = document.getElementById('app')
  // Of the words alone: what makes texts of them may be what failed.
  if (place) place.textContent = zhCN.start.failed
  throw error
}

start().catch(fail)
