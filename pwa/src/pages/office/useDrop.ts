// Giving up a line of one's own that was not taken: a line of its own, and a full disk is said.

import type { Id } from '@hushui/sync'
import { ref } from 'vue'
import { StorageFull, useApp } from '../../app.ts'
import { useDeskWords } from './deskWords.ts'

export function useDrop() {
  const app = useApp()
  const { t } = useDeskWords()
  /** In words: why it could not be given up. */
  const dropFailed = ref<string | null>(null)
  let isBusy = false

  /** false: nothing was written, the line still stands there. */
  async function drop(entry: Id): Promise<boolean> {
    if (isBusy) return false
    isBusy = true
    dropFailed.value = null
    try {
      await app.submit({ ops: [app.opAbandon(entry)] })
      return true
    } catch (error) {
      const key = error instanceof StorageFull ? 'office.outcome.full' : 'office.outcome.notSaved'
      dropFailed.value = t(key, { what: t('office.outcome.drop') })
      return false
    } finally {
      isBusy = false
    }
  }

  return { drop, dropFailed }
}
