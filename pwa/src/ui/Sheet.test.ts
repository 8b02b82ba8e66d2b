// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { nextTick } from 'vue'
import { createText } from '../text/index.ts'
import Sheet from './Sheet.vue'

async function show() {
  document.body.innerHTML = '<button id="opener">更多</button>'
  const opener = document.getElementById('opener')
  opener?.focus()
  const sheet = mount(Sheet, {
    props: { open: false, title: '更多种类' },
    slots: { default: '<button id="inside">决口</button>' },
    global: { plugins: [createText()], stubs: { transition: true } },
    attachTo: document.body,
  })
  await sheet.setProps({ open: true })
  await nextTick()
  const dialog = document.querySelector<HTMLElement>('[role=dialog]')
  if (!dialog) throw new Error('no dialog')
  return { sheet, dialog, opener }
}

const key = (name: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more })

test('takes the focus and gives it back', async () => {
  const { sheet, dialog, opener } = await show()
  expect(document.activeElement).toBe(dialog)
  await sheet.setProps({ open: false })
  await nextTick()
  expect(document.activeElement).toBe(opener)
  sheet.unmount()
})

test('keeps the Tab key inside', async () => {
  const { sheet, dialog } = await show()
  const inside = document.getElementById('inside')
  const close = dialog.querySelector<HTMLElement>('[aria-label="关上"]')
  inside?.focus()
  inside?.dispatchEvent(key('Tab'))
  expect(document.activeElement).toBe(close)
  close?.dispatchEvent(key('Tab', { shiftKey: true }))
  expect(document.activeElement).toBe(inside)
  sheet.unmount()
})

test('Escape and a tap beside it close it', async () => {
  const { sheet, dialog } = await show()
  dialog.dispatchEvent(key('Escape'))
  document.querySelector<HTMLElement>('.cover')?.click()
  expect(sheet.emitted('close')).toHaveLength(2)
  sheet.unmount()
})

test('has the focus again when what had it goes away', async () => {
  const { sheet, dialog } = await show()
  const inside = document.getElementById('inside')
  inside?.focus()
  expect(document.activeElement).toBe(inside)
  inside?.remove()
  await vi.waitFor(() => expect(document.activeElement).toBe(dialog))
  sheet.unmount()
})
