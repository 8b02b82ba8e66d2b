// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createText } from '../text/index.ts'
import UndoBar from './UndoBar.vue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const show = () =>
  mount(UndoBar, { props: { words: '已记“正常”' }, global: { plugins: [createText()] } })

test('goes by itself after ten seconds', async () => {
  const bar = show()
  await vi.advanceTimersByTimeAsync(2000)
  expect(bar.get('button').text()).toBe('撤销 8 秒')
  await vi.advanceTimersByTimeAsync(7999)
  expect(bar.emitted('gone')).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(bar.emitted('gone')).toHaveLength(1)
})

test('waits while it is focused', async () => {
  const bar = show()
  await vi.advanceTimersByTimeAsync(3000)
  await bar.get('button').trigger('focusin')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(bar.emitted('gone')).toBeUndefined()
  await bar.get('button').trigger('focusout')
  await vi.advanceTimersByTimeAsync(7000)
  expect(bar.emitted('gone')).toHaveLength(1)
})

test('undone, it does not go a second time', async () => {
  const bar = show()
  await bar.get('button').trigger('click')
  await vi.advanceTimersByTimeAsync(20_000)
  expect(bar.emitted('undo')).toHaveLength(1)
  expect(bar.emitted('gone')).toBeUndefined()
})

test('says what was noted once, without the running count', () => {
  expect(show().get('[role=status]').text()).toBe('已记“正常”')
})
