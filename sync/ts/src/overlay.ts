// What a person sees: the rows with the device's own unsettled lines on top (H05).

import { DELETED } from './entry.ts'
import type { Json, JsonObject, Op, Rev, Stamp } from './entry.ts'
import type { RecordBody, RowId, Scope } from './messages.ts'
import { isGood, isUnaccepted, own } from './own.ts'
import { holds } from './rev.ts'
import type { OwnLine, State, StoredRow } from './state.ts'
import { statusOf } from './status.ts'
import type { Status } from './status.ts'

export interface View extends RecordBody {
  readonly record: RowId
  /** null: only own lines speak of it so far. */
  readonly rev: Rev | null
  /** The own lines that lie on top, by n. */
  readonly overlay: readonly number[]
  readonly status: Status
}

/** undefined: not here, or not for these eyes any more (S09). */
export function view(state: State, record: RowId): View | undefined {
  if (!isSeen(state, record)) return undefined
  const status = statusOf(state, record)
  if (!status) return undefined
  const lines = overlayOf(state, record)
  const row = state.rows.get(record)
  if (lines.length === 0 && row && !own(state).byRecord.has(record)) return plainView(row, status)
  const body = lines.reduce((held, line) => onTop(state, record, held, line), bodyOf(row))
  return { ...body, ...tail(record, row, lines, status) }
}

/** Whether there is a view of it: one's own is, what others wrote as long as its scope is granted. */
export function isSeen(state: State, record: RowId): boolean {
  if (isOfMachine(record)) return false
  return overlayOf(state, record).length > 0 || (state.rows.has(record) && isShown(state, record))
}

/** Every record to be seen, deleted ones too. */
export function visible(state: State): View[] {
  const records = new Set([...state.rows.keys(), ...own(state).overlay.keys()])
  const views: View[] = []
  for (const record of records) {
    const seen = view(state, record)
    if (seen) views.push(seen)
  }
  return views
}

/** The record without what the server did not take: by this rights are read. */
export function inForce(state: State, record: RowId): RecordBody | undefined {
  const lines = overlayOf(state, record).filter((line) => !isUnaccepted(line))
  const row = state.rows.get(record)
  if (lines.length === 0 && !(row && isShown(state, record))) return undefined
  return lines.reduce((held, line) => onTop(state, record, held, line), bodyOf(row))
}

/** What to name in `base` (E07): the stamps seen, those of own lines without a receipt among them. */
export function baseFor(
  state: State,
  record: RowId,
  fields: readonly string[],
): Readonly<Record<string, Stamp>> {
  const stamps = view(state, record)?.stamps ?? {}
  return Object.fromEntries(
    fields.flatMap((field) => {
      const stamp = stamps[field]
      return stamp === undefined ? [] : [[field, stamp] as const]
    }),
  )
}

/** Records that no sweep, removal, revocation or new epoch may take away (H06). */
export const pinned = (state: State): Pick<ReadonlySet<RowId>, 'has'> => own(state).overlay

/** Whether the record's row already holds what this line did to it (H06). */
export function hasArrived(state: State, record: RowId, line: OwnLine): boolean {
  const row = state.rows.get(record)
  const rev = line.receipt?.rev
  return isGood(line) && row !== undefined && rev != null && holds(row.rev, rev, state.meta.epoch)
}

/** Scopes taken away: their rows are hidden at once, and deleted later (S09). */
export function hiddenScopes(state: State): ReadonlySet<Scope> {
  return new Set(state.meta.revoked.map(({ scope }) => scope))
}

function overlayOf(state: State, record: RowId): OwnLine[] {
  const lines = own(state).overlay.get(record) ?? []
  return lines.filter((line) => !hasArrived(state, record, line))
}

function isShown(state: State, record: RowId): boolean {
  for (const [scope, { members }] of state.scopes) {
    if (members.has(record) && !state.meta.revoked.some((gone) => gone.scope === scope)) return true
  }
  return false
}

/** Receipts travel as rows too; they are nothing to look at. */
export const isOfMachine = (record: RowId): boolean => /^[rub]:/.test(record)

// ---- one record ----------------------------------------------------------------------------

const plain = new WeakMap<StoredRow, View>()

/** The same object as long as the row is the same: what draws it need not draw it again. */
function plainView(row: StoredRow, status: Status): View {
  const held = plain.get(row)
  if (held?.status.state === status.state && held.status.code === status.code) return held
  const fresh = { ...bodyOf(row), ...tail(row.record, row, [], status) }
  plain.set(row, fresh)
  return fresh
}

function tail(
  record: RowId,
  row: StoredRow | undefined,
  lines: readonly OwnLine[],
  status: Status,
): Omit<View, keyof RecordBody> {
  return { record, rev: row?.rev ?? null, overlay: lines.map((line) => line.n), status }
}

function bodyOf(row: StoredRow | undefined): RecordBody {
  return { ...NOTHING, ...(row?.body as Partial<RecordBody> | undefined) }
}

const NOTHING: RecordBody = {
  kind: '',
  fields: {},
  stamps: {},
  adds: [],
  deleted: false,
  version: 0,
  author: '',
  device: '',
  captured: 0,
  flags: [],
  conflicts: [],
  review: null,
  number: null,
}

function onTop(state: State, record: RowId, body: RecordBody, line: OwnLine): RecordBody {
  const { id, device, at, ops } = line.entry
  const author = state.identity.person
  const captured = at.wall - at.offset
  return ops
    .filter((op) => op.record === record)
    .reduce((held, op) => {
      switch (op.act) {
        case 'put':
          return put({ author, device, captured }, held, op, id)
        case 'add': {
          const added = { entry: id, device, author, captured, set: op.set }
          return { ...held, adds: [...held.adds, added] }
        }
        case 'del':
          return { ...held, deleted: true, stamps: { ...held.stamps, [DELETED]: id } }
        case 'undel':
          return undelete(held, id)
        case 'settle':
          return settle(held, op.set, id)
        default:
          return held
      }
    }, body)
}

function put(
  by: Pick<RecordBody, 'author' | 'device' | 'captured'>,
  body: RecordBody,
  op: Op,
  id: Stamp,
): RecordBody {
  const isNew = body.version === 0
  const stamps = Object.fromEntries(Object.keys(op.set).map((field) => [field, id]))
  return {
    ...body,
    ...(isNew ? { kind: op.kind, version: 1, ...by } : {}),
    fields: { ...body.fields, ...op.set },
    stamps: { ...body.stamps, ...stamps },
  }
}

function undelete(body: RecordBody, id: Stamp): RecordBody {
  const conflicts = body.conflicts.filter((conflict) => conflict['field'] !== DELETED)
  return { ...body, deleted: false, stamps: { ...body.stamps, [DELETED]: id }, conflicts }
}

/** V06: closes the conflict; if the loser is kept, its value is written. */
function settle(body: RecordBody, set: JsonObject, id: Stamp): RecordBody {
  const field = String(set['field'])
  const rest = body.conflicts.filter((conflict) => conflict['field'] !== field)
  const kept = body.conflicts.find((c) => c['field'] === field && c['entry'] === set['stamp'])
  if (!kept || body.stamps[field] === set['stamp']) return { ...body, conflicts: rest }
  if (field === DELETED) return undelete(body, id)
  return {
    ...body,
    fields: { ...body.fields, [field]: kept['value'] as Json },
    stamps: { ...body.stamps, [field]: id },
    conflicts: rest,
  }
}
