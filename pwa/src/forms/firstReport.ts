// When the first words about a hazard are due.

import { tables } from '../generated/tables.ts'
import { decide } from './cel.ts'

/** How long after the find the call report is due. */
export const CALL_MS =
  60_000 * decide(tables.report_first, { report_kind: 'call_report' })!.values.minutes
