// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, expect, test, vi } from 'vitest'
import { RouterView } from 'vue-router'
import { fakeApp } from '../tests/fakeApp.ts'
import { createPages } from './router.ts'
import { createText } from './text/index.ts'

vi.mock('./pages/office/routes.ts', () => ({
  openDesk: () => Promise.reject(new TypeError('Failed to fetch')),
}))

afterEach(() => vi.restoreAllMocks())

async function goToTheDesk() {
  const text = createText()
  const pages = createPages(fakeApp().app, text)
  const told: unknown[] = []
  pages.onError((error) => told.push(error))
  const page = mount(RouterView, { global: { plugins: [text, pages] } })
  await pages.push('/office/queue').catch(() => undefined)
  return { told, page }
}

test('without signal the desk that cannot be fetched is no surprise', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  const { told, page } = await goToTheDesk()
  expect(told).toEqual([])
  expect(page.text()).toContain('现在没信号')
})

test('with signal it is one', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(true)
  const { told, page } = await goToTheDesk()
  expect(told).toHaveLength(1)
  expect(page.text()).toBe('')
})

test.each(['/report', '/camera/1', '/draft/1', '/map', '/patrol'])(
  'who was not asked about places is asked before %s, and comes there afterwards',
  async (path) => {
    const fake = fakeApp()
    const pages = createPages(fake.app, createText())
    delete fake.agreed.place
    delete fake.agreed.track
    await pages.push(path)
    expect(pages.currentRoute.value).toMatchObject({ name: 'consent', query: { to: path } })
    Object.assign(fake.agreed, { place: false, track: false })
    await pages.push(path)
    expect(pages.currentRoute.value.path).toBe(path)
  },
)
