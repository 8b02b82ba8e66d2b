// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import CopyText from './CopyText.vue'

const phone = navigator as unknown as Record<string, unknown>
const writeText = vi.fn(async () => undefined)

function phoneThat(share: (() => Promise<void>) | undefined) {
  Object.defineProperty(phone, 'clipboard', { value: { writeText }, configurable: true })
  if (share) Object.defineProperty(phone, 'share', { value: share, configurable: true })
}

afterEach(() => {
  delete phone['share']
  writeText.mockClear()
})

async function shared(share: (() => Promise<void>) | undefined) {
  phoneThat(share)
  const { page } = await show(
    CopyText,
    { text: '七点到八点', title: '发到工作群', shares: true },
    fakeApp(),
  )
  const button = page.find('[data-testid=copy-share]')
  if (button.exists()) await button.trigger('click')
  await flushPromises()
  return page
}

it('goes into another app where the phone can', async () => {
  const share = vi.fn(async () => undefined)
  await shared(share)
  expect(share).toHaveBeenCalledWith({ text: '七点到八点' })
  expect(writeText).not.toHaveBeenCalled()
})

it('is copied where sharing failed, and said to be', async () => {
  const page = await shared(() => Promise.reject(new DOMException('', 'NotAllowedError')))
  expect(writeText).toHaveBeenCalledWith('七点到八点')
  expect(page.text()).toContain('已复制')
})

it('is left alone by whoever closed the sheet again', async () => {
  await shared(() => Promise.reject(new DOMException('', 'AbortError')))
  expect(writeText).not.toHaveBeenCalled()
})

it('has no button that could do nothing', async () => {
  const page = await shared(undefined)
  expect(page.find('[data-testid=copy-share]').exists()).toBe(false)
})
