// Signing at a check-point as normal, and taking that back.

import type { Id } from '@hushui/sync'
import { useApp, type Saved } from '../../app.ts'
import type { PatrolVisit } from '../../generated/kinds.ts'
import { useWords } from '../shared/words.ts'
import { offerUndo } from './undo.ts'

type Write = (act: () => Promise<Saved | null>) => Promise<Saved | null>

export function useSign(write: Write) {
  const app = useApp()
  const { t } = useWords()
  const points = app.records.list('checkpoint')

  /** `back`: it is open again. */
  return async (
    id: Id,
    by: NonNullable<PatrolVisit['by']>,
    back: () => void = () => undefined,
  ): Promise<Saved | null> => {
    const saved = await write(() => app.patrol.visit(id, 'normal', by))
    if (!saved) return null
    const n = points.value.find((it) => it.id === id)?.fields.number ?? ''
    offerUndo({
      key: saved.entry,
      words: t('patrol.noted', { what: t('map.checkpointLabel', { n }) }),
      run: async () => {
        await app.patrol.visit(id, 'withdrawn')
        back()
      },
    })
    return saved
  }
}
