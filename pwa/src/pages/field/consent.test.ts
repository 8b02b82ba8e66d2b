// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { fakeApp, ME, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord } from '../../app.ts'
import ConsentPage from './ConsentPage.vue'
import MapPage from './MapPage.vue'
import { isAbout } from './mine.ts'
import MyDataPage from './MyDataPage.vue'
import PlaceSign from './PlaceSign.vue'
import ReportPage from './ReportPage.vue'

const press = async (page: Awaited<ReturnType<typeof show>>['page'], id: string) => {
  await page.get(`[data-testid=${id}]`).trigger('click')
  await flushPromises()
}

test('only the sign turns location on, so no page does without showing it', () => {
  const folder = join(import.meta.dirname, '..')
  const asking = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(vue|ts)$/.test(name) && !name.endsWith('.test.ts'))
    .filter((name) => readFileSync(join(folder, name), 'utf8').includes('watchPosition'))
  expect(asking).toEqual([join('field', 'PlaceSign.vue')])
})

test.each([
  ['report', ReportPage],
  ['map', MapPage],
] as const)('the %s shows that it is on, and it ends with the page', async (_name, component) => {
  const fake = fakeApp()
  const { page } = await show(component, {}, fake)
  expect(fake.watches.value).toBe(1)
  expect(page.get('[data-testid=place-sign]').text()).toContain('正在取位置')
  page.unmount()
  expect(fake.watches.value).toBe(0)
})

test('stopped by hand, it says so, and a new report takes a place again', async () => {
  const fake = fakeApp()
  const { page } = await show(PlaceSign, {}, fake)
  await press(page, 'place-stop')
  expect(fake.app.placeStopped.value).toBe(true)
  expect(page.text()).toContain('没在取位置')
  await show(PlaceSign, { anew: true }, fake)
  expect(fake.app.placeStopped.value).toBe(false)
})

test('who refused reads that he did', async () => {
  const fake = fakeApp()
  fake.agreed.place = false
  const { page } = await show(PlaceSign, {}, fake)
  expect(page.text()).toBe('没同意记位置')
})

test('the newer answer is the later one, whatever the clock says meanwhile', async () => {
  const before = record({
    ...{ id: 'old', kind: 'consent' },
    fields: { purpose: 'track', given: true, at: Date.UTC(2031, 0) } as HsRecord['fields'],
  })
  const fake = fakeApp([before])
  Object.assign(fake.app, {
    consent: (purpose: string) => (purpose === 'track' ? before : null),
  })
  const { page } = await show(ConsentPage, {}, fake)
  await page.get('[data-testid=refuse-track] button').trigger('click')
  await flushPromises()
  expect(fake.submitted[0]?.ops[0]?.set).toEqual({
    ...{ purpose: 'track', given: false, version: fake.app.notice },
    at: Date.UTC(2031, 0) + 1,
  })
})

test('what is about somebody: what he wrote, added to, or is named in', () => {
  const other = { author: 'other' }
  const set = { by: [{ person: ME }] }
  expect(isAbout(record(), ME)).toBe(true)
  expect(isAbout(record(other), ME)).toBe(false)
  expect(isAbout(record({ ...other, id: ME, kind: 'member' }), ME)).toBe(true)
  expect(isAbout(record({ ...other, fields: set as unknown as HsRecord['fields'] }), ME)).toBe(true)
  expect(isAbout(record({ ...other, adds: [{ author: ME }] as never }), ME)).toBe(true)
  expect(isAbout(record(other), '')).toBe(false)
})

test('a phone that shares files is handed the one file', async () => {
  const shared = vi.fn<(data: ShareData) => Promise<void>>(async () => undefined)
  Object.assign(navigator, { canShare: () => true, share: shared })
  const fake = fakeApp([record()])
  const file = vi.fn(async () => new Blob(['zip']))
  const own = async () => ({ devices: [], lines: [], drafts: [], blobs: [], patrol: null, file })
  Object.assign(fake.app, { upkeep: async () => ({ own }) })
  const { page } = await show(MyDataPage, {}, fake)
  await flushPromises()
  await page.get('[data-testid=mine-share] button').trigger('click')
  await flushPromises()
  expect(file.mock.calls[0]).toMatchObject([{ name: '张河' }, [{ id: 'record' }]])
  expect(shared.mock.calls[0]?.[0].files?.[0]?.name).toBe('护水-张河的数据-2026-11-22.zip')
  expect(page.get('[data-testid=mine-said]').text()).toContain('导出好了')

  shared.mockRejectedValueOnce(new DOMException('closed', 'AbortError'))
  await page.get('[data-testid=mine-share] button').trigger('click')
  await flushPromises()
  expect(page.find('[data-testid=mine-said]').exists()).toBe(false)
})
