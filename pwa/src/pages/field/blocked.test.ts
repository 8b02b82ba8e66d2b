// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import { blockOf } from '../../forms/field.ts'
import { kinds, type Guard, type KindCode } from '../../generated/kinds.ts'
import type { HsRecord, Status } from '../../app.ts'
import RecordPage from './RecordPage.vue'
import ToDoRows from './ToDoRows.vue'

const OVERLAP = '有人同一时间已排在另一班'
const SHIFT = { start: 0, end: 1, leader: 'li', staff: ['li'] } as unknown as HsRecord['fields']

function refused(kind: KindCode, field: string, fields: object): HsRecord {
  const why = { code: 'blocked', verdict: 'refused', field } as const
  const status = { state: 'unaccepted', ...why, entry: 'entry', waits: null } as Status
  return { ...record({ kind, fields: fields as HsRecord['fields'] }), status }
}

describe('a line refused because of another record', () => {
  it('says which rule it is on its page and in what is to be done', async () => {
    const shift = refused('duty_shift', 'start', SHIFT)
    const fake = fakeApp([shift])
    const { page } = await show(RecordPage, { record: shift.id }, fake)
    await flushPromises()
    expect(page.text()).toContain(OVERLAP)
    const todo = await show(ToDoRows, { unaccepted: [shift] }, fake)
    await flushPromises()
    expect(todo.page.get('[data-testid=todo-unaccepted]').text()).toContain(OVERLAP)
  })

  it('says a rule of its own in the same way, and no more than it knows else', async () => {
    const late = refused('duty_shift', 'end', SHIFT)
    const work = refused('work', 'no_photo_reason', { work_kind: 'salvage' })
    const { page } = await show(ToDoRows, { unaccepted: [late, work] }, fakeApp([late, work]))
    await flushPromises()
    const rows = page.findAll('[data-testid=todo-unaccepted]').map((row) => row.text())
    expect(rows[0]).toContain('一班 4 到 24 小时')
    expect(rows[1]).toContain('条件没填全')
  })
})

const guards = Object.entries(kinds).flatMap(([kind, { guards }]) =>
  (guards as readonly Guard[]).map((guard) => [kind as KindCode, guard] as const),
)

it.each(guards.filter(([, { effect }]) => effect === 'block'))('%s: %o has its words', (kind, it) =>
  expect(blockOf(kind, it.field)).toMatchObject({ zh: it.zh, en: it.en }),
)

it.each(guards.filter(([, { effect }]) => effect === 'ask'))(
  '%s: the flag of %o is said on a phone',
  async (kind, guard) => {
    const flagged = { ...record({ kind, fields: {} as HsRecord['fields'] }), flags: [guard.code] }
    const plain = { ...flagged, flags: [] }
    const words = async (it: HsRecord) =>
      (await show(RecordPage, { record: it.id }, fakeApp([it]))).page.findAll('.tag').length
    expect(await words(flagged)).toBe((await words(plain)) + 1)
  },
)
