// A field that two people changed at the same time: each value with who wrote it, when, on which phone.

import { DELETED, type Id, type Json, type JsonObject, type Op } from '@hushui/sync'

export interface Wrote {
  readonly author: Id | null
  readonly device: Id | null
  /** Corrected time, ms. */
  readonly at: number | null
}

export interface Side extends Wrote {
  /** The entry that wrote it: what a decision names (V06). */
  readonly stamp: Id
  readonly value: Json | undefined
}

export interface Conflict {
  readonly field: string
  /** The value that stands comes first. */
  readonly sides: readonly Side[]
}

/** What of a record says how its conflicts stand. */
export interface Contested {
  readonly fields: object
  readonly stamps: Readonly<Record<string, Id>>
  readonly deleted: boolean
  readonly conflicts: readonly JsonObject[]
}

const NOBODY: Wrote = { author: null, device: null, at: null }

/** `wrote`: who wrote an entry, where its line is at hand; else as the record's row says. */
export function conflictsOf(
  body: Contested,
  wrote: (entry: Id) => Wrote | undefined,
): readonly Conflict[] {
  const fields = [...new Set(body.conflicts.map((it) => String(it['field'])))]
  return fields.map((field) => {
    const losers = body.conflicts.filter((it) => it['field'] === field)
    const winner = losers[0]?.['winner']
    const stamp = body.stamps[field] ?? String(winner)
    const said = stamp === winner ? wroteOf(losers[0]?.['stands']) : NOBODY
    const stands: Side = {
      stamp,
      value: field === DELETED ? body.deleted : (body.fields as JsonObject)[field],
      ...(wrote(stamp) ?? said),
    }
    const lost = losers.map((it): Side => ({
      stamp: String(it['entry']),
      value: it['value'],
      ...wroteOf(it),
    }))
    return { field, sides: [stands, ...lost] }
  })
}

function wroteOf(it: Json | undefined): Wrote {
  if (typeof it !== 'object' || it === null || Array.isArray(it)) return NOBODY
  const { author, device, eff } = it as JsonObject
  return { author: String(author), device: String(device), at: Number(eff) }
}

/** With the stamp that was on the screen: the rows of the zones do not lie in the office's browser. */
export const asSeen = (op: Op, field: string, { stamps }: Pick<Contested, 'stamps'>): Op => ({
  ...op,
  base: { [field]: stamps[field] ?? null },
})
