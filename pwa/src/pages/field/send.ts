// Submitting, and the ten seconds in which it can be taken back by a second line.

import { ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Id } from '@hushui/sync'
import { StorageFull, useApp, type App, type OpenDraft, type Saved } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import { offerUndo } from './undo.ts'
import { draftFor } from './useDraft.ts'
import { useReason } from './useReason.ts'
import { useFieldWords } from '../shared/fieldWords.ts'

type AboutRecord = Parameters<typeof draftFor> extends [App, ...infer Rest] ? Rest : never

export function useSend() {
  const app = useApp()
  const router = useRouter()
  const { t } = useFieldWords()
  const { tellPhotos, tellReturned } = useReason()
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
