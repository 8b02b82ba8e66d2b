import { createApp } from 'vue'
import deskWords from '../../text/desk/zh-CN.ts'
import { addDeskWords, createText, setLanguage } from '../../text/index.ts'
import Gallery from './Gallery.vue'

// gallery.html?show=home&theme=night&lang=en&size=200
const asked = new URLSearchParams(location.search)
const root = document.documentElement
root.dataset['theme'] = asked.get('theme') ?? 'day'
if (asked.get('show')?.startsWith('desk')) root.dataset['surface'] = 'desk'
const size = asked.get('size')
if (size) root.style.fontSize = `${size}%`

const text = createText()
await addDeskWords(text, deskWords)
if (asked.get('lang') === 'en') await setLanguage(text, 'en')
createApp(Gallery, { show: asked.get('show') ?? 'parts' })
  .use(text)
  .mount('#app')
