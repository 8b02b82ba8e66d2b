// A sheet of members that was looked at: what it would change, and the lines that do it.

import type { Id, JsonObject, Op } from '@hushui/sync'
import type { App } from '../../../app.ts'
import { linesOf } from './leaving.ts'

export type What = 'new' | 'changed' | 'same' | 'wrong'

export interface SheetRow {
  readonly row: number
  readonly what: What
  readonly record: Id | null
  readonly name: string
  readonly code: string
  readonly set: JsonObject
  readonly before: JsonObject
  readonly wrong: readonly {
    readonly field: string
    readonly column: string
    readonly code: string
    readonly words: string
  }[]
}

export interface Preview {
  readonly rows: readonly SheetRow[]
  readonly counts: Readonly<Record<What, number>>
  readonly ignored: readonly string[]
}

/** What people.BYTES of server/hushui/actions/people.py takes. */
export const SHEET_BYTES = 2 * 1_048_576

export const toWrite = ({ rows }: Preview): readonly SheetRow[] =>
  rows.filter((it) => it.what === 'new' || it.what === 'changed')

/** New people get their ids here; the lines of one sheet are each taken or not by themselves. */
export function linesFor(
  { opPut, newId }: Pick<App, 'opPut' | 'newId'>,
  rows: readonly SheetRow[],
): readonly (readonly Op[])[] {
  return linesOf(rows.map((it) => opPut('member', it.record ?? newId(), it.set)))
}
