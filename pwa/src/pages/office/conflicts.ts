// A field that two people changed at the same time: each value with who wrote it, when, on which phone.

import { DELETED, type Id, type Json, type Op } from '@hushui/sync'
import type { Body, HistoryLine } from './wire.ts'

export interface Side {
  /** The entry that wrote it: what a decision names (V06). */
  readonly stamp: Id
  readonly value: Json | undefined
  readonly author: Id | null
  readonly device: Id | null
  /** Corrected time, ms. */
  readonly at: number | null
}

export interface Conflict {
  readonly field: string
  /** The value that stands comes first. */
  readonly sides: readonly Side[]
}

export function conflictsOf(body: Body, lines: readonly HistoryLine[]): readonly Conflict[] {
  const fields = [...new Set(body.conflicts.map((it) => String(it['field'])))]
  return fields.map((field) => {
    const losers = body.conflicts.filter((it) => it['field'] === field)
    const stamp = body.stamps[field] ?? String(losers[0]?.['winner'])
    const line = lines.find(({ entry }) => entry?.id === stamp)
    const stands: Side = {
      stamp,
      value: field === DELETED ? body.deleted : body.fields[field],
      ...{ author: line?.author ?? null, device: line?.device ?? null },
      at: line?.at.corrected ?? null,
    }
    const lost = losers.map((it): Side => ({
      stamp: String(it['entry']),
      value: it['value'],
      ...{ author: String(it['author']), device: String(it['device']), at: Number(it['eff']) },
    }))
    return { field, sides: [stands, ...lost] }
  })
}

/** With the stamp that was on the screen: the rows of the zones do not lie in the office's browser. */
export const asSeen = (op: Op, field: string, { stamps }: Pick<Body, 'stamps'>): Op => ({
  ...op,
  base: { [field]: stamps[field] ?? null },
})
