// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { beforeEach, expect, it, vi } from 'vitest'
import { reactive, ref } from 'vue'
import { fakeApp, show } from '../../../tests/fakeApp.ts'
import type { HsRecord } from '../../app.ts'
import ScanPage from './ScanPage.vue'

const sees = vi.hoisted(() => {
  const code: (text: string) => void = () => undefined
  return { code, isOver: false }
})
vi.mock('../../capture/scan.ts', () => ({
  scan: (_video: unknown, onText: (text: string) => void) => {
    sees.code = onText
    sees.isOver = false
    return () => (sees.isOver = true)
  },
}))
beforeEach(() => (sees.code = () => undefined))

const point = (id: string, number: number, zone: string) =>
  ({
    ...{ id, kind: 'checkpoint', deleted: false, conflicts: [] },
    fields: { zone, number, name: `点${number}`, code: `NBH-${zone}-0${number}` },
  }) as unknown as HsRecord

async function scanning(outcome: object = { ok: true, camera: camera() }) {
  const fake = fakeApp([point('five', 5, 'Z03'), point('six', 6, 'Z03'), point('far', 5, 'Z05')])
  const active = reactive({
    ...{ record: 'patrol', zone: 'Z03', started: 0, gaps: [], track: [] },
    visits: [{ type: 'visit', checkpoint: 'six', at: 0, result: 'normal' }],
  })
  const visit = vi.fn().mockResolvedValue({ n: 1, entry: 'entry', hash: 'hash', wall: 0 })
  Object.assign(fake.app, { patrol: { active: ref(active), visit } })
  Object.assign(fake.app, { photos: { ...fake.app.photos, openCamera: async () => outcome } })
  const { page, router } = await show(ScanPage, {}, fake)
  await flushPromises()
  const type = async (text: string) => {
    await page.get('[data-testid=scan-typed] input').setValue(text)
    await page.get('[data-testid=scan-sign] button').trigger('click')
    await flushPromises()
  }
  const see = async (text: string) => {
    sees.code(text)
    await flushPromises()
  }
  const said = () => page.find('[data-testid=scan-wrong]')
  return { page, router, visit, type, see, said }
}

const camera = () => ({ torch: ref(null), close: () => undefined })

it('signs at the point of the zone and says it was the code', async () => {
  const { see, visit } = await scanning()
  await see('NBH-Z03-05')
  expect(visit.mock.calls).toEqual([['five', 'normal', 'code']])
})

it.each([
  ['NBH-Z05-05', '不在这一遍的责任区里'],
  ['https://example.org/', '不是这里巡查点的码'],
  ['NBH-Z03-06', '签过了'],
])('signs nothing and says why: %s', async (text, words) => {
  const { see, visit, said } = await scanning()
  await see(text)
  expect(said().text()).toContain(words)
  expect(visit).not.toHaveBeenCalled()
})

it('signs once, however often the camera sees it', async () => {
  const { see, visit } = await scanning()
  await Promise.all([see('NBH-Z03-05'), see('NBH-Z03-05')])
  await see('NBH-Z03-05')
  expect(visit).toHaveBeenCalledOnce()
})

it('may try again what could not be written', async () => {
  const { page, see, visit } = await scanning()
  visit.mockRejectedValueOnce(new Error('disk'))
  await see('NBH-Z03-05')
  expect(page.find('[data-kind=error], [role=alert]').exists()).toBe(true)
  await see('NBH-Z03-05')
  expect(visit).toHaveBeenCalledTimes(2)
})

it.each([
  ['refused', '没给相机权限'],
  ['none', '打不开相机'],
  ['busy', '占着'],
])('without a camera (%s) the number does it', async (reason, words) => {
  const { page, type, visit, said } = await scanning({ ok: false, reason })
  expect(page.get('[data-testid=scan-no-camera]').text()).toContain(words)
  await type('99')
  expect(said().text()).toContain('没有这个编号')
  await type('5')
  expect(visit.mock.calls).toEqual([['five', 'normal', 'typed']])
})

it('lets go of the camera when the page goes', async () => {
  const { page } = await scanning()
  page.unmount()
  expect(sees.isOver).toBe(true)
})
