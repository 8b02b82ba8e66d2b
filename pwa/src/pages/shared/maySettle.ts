// Whom the phone offers to settle a conflict; the server decides (its table of rights).

import { useApp, type HsRecord } from '../../app.ts'
import { titles } from '../../generated/titles.ts'

/** The author of a fact, and the office; not before a line that was not taken has been dealt with. */
export function useMaySettle(): (record: HsRecord) => boolean {
  const { session } = useApp()
  return ({ kind, author, status }) => {
    const who = session.value
    if (who.phase !== 'enrolled' || status.state === 'unaccepted') return false
    return who.rights.office || (titles[kind].family === 'fact' && author === who.person)
  }
}
