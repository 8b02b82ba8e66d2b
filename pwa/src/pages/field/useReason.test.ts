// @vitest-environment happy-dom
import { expect, it } from 'vitest'
import { fakeApp, record, show } from '../../../tests/fakeApp.ts'
import { useReason } from './useReason.ts'

/** The reason of the next version of a record that stands with this one. */
async function told(correction: string | null, act: (reason: Reason, draft: Draft) => void) {
  const fake = fakeApp([record({ kind: 'work', fields: { correction } })])
  const draft = await fake.app.drafts.open('work', { record: 'record' })
  const { page } = await show({ setup: () => useReason(), render: () => null }, {}, fake)
  act(page.vm as unknown as Reason, draft)
  return draft.data.fields['correction' as never]
}
type Reason = ReturnType<typeof useReason>
type Draft = Parameters<Reason['tell']>[0]

it('a reason travels with the draft; the same one twice is said as such', async () => {
  expect(await told(null, ({ tell }, draft) => tell(draft, '长度写错'))).toBe('长度写错')
  const again = await told('长度写错', ({ tell }, draft) => tell(draft, '长度写错'))
  expect(again).toBe('长度写错（又一次）')
})

it('what is only added says so itself where an earlier reason would seem to be its own', async () => {
  const names = ['length_m', 'note']
  const fill = ({ tellFilled }: Reason, draft: Draft) => tellFilled(draft, names)
  expect(await told('长度写错', fill)).toBe('补填了长、说明')
  expect(await told(null, fill)).toBeNull()
  const nothing = await told('长度写错', ({ tellFilled }, draft) => tellFilled(draft, []))
  expect(nothing).toBe('长度写错')
})

it('beside a line of its own it is a write, where the kind has a field for it', async () => {
  const fake = fakeApp()
  const { page } = await show({ setup: () => useReason(), render: () => null }, {}, fake)
  const { opsOf } = page.vm as unknown as Reason
  const set = { correction: '记重了' }
  expect(opsOf(record({ kind: 'hazard' }), '记重了')).toMatchObject([{ act: 'put', set }])
  expect(opsOf(record({ kind: 'checkpoint' }), '记重了')).toEqual([])
})
