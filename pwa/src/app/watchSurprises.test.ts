// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createApp, defineComponent, h, nextTick, onMounted, ref } from 'vue'
import { surprisesKept } from './surprises.ts'
import { watchSurprises } from './watchSurprises.ts'

type Show = Parameters<typeof watchSurprises>[1]

const PLAIN = '这一步没做成。'
const unwatch: (() => void)[] = []
let pressed = true

beforeEach(() => {
  localStorage.clear()
  document.body.innerHTML = '<div id="app"></div>'
  pressed = true
  vi.stubGlobal('navigator', {
    get userActivation() {
      return { isActive: pressed }
    },
  })
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => {
  for (const stop of unwatch.splice(0)) stop()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

/** The app around one component, with what it shows of surprises. */
function started(component: object, show: Show) {
  const add = vi.spyOn(window, 'addEventListener')
  const vue = createApp(component)
  const tell = watchSurprises(vue, show, () => PLAIN)
  for (const [name, listener] of add.mock.calls) {
    unwatch.push(() => window.removeEventListener(name, listener as EventListener))
  }
  add.mockRestore()
  vue.mount('#app')
  unwatch.push(() => vue.unmount())
  return tell
}

const still = () => h('p', 'page')
const shown = () => {
  const closes: (() => void)[] = []
  const show = vi.fn<Show>(async (_, closed) => void closes.push(closed))
  return { show, close: () => closes.pop()?.() }
}
const said = () => surprisesKept().map(({ what }) => what.split(' ').slice(0, 2).join(' '))

const room = () => document.documentElement.style.getPropertyValue('--hs-told')

function rejects(reason: unknown): void {
  const event = Object.assign(new Event('unhandledrejection'), { reason })
  window.dispatchEvent(event)
}

it('an error of a press, a drawing or a beginning is told and noted', async () => {
  for (const [what, component] of Object.entries({
    press: () => h('button', { onClick: () => fail('press') }),
    drawing: () => fail('drawing'),
    beginning: defineComponent({
      setup() {
        onMounted(() => fail('beginning'))
        return still
      },
    }),
    promise: () => h('button', { onClick: () => Promise.reject(new Error('promise')) }),
  })) {
    document.body.innerHTML = '<div id="app"></div>'
    const { show } = shown()
    started(component, show)
    document.querySelector('button')?.click()
    await nextTick()
    expect([what, show.mock.calls.length, said()[0]]).toEqual([what, 1, `Error ${what}`])
    for (const stop of unwatch.splice(0)) stop()
  }
})

it('so is a promise that nobody waited for, and an error outside of any page', () => {
  const { show, close } = shown()
  started(still, show)
  rejects(new TypeError('nobody'))
  close()
  window.dispatchEvent(new ErrorEvent('error', { error: new Error('outside') }))
  expect(show).toHaveBeenCalledTimes(2)
  expect(said()).toEqual(['Error outside', 'TypeError nobody'])
})

it('what the app called off itself, and an event without an error, are none', () => {
  const { show } = shown()
  started(still, show)
  rejects(new DOMException('called off', 'AbortError'))
  window.dispatchEvent(new ErrorEvent('error', { message: 'ResizeObserver loop' }))
  expect(show).not.toHaveBeenCalled()
  expect(surprisesKept()).toEqual([])
})

it('one note stands at a time, and what fails by itself again is told once', async () => {
  const { show, close } = shown()
  const tell = started(still, show)
  const error = new Error('again')
  tell(error)
  tell(error)
  tell(new Error('another'))
  expect(document.body.firstElementChild?.nextElementSibling?.id).toBe('app')
  expect(show).toHaveBeenCalledTimes(1)
  close()
  expect(document.body.firstElementChild?.id).toBe('app')
  pressed = false
  tell(error)
  expect(show).toHaveBeenCalledTimes(1)
  pressed = true
  tell(error)
  expect(show).toHaveBeenCalledTimes(2)
  expect(surprisesKept().map(({ times }) => times)).toEqual([4, 1])
})

it('where the note cannot be shown the words stand there plainly, and go when pressed', async () => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(31)
  const tell = started(still, () => Promise.reject(new TypeError('no such chunk')))
  tell(new Error('first'))
  await nextTick()
  await nextTick()
  const words = document.querySelector<HTMLElement>('[role=alert]')
  expect(words?.textContent).toBe(PLAIN)
  expect(room()).toBe('31px')
  expect(document.querySelector('#app')?.textContent).toBe('page')
  words?.click()
  expect(document.querySelector('[role=alert]')).toBeNull()
  expect(room()).toBe('0px')
})

it('while the note is on its way the words stand there, and can be pressed away', async () => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(31)
  let fails: (error: Error) => void = () => undefined
  const show = vi.fn<Show>(() => new Promise((_, reject) => (fails = reject)))
  const tell = started(still, show)
  tell(new Error('first'))
  const alert = () => document.querySelector<HTMLElement>('[role=alert]')
  expect([alert()?.textContent, room()]).toEqual([PLAIN, '31px'])
  alert()?.click()
  expect([alert(), room()]).toEqual([null, '0px'])
  const late = fails
  tell(new Error('second'))
  expect(show).toHaveBeenCalledTimes(2)
  const now = alert()
  now!.textContent = 'the note'
  late(new TypeError('no such chunk'))
  await nextTick()
  await nextTick()
  expect([alert()?.textContent, alert() === now]).toEqual(['the note', true])
})

it('an error of the note itself is not told again', async () => {
  const show = vi.fn<Show>(async () => {
    tell(new Error('of the note'))
    rejects(new Error('and its promise'))
    throw new Error('not shown')
  })
  const tell = started(still, show)
  tell(new Error('first'))
  await nextTick()
  expect(show).toHaveBeenCalledTimes(1)
  expect(said()).toEqual(['Error and', 'Error of', 'Error first'])
})

it('the page goes on with what was typed in it', async () => {
  const typed = ref('')
  const { show } = shown()
  started(
    () =>
      h('form', [
        h('input', { value: typed.value, onInput: () => (typed.value = '水位 3.2') }),
        h('button', { type: 'button', onClick: () => fail('press') }),
      ]),
    show,
  )
  document.querySelector('input')!.dispatchEvent(new Event('input'))
  document.querySelector('button')!.click()
  await nextTick()
  expect(show).toHaveBeenCalled()
  expect(document.querySelector('input')?.value).toBe('水位 3.2')
})

it('a browser that keeps nothing has told all the same', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => '{broken',
    setItem: () => {
      throw new DOMException('no room', 'QuotaExceededError')
    },
  })
  const { show } = shown()
  started(still, show)(new Error('unkept'))
  expect(show).toHaveBeenCalled()
  expect(surprisesKept()).toEqual([])
})

function fail(what: string): never {
  throw new Error(what)
}
