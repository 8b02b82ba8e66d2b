// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createText } from '../text/index.ts'
import HoldButton from './HoldButton.vue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function show() {
  const part = mount(HoldButton, {
    props: { label: '按住 1 秒结束', act: '结束巡查' },
    global: { plugins: [createText()] },
  })
  return { part, button: part.get('button') }
}

const pointerClick = { detail: 1 }
const switchClick = { detail: 0 }

test('held for one second it acts once', async () => {
  const { part, button } = show()
  await button.trigger('pointerdown', { button: 0 })
  vi.advanceTimersByTime(999)
  expect(part.emitted('done')).toBeUndefined()
  vi.advanceTimersByTime(1)
  expect(part.emitted('done')).toHaveLength(1)
  await button.trigger('pointerup')
  await button.trigger('click', pointerClick)
  vi.advanceTimersByTime(5000)
  expect(part.emitted('done')).toHaveLength(1)
})

test('let go too early it does nothing and says how', async () => {
  const { part, button } = show()
  await button.trigger('pointerdown', { button: 0 })
  vi.advanceTimersByTime(600)
  await button.trigger('pointerup')
  await button.trigger('click', pointerClick)
  vi.advanceTimersByTime(1000)
  expect(part.emitted('done')).toBeUndefined()
  expect(button.text()).toContain('松手就取消')
  expect(part.get('[role=status]').text()).toContain('没按够 1 秒')
})

test.each(['pointercancel', 'pointerleave', 'blur'])('%s cancels the hold', async (event) => {
  const { part, button } = show()
  await button.trigger('pointerdown', { button: 0 })
  vi.advanceTimersByTime(600)
  await button.trigger(event)
  vi.advanceTimersByTime(1000)
  expect(part.emitted('done')).toBeUndefined()
})

test.each(['Enter', ' '])(
  'holding the key %j counts, its repeats do not restart it',
  async (key) => {
    const { part, button } = show()
    await button.trigger('keydown', { key })
    vi.advanceTimersByTime(500)
    await button.trigger('keydown', { key, repeat: true })
    vi.advanceTimersByTime(500)
    expect(part.emitted('done')).toHaveLength(1)
  },
)

test('a key pressed shortly does nothing', async () => {
  const { part, button } = show()
  await button.trigger('keydown', { key: 'Enter' })
  vi.advanceTimersByTime(200)
  await button.trigger('keyup', { key: 'Enter' })
  vi.advanceTimersByTime(2000)
  expect(part.emitted('done')).toBeUndefined()
})

test('a switch or screen reader presses, then confirms', async () => {
  const { part, button } = show()
  await button.trigger('click', switchClick)
  expect(part.emitted('done')).toBeUndefined()
  expect(button.text()).toContain('再按一次，结束巡查')
  await button.trigger('click', switchClick)
  expect(part.emitted('done')).toHaveLength(1)
})

test('the question is withdrawn when nobody answers', async () => {
  const { part, button } = show()
  await button.trigger('click', switchClick)
  vi.advanceTimersByTime(8000)
  await button.trigger('click', switchClick)
  expect(part.emitted('done')).toBeUndefined()
})

test('removed while held it acts no more', async () => {
  const { part, button } = show()
  await button.trigger('pointerdown', { button: 0 })
  part.unmount()
  vi.advanceTimersByTime(2000)
  expect(part.emitted('done')).toBeUndefined()
})
