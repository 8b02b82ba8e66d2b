// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { createText } from '../../text/index.ts'
import { showSurprise } from './surprise.ts'

let keep: () => Promise<boolean>
const reload = vi.fn()
const open = vi.fn()
const leaveRoom = vi.fn()
const stops: (() => void)[] = []

beforeEach(() => {
  document.body.innerHTML = '<div id="note"></div><div id="app"></div>'
  keep = () => Promise.resolve(true)
  reload.mockClear()
  open.mockClear()
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe = () => undefined
      disconnect = () => undefined
    },
  )
  vi.stubGlobal('open', open)
  vi.stubGlobal('location', { reload })
})
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  delete document.documentElement.dataset['surface']
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function shown(page = () => h('p')) {
  const text = createText()
  const route = { component: { render: () => null } }
  const pages = createRouter({
    history: createMemoryHistory(),
    routes: [
      { ...route, path: '/', name: 'duty' },
      { ...route, path: '/cannot-sync', name: 'cannot-sync' },
    ],
  })
  const vue = createApp({ render: page }).use(text).use(pages)
  vue.mount('#app')
  stops.push(() => vue.unmount())
  const box = document.querySelector<HTMLElement>('#note')!
  const closed = vi.fn()
  const around = { context: vue._context, pages, keep: () => keep(), leaveRoom, closed }
  showSurprise(box, around)
  const press = async (name: string) => {
    box.querySelector<HTMLElement>(`[data-testid=surprise-${name}]`)!.click()
    await flushPromises()
  }
  return { box, closed, pages, press, around }
}

it('says what happened, what is safe and what to do, and goes when it is closed', async () => {
  const { box, closed } = shown()
  expect(box.textContent).toContain('这一步没做成。')
  expect(box.textContent).toContain('已存的记录都在。再试一次；还不行，重新打开。')
  expect(leaveRoom).toHaveBeenCalledWith(box.offsetHeight)
  box.querySelector<HTMLElement>('.close')!.click()
  expect(closed).toHaveBeenCalledTimes(1)
  expect(box.textContent).toBe('')
})

it('takes the place of the plain words, and none once they were pressed away', () => {
  const box = document.querySelector<HTMLElement>('#note')!
  box.setAttribute('role', 'alert')
  box.textContent = '先这样说。'
  const pressed = vi.fn()
  box.onclick = pressed
  const { around } = shown()
  box.click()
  expect(box.textContent).toContain('这一步没做成。')
  expect(box.textContent).not.toContain('先这样说。')
  expect([box.getAttribute('role'), pressed.mock.calls.length]).toEqual([null, 0])
  const away = document.createElement('div')
  leaveRoom.mockClear()
  showSurprise(away, around)
  expect([away.textContent, leaveRoom.mock.calls.length]).toEqual(['', 0])
})

it('opens the app anew once the drafts are on the disk', async () => {
  const kept = vi.fn(() => Promise.resolve(true))
  keep = kept
  const { press } = shown()
  await press('reopen')
  expect([kept.mock.calls.length, reload.mock.calls.length]).toEqual([1, 1])
})

it.each([
  ['cannot be written', () => Promise.resolve(false)],
  ['fail', () => Promise.reject(new Error('broken'))],
  ['hang', () => new Promise<boolean>(() => undefined)],
])('drafts that %s are not taken away before the person knows', async (_, how) => {
  vi.useFakeTimers()
  keep = how
  const { box, press } = shown()
  await press('reopen')
  await vi.advanceTimersByTimeAsync(2000)
  expect(reload).not.toHaveBeenCalled()
  expect(box.textContent).toContain('写着的有些还没存上')
  await press('reopen')
  expect(reload).toHaveBeenCalledTimes(1)
})

it('at the desk it is what stands in a field that would go', async () => {
  document.documentElement.dataset['surface'] = 'desk'
  const { box, press } = shown(() => h('textarea', { value: '少一张照片' }))
  await press('reopen')
  expect(reload).not.toHaveBeenCalled()
  expect(box.textContent).toContain('先抄下来')
})

const select = (value: string) => () => {
  const options = ['', 'boat', 'truck'].map((it) => h('option', { value: it }))
  return h('select', { value }, options)
}
const tick = (checked: boolean) => () => h('input', { type: 'checkbox', checked })
const day =
  (value: string, type = 'date') =>
  () =>
    h('input', { type, value })

it.each([
  ['a choice', select('boat'), 0],
  ['a choice not made', select(''), 1],
  ['a tick', tick(true), 0],
  ['no tick', tick(false), 1],
  ['a day', day('2026-11-22'), 0],
  ['no day', day(''), 1],
  ['a time', day('2026-11-22T08:30', 'datetime-local'), 0],
])('at the desk %s counts for what it is', async (_, page, reloads) => {
  document.documentElement.dataset['surface'] = 'desk'
  const { press } = shown(page)
  await press('reopen')
  expect(reload).toHaveBeenCalledTimes(reloads)
})

it('leads to the page for whoever helps; the desk’s page stays as it is', async () => {
  const phone = shown()
  await phone.press('help')
  expect(phone.pages.currentRoute.value.name).toBe('cannot-sync')
  expect(phone.closed).toHaveBeenCalled()
  for (const stop of stops.splice(0)) stop()
  document.body.innerHTML = '<div id="note"></div><div id="app"></div>'
  document.documentElement.dataset['surface'] = 'desk'
  const desk = shown()
  await desk.press('help')
  expect(open).toHaveBeenCalledWith('/cannot-sync', '_blank')
  expect(desk.pages.currentRoute.value.name).not.toBe('cannot-sync')
})
