// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import type { HsRecord, Position } from '../../app.ts'
import CameraStamp from './CameraStamp.vue'
import DraftPage from './DraftPage.vue'
import RecordPage from './RecordPage.vue'
import ReportPage from './ReportPage.vue'
import SavedPage from './SavedPage.vue'
import TasksPage from './TasksPage.vue'

const zoneOf = (id: string, code: string, name: string) =>
  record({ id, kind: 'zone', fields: { code, name } as unknown as HsRecord['fields'] })
const ZONES = [
  zoneOf('north', '220300-NBH-Z01', '北河'),
  zoneOf('south', '220300-NBH-Z03', '南河中段'),
  zoneOf('lake', '220300-NBH-Z05', '西湖湿地'),
]
const hazard = (fields: object) =>
  record({ fields: { types: ['piping'], nature: 'acute', ...fields } as HsRecord['fields'] })
const AT_LAKE = { zone: 'lake', chainage: 600, bank: 'left' }

const fix = { lon: 116.4074, lat: 39.9042, acc: 6, at: 0, heading: null }
const OUTSIDE: Position = { state: 'good', fix, accuracy: 'good', along: null, outside: true }
const VAGUE: Position = { ...OUTSIDE, fix: { ...fix, acc: 800 }, accuracy: 'poor', outside: false }

/** Where the phone stands, and whose only zone is Z03. */
function standing(position: Position, records: HsRecord[] = []) {
  const fake = fakeApp([...ZONES, ...records])
  Object.assign(fake.app.position, { value: position })
  const session = fake.app.session.value as { rights: { zones: readonly string[] } }
  session.rights.zones = ['south']
  return fake
}

const NOWHERE = '不在任何责任区里 39.90420, 116.40740'

describe('outside every zone', () => {
  it('the report says so, with how sure it is, and claims no zone', async () => {
    const fake = standing(OUTSIDE)
    const { page } = await show(ReportPage, {}, fake)
    const row = page.get('[data-testid=place]')
    expect(row.get('[data-testid=place-words]').text()).toBe(NOWHERE)
    expect(row.text()).toContain('准到 6 米')
    await page.get('[data-testid=hazard-piping]').trigger('click')
    await flushPromises()
    expect(fake.drafts.value[0]?.fields).toMatchObject({ zone: null })
    const draft = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    expect(draft.page.get('[data-testid=place-words]').text()).toBe(NOWHERE)
  })

  it('the camera says the same, and no zone with it', async () => {
    const { page } = await show(CameraStamp, { known: { zone: 'south' } }, standing(OUTSIDE))
    expect(page.get('[data-testid=camera-place]').text()).toBe(`${NOWHERE} · 准到 6 米`)
    expect(page.text()).not.toContain('Z03')
  })

  it('the call text and the record say the same', async () => {
    const fields = { zone: null, place: { source: 'gps', lon: fix.lon, lat: fix.lat, acc: 6 } }
    const fake = standing(OUTSIDE, [hazard(fields)])
    const saved = await show(SavedPage, { record: 'record' }, fake)
    expect(saved.page.get('.message').text()).toContain(`地点：${NOWHERE}\n`)
    const shown = await show(RecordPage, { record: 'record' }, fake)
    expect(shown.page.get('[data-testid=record-place]').text()).toContain(NOWHERE)
  })

  it('only whoever chooses a zone has one, and the place measured stays with it', async () => {
    const fake = standing(OUTSIDE)
    const { page } = await show(ReportPage, {}, fake)
    await page.get('[data-testid=place-edit]').trigger('click')
    const sheet = () => document.querySelector('[data-testid=place-sheet]')
    const pressed = () => [...sheet()!.querySelectorAll('[aria-pressed=true]')]
    expect(pressed()).toEqual([])
    const keep = () =>
      sheet()!.querySelector<HTMLElement>('[data-testid=place-keep] button')!.click()
    const typed = sheet()!.querySelector('input')!
    typed.value = 'K0+600'
    typed.dispatchEvent(new Event('input'))
    keep()
    await flushPromises()
    expect(sheet()!.textContent).toContain('先选责任区')
    typed.value = ''
    typed.dispatchEvent(new Event('input'))
    const chip = [...sheet()!.querySelectorAll('button')].find((it) =>
      it.textContent?.includes('Z03'),
    )
    chip?.click()
    await flushPromises()
    keep()
    await flushPromises()
    const row = page.get('[data-testid=place]')
    expect(row.text()).toContain('Z03 南河中段')
    expect(row.text()).not.toMatch(/准到|大致|不准/)
    await page.get('[data-testid=hazard-piping]').trigger('click')
    await flushPromises()
    const place = { source: 'gps', lon: fix.lon }
    expect(fake.drafts.value[0]?.fields).toMatchObject({ zone: 'south', place })
  })
})

it.each([
  ['a fix too bad to tell', VAGUE],
  ['an old fix', { ...OUTSIDE, state: 'stale' as const }],
])('%s leaves the own zone proposed, with no accuracy beside it', async (_what, position) => {
  const { page } = await show(ReportPage, {}, standing(position))
  const row = page.get('[data-testid=place]')
  expect(row.text()).toContain('Z03 南河中段')
  expect(row.text()).not.toMatch(/准到|大致|不准/)
})

describe('a chainage is told with its zone', () => {
  it('in the call text, with the name', async () => {
    const { page } = await show(
      SavedPage,
      { record: 'record' },
      standing(OUTSIDE, [hazard(AT_LAKE)]),
    )
    expect(page.get('.message').text()).toContain('地点：Z05 西湖湿地 K0+600 左岸\n')
  })

  it('on the page of the record, with the name', async () => {
    const fake = standing(OUTSIDE, [hazard(AT_LAKE)])
    const { page } = await show(RecordPage, { record: 'record' }, fake)
    expect(page.get('[data-testid=record-place]').text()).toContain('Z05 西湖湿地 K0+600 左岸')
  })

  it('in lists, by its code', async () => {
    const review = { decision: 'returned', version: 1, reason: '', points: [] } as const
    const status = { state: 'returned', review } as unknown as HsRecord['status']
    const fake = standing(OUTSIDE, [{ ...hazard(AT_LAKE), status } as HsRecord])
    const { page } = await show(TasksPage, {}, fake)
    expect(page.text()).toContain('管涌 · Z05 K0+600 左岸')
  })
})
