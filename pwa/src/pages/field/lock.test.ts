// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import type { PinDesk } from '../../app.ts'
import LockPage from './LockPage.vue'

function desk(changes: Partial<PinDesk> = {}): PinDesk {
  return {
    pin: ref({ after: 5, until: 0 }),
    check: async () => 0,
    set: async () => undefined,
    setAfter: async () => undefined,
    remove: async () => undefined,
    reset: async () => ({ ok: true }),
    ...changes,
  }
}

async function locked(changes: Partial<PinDesk> = {}) {
  const fake = fakeApp()
  Object.assign(fake.app, { pinDesk: async () => desk(changes), devices: ref([]) })
  const shown = await show(LockPage, {}, fake)
  await flushPromises()
  const press = async (testid: string) => {
    await shown.page
      .get(`[data-testid=${testid}] button, button[data-testid=${testid}]`)
      .trigger('click')
    await flushPromises()
  }
  const type = async (digits: string) => {
    for (const digit of digits) {
      const keys = shown.page.findAll('[data-testid=pin-keypad] button')
      await keys.find((it) => it.text() === digit)?.trigger('click')
    }
    await flushPromises()
  }
  return { ...shown, press, type }
}

it('goes from the PIN to the code of the office and back', async () => {
  const reset = vi.fn<PinDesk['reset']>(async () => ({ ok: true }))
  const { page, press, type } = await locked({ reset })
  await press('lock-forgot')
  expect(page.findAll('[data-testid=pin-keypad] button').length).toBeGreaterThan(9)
  await press('lock-back')
  await press('lock-people')
  await press('lock-back')
  await press('lock-forgot')
  await type('12345678')
  expect(reset).toHaveBeenCalledWith('12345678')
})

it('ends by itself with six digits, and takes nothing while it waits', async () => {
  const check = vi.fn<PinDesk['check']>(async () => 8000)
  const { page, type } = await locked({ check })
  await type('123456')
  expect(check.mock.calls).toEqual([['123456']])
  expect(page.get('[data-testid=pin-wrong]').text()).toContain('8 秒')
  await type('123456')
  expect(check).toHaveBeenCalledOnce()
})

it('asks for its code again until it comes', async () => {
  vi.useFakeTimers()
  const fake = fakeApp()
  const pinDesk = vi
    .fn(async () => desk())
    .mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'))
  Object.assign(fake.app, { pinDesk, devices: ref([]) })
  const { page } = await show(LockPage, {}, fake)
  await vi.advanceTimersByTimeAsync(0)
  expect(pinDesk).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(pinDesk).toHaveBeenCalledTimes(2)
  page.unmount()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(pinDesk).toHaveBeenCalledTimes(2)
  vi.useRealTimers()
})
