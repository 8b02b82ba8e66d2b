// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import {
  StorageFull,
  type DraftPhoto,
  type HsRecord,
  type OwnLineView,
  type RecordPhoto,
  type ReviewBody,
  type ReviewPoint,
  type Status,
} from '../../app.ts'
import DraftPage from './DraftPage.vue'
import FixPage from './FixPage.vue'
import MapPage from './MapPage.vue'
import RecordPage from './RecordPage.vue'
import RecordsPage from './RecordsPage.vue'
import ReportPage from './ReportPage.vue'
import SavedPage from './SavedPage.vue'
import TasksPage from './TasksPage.vue'
import UndoPlace from './UndoPlace.vue'
import { dropUndo, offerUndo } from './undo.ts'

afterEach(dropUndo)

const at = (time: string) => Date.parse(`2026-11-22T${time}+08:00`)

const line = (n: number, wall: number, about: string): OwnLineView => ({
  ...{ n, entry: `entry-${n}`, hash: '', records: [about], kinds: ['hazard'], acts: ['put'] },
  ...{ wall, bytes: 0, photos: 0, why: null, receipt: null, settled: false },
  former: null,
})

const review: ReviewBody = {
  ...{ decision: 'returned', version: 1, reason: '请再量一次。', by: null, entry: null, at: null },
  points: [{ field: 'length_m' }],
}
const returned = record({
  kind: 'work',
  fields: { work_kind: 'canal_desilt', length_m: 120 },
  status: { state: 'returned', review },
  review,
})
const unaccepted = (entry: string): Status => ({
  ...{ state: 'unaccepted', code: 'right_lost', verdict: 'held', field: null },
  ...{ entry, waits: null },
})

describe('the page after a save', () => {
  it('says when the line just stored was stored, not the first one', async () => {
    const fake = fakeApp([record({ captured: at('06:40:33'), status: { state: 'saved_local' } })])
    fake.lines.push(line(2, at('07:15:09'), 'record'), line(1, at('06:40:33'), 'record'))
    const { page } = await show(SavedPage, { record: 'record' }, fake)
    expect(page.get('[data-testid=saved-state]').text()).toContain('07:15:09 存好')
  })

  it('has the undo in its own row, in place of the way to the record', async () => {
    offerUndo({ key: 'record', words: '已报“决口”', run: async () => undefined })
    const { page } = await show(SavedPage, { record: 'record' }, fakeApp([record()]))
    expect(page.find('[data-testid=undo-bar]').exists()).toBe(false)
    expect(page.find('[data-testid=saved-record]').exists()).toBe(false)
    expect(page.get('[data-testid=saved-undo]').text()).toBe('撤销 10 秒')
  })

  it('where the browser copies nothing, the message stands there selected', async () => {
    const fields = { types: ['piping'], nature: 'acute', level: 'major' }
    const fake = fakeApp([record({ fields: fields as unknown as HsRecord['fields'] })])
    const { page } = await show(SavedPage, { record: 'record' }, fake)
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'))
    await page.get('[data-testid=saved-copy]').trigger('click')
    await flushPromises()
    expect(page.text()).toContain('长按选中的字复制')
    expect(String(getSelection())).toContain('【口报】南河站')
  })

  it('leaves the undo of something else alone', async () => {
    offerUndo({ key: 'other', words: '已记“巡查点 2”', run: async () => undefined })
    const { page } = await show(SavedPage, { record: 'record' }, fakeApp([record()]))
    expect(page.find('[data-testid=saved-undo]').exists()).toBe(false)
    expect(page.find('[data-testid=saved-record]').exists()).toBe(true)
  })
})

