// Submitting, and the ten seconds in which it can be taken back by a second line.

import { ref } from 'vue'
import { useRouter } from 'vue-router'
import { StorageFull, useApp, type OpenDraft, type Saved } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import { offerUndo } from './undo.ts'
import { useWords } from './words.ts'

export function useSend() {
  const app = useApp()
  const router = useRouter()
  const { t } = useWords()
  const sending = ref(false)
  /** In words: why nothing was written. */
  const failed = ref<string | null>(null)

  /** Runs one write; false: nothing was written and `failed` says why. */
  async function write(act: () => Promise<Saved>): Promise<Saved | null> {
    if (sending.value) return null
    sending.value = true
    failed.value = null
    try {
      const saved = await act()
      app.vibrate('saved')
      return saved
    } catch (error) {
      app.vibrate('trouble')
      failed.value = t(error instanceof StorageFull ? 'send.storageFull' : 'send.failed')
      return null
    } finally {
      sending.value = false
    }
  }

  /** A new record: its way back is 作废, a line of its own. */
  function offerVoid(kind: KindCode, record: string, what: string) {
    offerUndo({
      key: record,
      words: t('send.reported', { what }),
      run: async () => {
        await app.submit({ ops: [app.opDel(kind, record)] })
        await router.push({ name: 'record', params: { record } })
      },
    })
  }

  async function sendDraft(draft: OpenDraft, what: string): Promise<Saved | null> {
    const { kind, record, isNew, replaces } = draft.data
    const saved = await write(() => draft.submit())
    if (saved && isNew && replaces === null) offerVoid(kind, record, what)
    return saved
  }

  return { sending, failed, write, sendDraft }
}
