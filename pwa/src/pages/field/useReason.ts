// The words a version goes out with: why it is, said by a person or, for him, by the app.

import type { Op } from '@hushui/sync'
import { useApp, type HsRecord, type OpenDraft } from '../../app.ts'
import { isFilled, type Slot, type Values } from '../../forms/engine.ts'
import { useFieldWords } from '../shared/fieldWords.ts'
import { hasReason, noteOfPhotos, reasonOfReturn, withReason } from '../shared/reason.ts'
import { setValue, valuesOf } from './useDraft.ts'

export function useReason() {
  const app = useApp()
  const { t, label, slot } = useFieldWords()
  const again = (why: string) => t('record.again', { why })
  const listed = (names: readonly string[]) => names.join(t('form.listComma'))

  function take(draft: OpenDraft, told: Values): void {
    for (const [name, value] of Object.entries(told)) setValue(draft, name, value)
  }

  function tell(draft: OpenDraft, why: string): void {
    take(draft, withReason(draft.data.kind, valuesOf(draft), why, again))
  }

  /** Beside what else a line does to the record; a kind without a field for it goes without. */
  function opsOf({ kind, id, fields }: HsRecord, why: string): readonly Op[] {
    return hasReason(kind) ? [app.opPut(kind, id, withReason(kind, fields, why, again))] : []
  }

  /** Why an earlier version was corrected is not why this one is: what was added says so. */
  function tellFilled(draft: OpenDraft, names: readonly string[]): void {
    const { kind, record } = draft.data
    const standing: Values = app.records.get(() => record).value?.fields ?? {}
    if (names.length === 0 || !isFilled(standing['correction'])) return
    const fields = listed(names.map((name) => label(kind, name)))
    tell(draft, t('mend.filled', { fields }))
  }

  /** The office judges versions, and a photo makes none: said in words, it is one. */
  function tellPhotos(draft: OpenDraft): void {
    const { kind, record } = draft.data
    const standing = app.records.get(() => record).value
    const earlier = app.records.photos(() => record).value.map((it) => it.slot)
    const taken = draft.photos.value.map((it) => it.slot)
    // Not at the office yet, nobody can have judged it: its photos come with it.
    const isUnseen = standing?.local === true && standing.review === null
    if (!standing || isUnseen || taken.length === 0) return
    const said = (slots: readonly Slot[]) =>
      t('returned.shot', { slots: listed([...new Set(slots)].map((it) => slot(it))) })
    const told = { earlier, taken, said, again }
    take(draft, noteOfPhotos(kind, valuesOf(draft), standing.fields, told))
  }

  /** Of what was sent back the office has said why; the author may say more. */
  function tellReturned(draft: OpenDraft): void {
    const { kind, record } = draft.data
    const standing = app.records.get(() => record).value
    if (standing?.status.state !== 'returned') return
    const { reason, points } = standing.status.review
    const why = reason ?? points.find((it) => it.note != null)?.note
    const said = t(why == null ? 'returned.becausePlain' : 'returned.because', { why })
    take(draft, reasonOfReturn(kind, valuesOf(draft), standing.fields, said, again))
  }

  return { tell, opsOf, tellFilled, tellPhotos, tellReturned }
}