describe('险情 and 隐患', () => {
  const hazard = (fields: object, values: Partial<HsRecord> = {}) =>
    record({ fields: { types: ['piping'], ...fields } as HsRecord['fields'], ...values })
  const saved = (it: HsRecord) => show(SavedPage, { record: 'record' }, fakeApp([it]))
  const change = async (it: HsRecord) => {
    const fake = fakeApp([it])
    const { page } = await show(SavedPage, { record: 'record' }, fake)
    await page.get('[data-testid=change-nature] button').trigger('click')
    await flushPromises()
    return fake.submitted[0]?.ops[0]?.set
  }

  it('are each reported by a way of their own', async () => {
    const fake = fakeApp()
    const { page } = await show(ReportPage, {}, fake)
    expect(page.text()).toContain('险情：是哪一种？')
    await page.get('[data-testid=report-kind] input[value=latent]').setValue()
    expect(page.text()).toContain('隐患：是哪一种？')
    await page.get('[data-testid=hazard-breach]').trigger('click')
    await flushPromises()
    // No level: the table grades what is happening.
    expect(fake.drafts.value[0]?.fields).toEqual({ nature: 'latent', types: ['breach'] })
  })

  it('only the one that is happening is to be called in', async () => {
    const { page: acute } = await saved(hazard({ nature: 'acute' }))
    expect(acute.text()).toContain('口报')
    expect(acute.find('[data-testid=latent-note]').exists()).toBe(false)
    const { page: latent } = await saved(hazard({ nature: 'latent' }))
    expect(latent.get('h2').text()).toContain('隐患')
    expect(latent.get('[data-testid=latent-note]').text()).toContain('隐患不用口报')
    expect(latent.find('[data-testid=saved-copy]').exists()).toBe(false)
    expect(latent.text()).not.toContain('还剩')
    expect(latent.text()).not.toContain('超时')
  })

  it('one that broke out later is due ten minutes from then', async () => {
    const now = Date.UTC(2026, 10, 22, 6, 0)
    const it = hazard(
      { nature: 'acute' },
      { captured: now - 3_600_000, stamps: { nature: 'entry-2' } },
    )
    const fake = fakeApp([it])
    fake.lines.push(line(2, now - 60_000, 'record'), line(1, now - 3_600_000, 'record'))
    const { page } = await show(SavedPage, { record: 'record' }, fake)
    expect(page.text()).toContain('还剩 9 分钟')
  })

  it('are changed for one another by one tap, and their level with them', async () => {
    const breach = { types: ['breach'] }
    expect(await change(hazard({ nature: 'acute', ...breach, level: 'extraordinary' }))).toEqual({
      ...{ nature: 'latent', level: null, correction: '改成隐患' },
    })
    const latent = { nature: 'latent', latent_class: 'serious', ...breach }
    expect(await change(hazard(latent))).toEqual({
      ...{ nature: 'acute', level: 'extraordinary', latent_class: null, correction: '改成险情' },
    })
    // Chosen by somebody, it stays; and what nobody has seen yet needs no reason.
    const chosen = { nature: 'acute', ...breach, level: 'larger' }
    expect(await change(hazard(chosen, { local: true }))).toEqual({ nature: 'latent' })
  })

  it.each<[string, Partial<HsRecord>]>([
    ['judged', { review: { ...review, decision: 'approved' } }],
    ['sent back', { status: { state: 'returned', review } }],
    ['not accepted', { status: unaccepted('entry') }],
    ['void', { deleted: true }],
    ['of somebody else', { author: 'other' }],
  ])('%s, neither is changed by a tap', async (_state, values) => {
    const it = hazard({ nature: 'acute' }, values)
    const { page } = await show(RecordPage, { record: 'record' }, fakeApp([it]))
    expect(page.find('[data-testid=change-nature]').exists()).toBe(false)
  })
})

describe('a level that the app proposes', () => {
  const fields = { types: ['piping'], nature: 'acute', water: 'turbid', level: 'major' }
  const why = '管涌出浑水 → 重大（建议）'
  const hazard = (more: object = {}) =>
    record({ fields: { ...fields, ...more } as unknown as HsRecord['fields'] })

  it('has its reason beside it, after a save and in the record', async () => {
    const fake = fakeApp([hazard()])
    const { page } = await show(SavedPage, { record: 'record' }, fake)
    expect(page.get('[data-testid=level-why]').text()).toBe(why)
    const { page: whole } = await show(RecordPage, { record: 'record' }, fake)
    expect(whole.get('[data-testid=value-level]').text()).toContain(why)
  })

  it('has it in the form, and another one with other measures', async () => {
    const fake = fakeApp()
    await fake.app.drafts.open('hazard', { fields } as never)
    const { page } = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    expect(page.get('[data-testid=level-why]').text()).toBe(why)
    const open = await fake.app.drafts.resume('draft-1')
    Object.assign(open!.data.fields, { water: 'clear', diameter_cm: 9 })
    await flushPromises()
    expect(page.get('[data-testid=level-why]').text()).toContain('孔径超过 5 厘米 → 较大')
  })

  it('of an event has it too', async () => {
    const taken = { class: 'occupy', area_m2: 6000, severity: 'major' }
    const event = record({ kind: 'event', fields: taken as unknown as HsRecord['fields'] })
    const { page } = await show(RecordPage, { record: 'record' }, fakeApp([event]))
    expect(page.get('[data-testid=value-severity]').text()).toContain(
      '占用 5000 m² 以上 → 重大（建议）',
    )
  })

  it('is not claimed where somebody chose one and no rule speaks', async () => {
    const { page } = await show(SavedPage, { record: 'record' }, fakeApp([hazard({ water: null })]))
    expect(page.text()).not.toContain('建议')
  })
})

