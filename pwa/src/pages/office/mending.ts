// 作废 and 恢复: with their reason in the same line, where the kind has a field for one.

import type { Op } from '@hushui/sync'
import { useApp, type HsRecord, type Saved } from '../../app.ts'
import { withReason } from '../shared/reason.ts'
import { useDeskWords } from './deskWords.ts'

export function useMending() {
  const app = useApp()
  const { t } = useDeskWords()

  function reasoned({ kind, id, fields }: HsRecord, why: string): readonly Op[] {
    const again = (words: string) => t('record.again', { why: words })
    const told = withReason(kind, fields, why, again)
    return Object.keys(told).length > 0 ? [app.opPut(kind, id, told)] : []
  }

  return {
    makeVoid: (it: HsRecord, reason: string): Promise<Saved> => {
      const ops = [...reasoned(it, t('record.voided', { reason })), app.opDel(it.kind, it.id)]
      return app.submit({ ops })
    },
    /** With a reason of its own: the one for making it void does not stand for what is there again. */
    restore: (it: HsRecord): Promise<Saved> => {
      const ops = [app.opUndel(it.kind, it.id), ...reasoned(it, t('mend.restored'))]
      return app.submit({ ops })
    },
  }
}
