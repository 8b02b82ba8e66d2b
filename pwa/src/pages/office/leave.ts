// Signing out at the desk: nothing of the person stays on the screen, everything in the outbox.

import type { App } from '../../app.ts'
import { forgetTotals } from './totals.ts'
import { forgetRead } from './useRecord.ts'

export async function leave(app: App): Promise<void> {
  await app.signOut()
  forgetRead()
  forgetTotals()
}
