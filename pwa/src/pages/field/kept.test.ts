// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { ref } from 'vue'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import MePage from './MePage.vue'

/** What the browser answered when it was asked to keep the storage, and what the page then says. */
async function told(persisted: boolean | null) {
  const fake = fakeApp()
  const storage = ref({ persisted, usage: 1_000_000, quota: 9_000_000 })
  let asked = 0
  Object.assign(fake.app, {
    storage,
    devices: ref([]),
    askPersist: () => {
      asked += 1
      return Promise.resolve(false)
    },
  })
  const { page } = await show(MePage, {}, fake)
  const button = page.find('[data-testid=me-persist] button')
  if (button.exists()) await button.trigger('click')
  return { words: page.text(), asked }
}

describe('whether the browser keeps the storage', () => {
  it('is said, and asked for once more, while it has not promised to', async () => {
    for (const persisted of [false, null]) {
      const { words, asked } = await told(persisted)
      expect(words).toContain('久不用系统会清理')
      expect(asked).toBe(1)
    }
  })

  it('is said when it has', async () => {
    const { words, asked } = await told(true)
    expect(words).toContain('系统答应不清理')
    expect(asked).toBe(0)
  })
})
