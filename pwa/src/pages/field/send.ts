// Submitting, and the ten seconds in which it can be taken back by a second line.

import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Id } from '@hushui/sync'
import { StorageFull, useApp, type App, type OpenDraft, type Saved } from '../../app.ts'
import type { Slot } from '../../forms/engine.ts'
import type { KindCode } from '../../generated/kinds.ts'
import { noteOfPhotos, reasonOfReturn } from './reason.ts'
import { offerUndo } from './undo.ts'
import { draftFor, setValue, valuesOf } from './useDraft.ts'
import { useFieldWords } from '../shared/fieldWords.ts'

type AboutRecord = Parameters<typeof draftFor> extends [App, ...infer Rest] ? Rest : never

export function useSend() {
  const app = useApp()
  const router = useRouter()
  const { t, slot } = useFieldWords()
  const sending = ref(false)
  /** In words: why nothing was written. */
  const failed = ref<string | null>(null)

  /** Runs one write; null: nothing was written, and `failed` says why where that is a fault. */
  async function write(act: () => Promise<Saved | null>): Promise<Saved | null> {
    const saved = await attempt(act)
    if (saved) app.vibrate('saved')
    return saved
  }

  /** Opens the form about a record that is out: its draft; null: `failed` says why there is none. */
  const openForm = (...about: AboutRecord): Promise<Id | null> =>
    attempt(async () => {
      const draft = await draftFor(app, ...about)
      await draft.close()
      return draft.data.id
    })

  async function attempt<T>(act: () => Promise<T>): Promise<T | null> {
    if (sending.value) return null
    sending.value = true
    failed.value = null
    try {
      return await act()
    } catch (error) {
      fail(error)
      return null
    } finally {
      sending.value = false
    }
  }

  function fail(error: unknown): void {
    app.vibrate('trouble')
    failed.value = t(error instanceof StorageFull ? 'send.storageFull' : 'send.failed')
  }

  /** A new record: its way back is 作废, a line of its own. */
  function offerVoid(kind: KindCode, record: string, what: string) {
    offerUndo({
      key: record,
      words: t('send.reported', { what }),
      run: async () => {
        await app.submit({ ops: [app.opDel(kind, record)] })
        // Written, it is taken back, even where the record's page cannot be fetched.
        void router.push({ name: 'record', params: { record } }).catch(() => undefined)
      },
    })
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
    const said = (slots: readonly Slot[]) => {
      const names = [...new Set(slots)].map((it) => slot(it)).join(t('form.listComma'))
      return t('returned.shot', { slots: names })
    }
    const again = (why: string) => t('record.again', { why })
    const told = noteOfPhotos(kind, valuesOf(draft), standing.fields, {
      ...{ earlier, taken, said, again },
    })
    for (const [name, value] of Object.entries(told)) setValue(draft, name, value)
  }

  /** Of what was sent back the office has said why; the author may say more. */
  function tellReturned(draft: OpenDraft): void {
    const { kind, record } = draft.data
    const standing = app.records.get(() => record).value
    if (standing?.status.state !== 'returned') return
    const { reason, points } = standing.status.review
    const why = reason ?? points.find((it) => it.note != null)?.note
    const said = t(why == null ? 'returned.becausePlain' : 'returned.because', { why })
    const again = (same: string) => t('record.again', { why: same })
    const told = reasonOfReturn(kind, valuesOf(draft), standing.fields, said, again)
    for (const [name, value] of Object.entries(told)) setValue(draft, name, value)
  }

  async function sendDraft(draft: OpenDraft, what: string): Promise<Saved | null> {
    const { kind, record, isNew, replaces } = draft.data
    if (!isNew && replaces === null) {
      tellPhotos(draft)
      tellReturned(draft)
    }
    const saved = await write(() => draft.submit())
    if (saved && isNew && replaces === null) offerVoid(kind, record, what)
    return saved
  }

  return { sending, failed, fail, write, openForm, sendDraft }
}