describe('what was sent back', () => {
  it('is only stored when something is changed', async () => {
    const fake = fakeApp([returned])
    const { page } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    expect(fake.drafts.value).toEqual([])
    await page.get('[data-testid=fix-keypad] .digit-7').trigger('click')
    await flushPromises()
    expect(fake.drafts.value.map((it) => it.record)).toEqual(['record'])
  })

  it('is handed in from above the keypad, which a small screen shows alone', async () => {
    const { page } = await show(FixPage, { record: 'record' }, fakeApp([returned]))
    await flushPromises()
    expect(page.get('.submit').classes()).toContain('writing')
    expect(page.find('.submit ~ [data-testid=fix-keypad]').exists()).toBe(true)
    await page.get('[data-testid=fix-keypad] .done').trigger('click')
    expect(page.find('[data-testid=fix-keypad]').exists()).toBe(false)
    expect(page.get('.submit').classes()).not.toContain('writing')
  })

  const pointing = (...points: ReviewPoint[]): HsRecord => {
    const body = { ...review, points }
    return { ...returned, status: { state: 'returned', review: body }, review: body } as HsRecord
  }
  const shot = (values: Partial<DraftPhoto>) => values as DraftPhoto

  it('opens at a photo that is missing', async () => {
    const fake = fakeApp([pointing({ field: 'photo.after' })])
    const { page, router } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    const lacking = page.get('[data-testid=marked-lacking]')
    expect(lacking.text()).toContain('缺处理后照片')
    expect(lacking.text()).toContain('请再量一次。')
    expect(page.find('[data-testid=fix-whole]').exists()).toBe(false)
    await page.get('[data-testid=take-lacking] button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value).toMatchObject({ name: 'camera', query: { slot: 'after' } })
  })

  it('shows a field and a missing photo beside one another, and the reason once', async () => {
    const points = [{ field: 'length_m' }, { field: 'photo.before', note: '看不到渠底。' }]
    const { page } = await show(FixPage, { record: 'record' }, fakeApp([pointing(...points)]))
    await flushPromises()
    expect(page.find('[data-testid=fix-keypad]').exists()).toBe(false)
    expect(page.get('[data-testid=marked-field]').text()).toContain('请再量一次。')
    const lacking = page.get('[data-testid=marked-lacking]').text()
    expect(lacking).toContain('看不到渠底。')
    expect(lacking).not.toContain('请再量一次。')
  })

  it('is not handed in with words that are too long, nor are they cut', async () => {
    const fake = fakeApp([pointing({ field: 'note' })])
    const { page } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    await page.get('[data-testid=field-note] textarea').setValue('堤'.repeat(301))
    await flushPromises()
    const submit = () => page.get('[data-testid=fix-submit] button').trigger('click')
    await submit()
    await flushPromises()
    expect(page.get('[data-testid=stops]').text()).toBe('还不能交：“说明”太长。')
    expect(page.get('[data-testid=field-note]').text()).toContain('“说明”太长')
    expect(String(fake.drafts.value[0]?.fields['note' as never])).toHaveLength(301)
    await page.get('[data-testid=field-note] textarea').setValue('堤'.repeat(300))
    await page.get('[data-testid=fix-reason] input').setValue('长'.repeat(61))
    expect(page.get('[data-testid=stops]').text()).toBe('还不能交：“更正原因”太长。')
    await page.get('[data-testid=fix-reason] input').setValue('量错了')
    expect(page.find('[data-testid=stops]').exists()).toBe(false)
  })

  it('takes a photo again in its own slot', async () => {
    const fake = fakeApp([pointing({ photo: 'dark' })])
    fake.photos.push({ id: 'dark', sha256: 'a', slot: 'before', state: 'received' } as RecordPhoto)
    const { page, router } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    await page.get('[data-testid=retake] button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.query).toEqual({ slot: 'before' })
  })

  it('with a photo alone is a new version, which the office is asked to judge', async () => {
    const fake = fakeApp([pointing({ field: 'photo.after' })])
    fake.taken.value = [shot({ sha256: 'b', slot: 'after', place: null })]
    await fake.app.drafts.open('work', { record: 'record' })
    const { page } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    expect(page.get('[data-testid=marked-lacking]').text()).toContain('照片 1 张')
    await page.get('[data-testid=fix-submit] button').trigger('click')
    await flushPromises()
    expect(fake.drafts.value[0]?.fields).toMatchObject({ correction: '拍了处理后照片' })
  })

  it('says why it was corrected in the words of the office, unless its author has own ones', async () => {
    const fixed = async (own: string) => {
      const stale = { ...returned.fields, correction: '点错了' } as HsRecord['fields']
      const fake = fakeApp([{ ...returned, fields: stale }])
      await fake.app.drafts.open('work', { record: 'record', fields: { length_m: 12 } })
      const { page } = await show(FixPage, { record: 'record' }, fake)
      await flushPromises()
      if (own)
        await page
          .get('[data-testid=fix-reason] textarea, [data-testid=fix-reason] input')
          .setValue(own)
      await page.get('[data-testid=fix-submit] button').trigger('click')
      await flushPromises()
      return fake.drafts.value[0]?.fields
    }
    expect(await fixed('')).toMatchObject({ correction: '按退回补正：请再量一次。' })
    expect(await fixed('卷尺松了')).toMatchObject({ correction: '卷尺松了' })
  })

  it('without photos has its reason taken away by the photos', async () => {
    const none = { ...pointing({ field: 'photo.after' }) }
    const fake = fakeApp([{ ...none, fields: { ...none.fields, no_photo_reason: '没带' } }])
    fake.taken.value = ['before', 'after'].map((slot) =>
      shot({ sha256: slot, slot: slot as DraftPhoto['slot'], place: null }),
    )
    await fake.app.drafts.open('work', { record: 'record' })
    const { page } = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    await page.get('[data-testid=fix-submit] button').trigger('click')
    await flushPromises()
    const fields = fake.drafts.value[0]?.fields
    expect(fields).toMatchObject({ no_photo_reason: null })
    expect(fields).not.toHaveProperty('note')
  })

  it('begun, is one row in each list and goes on where it was left', async () => {
    const fake = fakeApp([returned])
    await fake.app.drafts.open('work', { record: 'record', fields: { length_m: 12 } })
    const tasks = await show(TasksPage, {}, fake)
    expect(tasks.page.findAll('[data-testid=todo-draft]')).toHaveLength(0)
    expect(tasks.page.findAll('[data-testid=todo-returned]')).toHaveLength(1)
    const records = await show(RecordsPage, {}, fake)
    expect(records.page.findAll('[data-testid=draft-row]')).toHaveLength(0)
    const row = records.page.get('[data-testid=record-row]')
    expect(row.text()).toContain('草稿')
    expect(row.text()).not.toContain('还差')
    const fix = await show(FixPage, { record: 'record' }, fake)
    await flushPromises()
    expect(fix.page.get('[data-testid=marked-field]').text()).toContain('12.00')
    expect(fake.drafts.value).toHaveLength(1)
  })
})

describe('where the phone has no room for a form', () => {
  const full = () => Promise.reject(new StorageFull())

  it('a correction says so, and can be tried again', async () => {
    const fake = fakeApp([record({ status: { state: 'received', at: 0 } })])
    const { open } = fake.app.drafts
    Object.assign(fake.app.drafts, { open: full })
    const { page, router } = await show(RecordPage, { record: 'record' }, fake)
    const correct = () => page.get('[data-testid=record-correct] button').trigger('click')
    await correct()
    await flushPromises()
    expect(page.text()).toContain('手机空间满了')
    Object.assign(fake.app.drafts, { open })
    await correct()
    await flushPromises()
    expect(router.currentRoute.value.name).toBe('draft')
  })

  it('what is put right says so, and keeps what was typed until there is room', async () => {
    const fake = fakeApp([returned])
    const { open } = fake.app.drafts
    Object.assign(fake.app.drafts, { open: full })
    const { page } = await show(FixPage, { record: 'record' }, fake)
    const key = async (sign: string) => {
      const keys = page.findAll('[data-testid=fix-keypad] button')
      await keys.find((it) => it.text() === sign)?.trigger('click')
      await flushPromises()
    }
    await key('9')
    expect(page.text()).toContain('手机空间满了')
    Object.assign(fake.app.drafts, { open })
    await key('8')
    expect(page.text()).not.toContain('手机空间满了')
    expect(fake.drafts.value[0]?.fields).toMatchObject({ length_m: 98 })
  })
})

describe('a record', () => {
  const acts = async (status: Status) => {
    const { page } = await show(RecordPage, { record: 'record' }, fakeApp([record({ status })]))
    return ['void', 'correct'].filter((it) => page.find(`[data-testid=record-${it}]`).exists())
  }

  it('offers what its state allows', async () => {
    expect(await acts({ state: 'received', at: 0 })).toEqual(['void', 'correct'])
    expect(await acts({ state: 'saved_local' })).toEqual(['void', 'correct'])
    expect(await acts({ state: 'returned', review })).toEqual(['void'])
    expect(await acts(unaccepted('entry'))).toEqual([])
  })

  it('asks every correction for its reason, and one tap gives it', async () => {
    const what = { types: ['scour'], nature: 'acute' }
    const fields = { ...what, correction: '上回的原因' } as unknown as HsRecord['fields']
    const fake = fakeApp([record({ fields })])
    const { page, router } = await show(RecordPage, { record: 'record' }, fake)
    await page.get('[data-testid=record-correct] button').trigger('click')
    await flushPromises()
    expect(router.currentRoute.value.name).toBe('draft')
    const { page: form } = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    const submit = () => form.get('[data-testid=submit] button').trigger('click')
    await submit()
    await flushPromises()
    expect(form.get('[data-testid=stops]').text()).toContain('写一句原因')
    expect(fake.drafts.value[0]?.fields).toMatchObject({ correction: '上回的原因' })
    await form.findAll('[data-testid=usual-reason]')[0]!.trigger('click')
    await submit()
    await flushPromises()
    expect(fake.drafts.value[0]?.fields).toMatchObject({ correction: '量错了' })
  })

  it.each([
    { chosen: 'general', stays: 'general', why: 'chosen by somebody, it stays' },
    { chosen: 'major', stays: 'extraordinary', why: 'proposed, it follows its measures' },
    { chosen: null, stays: 'extraordinary', why: 'without one, there is a proposal' },
  ])('a level, when something else is corrected: $why', async ({ chosen, stays }) => {
    const what = { types: ['piping'], nature: 'acute', water: 'turbid', level: chosen }
    const fake = fakeApp([record({ fields: what as unknown as HsRecord['fields'] })])
    const { page } = await show(RecordPage, { record: 'record' }, fake)
    await page.get('[data-testid=record-correct] button').trigger('click')
    await flushPromises()
    await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    const draft = fake.drafts.value[0] as unknown as { fields: Record<string, unknown> }
    expect(draft.fields['level']).toBe(chosen ?? 'major')
    const open = await fake.app.drafts.resume('draft-1')
    Object.assign(open!.data.fields, { types: ['breach'] })
    await flushPromises()
    expect(draft.fields['level']).toBe(stays)
    Object.assign(open!.data.fields, { types: ['piping'], water: null })
    await flushPromises()
    expect(draft.fields['level']).toBe(chosen)
  })

  it('a level that the measures no longer speak for stands, and every change of it is said', async () => {
    const what = { types: ['piping'], nature: 'acute', water: 'turbid', level: 'major' }
    const fake = fakeApp([record({ fields: what as unknown as HsRecord['fields'] })])
    const { page } = await show(RecordPage, { record: 'record' }, fake)
    await page.get('[data-testid=record-correct] button').trigger('click')
    await flushPromises()
    const { page: form } = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    const why = () => form.find('[data-testid=level-why]')
    const draft = fake.drafts.value[0] as unknown as { fields: Record<string, unknown> }
    const open = await fake.app.drafts.resume('draft-1')
    async function put(fields: object) {
      Object.assign(open!.data.fields, fields)
      await flushPromises()
    }
    expect(why().text()).not.toContain('级别')
    await put({ water: 'clear' })
    expect(draft.fields['level']).toBe('major')
    expect(why().text()).toContain('级别还是重大')
    await put({ diameter_cm: 9 })
    expect(draft.fields['level']).toBe('larger')
    expect(why().text()).toContain('级别从重大变成较大')
    await put({ diameter_cm: null })
    expect(draft.fields['level']).toBe('major')
    await put({ diameter_cm: 3 })
    expect(draft.fields['level']).toBe('general')
    expect(why().text()).toContain('级别从重大变成一般')
    await put({ nature: 'latent' })
    expect(draft.fields['level']).toBeNull()
  })

  it('a draft is given up only by somebody who was told what goes with it', async () => {
    const fake = fakeApp()
    fake.taken.value = [{ slot: 'before' }, { slot: 'after' }] as unknown as DraftPhoto[]
    await fake.app.drafts.open('work', { fields: { work_kind: 'salvage', people: 3 } } as never)
    const { page } = await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    await page.get('[data-testid=draft-remove] button').trigger('click')
    await flushPromises()
    expect(fake.drafts.value).toHaveLength(1)
    const sheet = document.querySelector('[data-testid=drop-sheet]')!
    expect(sheet.textContent).toContain('2 张照片、填好的内容')
    sheet.querySelector('button')!.click()
    await flushPromises()
    expect(fake.drafts.value).toHaveLength(1)
    await page.get('[data-testid=draft-remove] button').trigger('click')
    await flushPromises()
    const yes = '[data-testid=draft-remove-confirm] button'
    document.querySelector<HTMLElement>(yes)!.click()
    await flushPromises()
    expect(fake.drafts.value).toHaveLength(0)
  })

  it('a draft whose level was chosen before this was remembered keeps it', async () => {
    const fake = fakeApp()
    const fields = { types: ['piping'], nature: 'acute', water: 'turbid', level: 'extraordinary' }
    await fake.app.drafts.open('hazard', { fields } as never)
    await show(DraftPage, { draft: 'draft-1' }, fake)
    await flushPromises()
    expect(fake.drafts.value[0]?.fields).toMatchObject({ level: 'extraordinary' })
  })

  it('that stands again no longer says why it was void', async () => {
    const fields = { correction: '已作废：重了' } as HsRecord['fields']
    const fake = fakeApp([record({ fields, deleted: true })])
    const { page } = await show(RecordPage, { record: 'record' }, fake)
    await page.get('[data-testid=record-restore] button').trigger('click')
    await flushPromises()
    expect(fake.submitted[0]?.ops).toMatchObject([
      { act: 'undel' },
      { act: 'put', set: { correction: '恢复了这条记录' } },
    ])
  })

  it('says what was made void and restored, and why, by these words', async () => {
    const fake = fakeApp([record({ kind: 'work', captured: 1 })])
    const own = (n: number, more: Partial<OwnLineView>) => ({ ...line(n, n, 'record'), ...more })
    fake.lines.push(
      own(1, {}),
      own(2, { acts: ['put', 'del'], why: '已作废：记重了' }),
      own(3, { acts: ['undel', 'put'], why: '恢复了这条记录' }),
      own(4, { why: '量错了' }),
    )
    const { page } = await show(RecordPage, { record: 'record' }, fake)
    const rows = page.findAll('[data-testid=record-timeline] li').map((it) => it.text())
    const wanted = [['上报'], ['作废', '记重了'], ['恢复', '恢复了这条记录'], ['更正', '量错了']]
    wanted.forEach((words, n) => words.forEach((it) => expect(rows[n]).toContain(it)))
    expect(rows[1]).not.toContain('更正')
    expect(rows[2]).not.toContain('更正')
  })

  it('says once where it is', async () => {
    const place = { source: 'gps', lon: 124.35, lat: 43.17, acc: 6 }
    const fields = { chainage: 5860, bank: 'left', place } as unknown as HsRecord['fields']
    const { page } = await show(RecordPage, { record: 'record' }, fakeApp([record({ fields })]))
    const labels = page.findAll('dt').map((it) => it.text())
    expect(labels.filter((it) => it === '地点' || it === '位置')).toEqual(['地点'])
    expect(page.get('[data-testid=record-place]').text()).toContain('43.17000')
  })
})

it('the bar is not green while a line is not accepted', async () => {
  const fake = fakeApp()
  Object.assign(fake.app, {
    connection: ref({ ...fake.app.connection.value, state: 'done' }),
    counts: ref({ ...fake.app.counts.value, unaccepted: 1 }),
  })
  const { page } = await show(TasksPage, {}, fake)
  const bar = page.get('[data-testid=ledger-bar]')
  expect(bar.text()).toContain('未受理')
  expect(bar.text()).not.toContain('单位都已收到')
})

it('only lacking photos that are known of count as unsent', async () => {
  const partial = (missing: number | null) =>
    record({ id: `of-${missing}`, status: { state: 'received_partial', missing } })
  const fake = fakeApp([partial(null), partial(1)])
  const { page } = await show(RecordsPage, {}, fake)
  const shown = () => page.findAll('[data-testid=record-row]').map((it) => it.text())
  expect(shown()).toHaveLength(1)
  expect(shown()[0]).toContain('单位已收到文字 · 照片还差 1 张')
  const one = await show(RecordPage, { record: 'of-null' }, fake)
  expect(one.page.get('[data-testid=record-state]').text()).toBe('单位已收到文字')
})

it('a line that wrote two records is one thing to do', async () => {
  const grant = (id: string, status: Status) => record({ id, kind: 'grant', status })
  const fake = fakeApp([
    grant('a', unaccepted('one')),
    grant('b', unaccepted('one')),
    grant('c', unaccepted('two')),
  ])
  const { page } = await show(TasksPage, {}, fake)
  expect(page.findAll('[data-testid=todo-unaccepted]')).toHaveLength(2)
})

it('a report holds only what is known: no level where none is proposed', async () => {
  const fake = fakeApp()
  const { page } = await show(ReportPage, {}, fake)
  await page.get('[data-testid=hazard-piping]').trigger('click')
  await flushPromises()
  expect(fake.drafts.value[0]?.fields).toEqual({ nature: 'acute', types: ['piping'] })
})

describe('an undo that the phone has no room for', () => {
  const full = () => Promise.reject(new StorageFull())

  it('says so, keeps what is there and can be tried again', async () => {
    let tries = 0
    const run = () => (++tries === 1 ? full() : Promise.resolve())
    offerUndo({ key: 'record', words: '已报“决口”', run })
    const { page } = await show(UndoPlace, {}, fakeApp())
    await page.get('button').trigger('click')
    await flushPromises()
    const failed = page.get('[data-testid=undo-failed]')
    expect(failed.text()).toContain('手机空间满了')
    expect(failed.text()).toContain('刚才记的还在')
    await page.get('[data-testid=undo-again] button').trigger('click')
    await flushPromises()
    expect(tries).toBe(2)
    expect(page.find('[data-testid=undo-failed]').exists()).toBe(false)
  })

  it('says so on the page after a save', async () => {
    offerUndo({ key: 'record', words: '已报“决口”', run: full })
    const { page, router } = await show(SavedPage, { record: 'record' }, fakeApp([record()]))
    await page.get('[data-testid=saved-undo]').trigger('click')
    await flushPromises()
    expect(page.get('[data-testid=undo-failed]').text()).toContain('没撤销')
    expect(page.find('[data-testid=saved-record]').exists()).toBe(true)
    expect(router.currentRoute.value.name).toBe('start')
  })
})

it('a hazard without a level stands on the map without a level', async () => {
  const place = { source: 'gps', lon: 124.35, lat: 43.17, acc: 6 }
  const fields = { types: ['piping'], nature: 'acute', place } as unknown as HsRecord['fields']
  const fake = fakeApp([record({ fields })])
  const { page } = await show(MapPage, {}, fake)
  await flushPromises()
  const pin = document.querySelector('.leaflet-marker-pane [role=button]')
  expect(pin?.innerHTML).toContain('>未<')
  page.unmount()
})
