// How a draft becomes a line: what its author wrote and changed, over what they saw.

import { DELETED, UNACCEPTED } from '@hushui/sync'
import type { Draft as Line, Id, JsonObject, Op, State } from '@hushui/sync'
import type { App, DraftPhoto, HsRecord } from '../app.ts'
import type { Seen, StoredDraft } from '../db/outbox.ts'
import type { KindCode } from '../generated/kinds.ts'
import { notWaiting } from './ops.ts'

export interface LineParts extends Pick<App, 'opPut'> {
  state(): State | null
  find(id: Id): HsRecord | undefined
}

/** The field in which a version says why it corrects the one before. */
const REASON = 'correction'

/** The draft as one line. Its id is the draft's: submitted twice, it is written once. */
export function lineOf(
  parts: LineParts,
  draft: StoredDraft,
  photos: readonly DraftPhoto[],
  also: readonly Op[],
): Line {
  const { record } = draft
  const replaces = isTaken(parts.state(), draft.replaces) ? null : draft.replaces
  const kind = draft.kind as KindCode
  const replaced = replaces === null ? undefined : lineToReplace(parts.state(), replaces)
  const fields = fieldsOf(parts, draft, replaced)
  // The form holds the record's fields; what else the line did, what it added to lists too, goes along.
  const kept = (replaced?.ops ?? []).filter((op) => op.record !== record || op.act !== 'put')
  const put = parts.opPut(kind, record, fields)
  const base = draft.before ? baseOf(parts, draft, draft.before.stamps, replaced) : put.base
  const ops = [
    ...(Object.keys(fields).length > 0
      ? [{ ...put, base: only(base, [...Object.keys(fields), DELETED]) }]
      : []),
    ...kept,
    ...photos.map((photo) => photoOp(parts, record, photo)),
    ...also,
  ]
  return {
    id: draft.id,
    ops: replaces === null ? ops : ops.map((op) => notWaiting(op, replaces)),
    blobs: [...new Set([...(replaced?.blobs ?? []), ...photos.map((photo) => photo.sha256)])],
    ...(replaces === null ? {} : { replaces }),
  }
}

/** What the line writes. What it corrects without a reason has none: the last one's is not its own. */
function fieldsOf(
  parts: LineParts,
  draft: StoredDraft,
  replaced: Replaced | undefined,
): JsonObject {
  const fields = changedFields(parts, draft, replaced)
  const standing = draft.before?.fields ?? parts.find(draft.record)?.fields ?? {}
  const isStale = (standing as JsonObject)[REASON] != null && !(REASON in fields)
  const isCorrection = !draft.isNew && Object.keys(fields).length > 0
  return isStale && isCorrection ? { ...fields, [REASON]: null } : fields
}

/** Of a record that stands, only what its author changed. */
function changedFields(
  parts: LineParts,
  draft: StoredDraft,
  replaced: Replaced | undefined,
): JsonObject {
  const { record, isNew, before } = draft
  if (isNew) return draft.fields
  // What takes the place of a line must hold all of it.
  if (before && replaced) {
    const held = putsOf(replaced, record).flatMap((op) => Object.keys(op.set))
    return { ...only(draft.fields, held), ...differing(draft.fields, before.fields) }
  }
  if (before) return differing(draft.fields, before.fields)
  const standing = parts.find(record)
  if (replaced || !standing) return draft.fields
  return differing(draft.fields, standing.fields as JsonObject)
}

/** E07: what the author saw when the form was opened, not what stands when it is sent. */
function baseOf(
  { state }: LineParts,
  { record, replaces }: StoredDraft,
  seen: Seen['stamps'],
  replaced: Replaced | undefined,
): Op['base'] {
  // Under the line that is replaced lies what its own author saw.
  const under = Object.assign({}, ...putsOf(replaced, record).map((op) => op.base)) as Op['base']
  const own = Object.entries(seen).filter(
    ([, stamp]) => stamp !== replaces && !isGivenUp(state(), stamp),
  )
  return { ...under, ...Object.fromEntries(own) }
}

const putsOf = (line: Replaced | undefined, record: Id): readonly Op[] =>
  (line?.ops ?? []).filter((op) => op.record === record && op.act === 'put')

/** Accepted after all while it was being repaired: repeated, what it added would stand there twice. */
function isTaken(state: State | null, entry: Id | null): boolean {
  const line = [...(state?.lines.values() ?? [])].find(({ id }) => id === entry)
  return line?.receipt != null && !UNACCEPTED.includes(line.receipt.verdict)
}

/** Nothing will ever come of this line: who named it would wait for ever (D01). */
function isGivenUp(state: State | null, entry: Id): boolean {
  const lines = [...(state?.lines.values() ?? [])]
  const line = lines.find(({ id }) => id === entry)
  if (!line?.settled || !line.receipt || !UNACCEPTED.includes(line.receipt.verdict)) return false
  return !lines.some(({ entry: { replaces } }) => replaces === entry)
}

function photoOp({ opPut }: LineParts, subject: Id, photo: DraftPhoto): Op {
  const { id, field, heading, original_sha256, ...rest } = photo
  return opPut('photo', id, {
    subject,
    ...rest,
    ...(field === null ? {} : { field }),
    ...(heading === null ? {} : { heading }),
    ...(original_sha256 === null ? {} : { original_sha256 }),
  })
}

export function differing(fields: JsonObject, standing: JsonObject): JsonObject {
  const names = new Set([...Object.keys(fields), ...Object.keys(standing)])
  const changed = [...names].filter(
    (name) => JSON.stringify(fields[name] ?? null) !== JSON.stringify(standing[name] ?? null),
  )
  // Taken out of the form is taken out of the record.
  return Object.fromEntries(changed.map((name) => [name, fields[name] ?? null]))
}

export const only = <T>(
  values: Readonly<Record<string, T>>,
  names: readonly string[],
): Record<string, T> =>
  Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))

type Replaced = Pick<Line, 'ops' | 'blobs'>

function lineToReplace(state: State | null, entry: Id): Replaced | undefined {
  if (!state) return undefined
  for (const line of state.lines.values()) if (line.id === entry) return line.entry
  // Of another phone of the same person: its text came with the row (R04).
  for (const [row, { body }] of state.rows) {
    const text = row.startsWith('u:') ? body['line'] : null
    if (typeof text !== 'string' || !text.includes(entry)) continue
    try {
      const line = JSON.parse(text) as Pick<Line, 'ops' | 'blobs' | 'id'>
      if (line.id === entry) return line
    } catch {
      // Unreadable lines cannot be repaired, only declined (D05).
    }
  }
  return undefined
}
