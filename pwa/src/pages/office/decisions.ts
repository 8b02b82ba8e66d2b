// Deciding: one line into one's own feed, then what the office's server made of it, in words.

import type { Id, Receipt } from '@hushui/sync'
import { computed, shallowRef, type ComputedRef } from 'vue'
import { StorageFull, useApp, type App, type Decision, type HsRecord } from '../../app.ts'
import { batches, reviewOp, type Verdict } from './batches.ts'
import { again } from './fresh.ts'
import type { Row } from './wire.ts'

export type Outcome =
  | { readonly what: 'sending' }
  /** No receipt within two seconds: it lies in the outbox. */
  | { readonly what: 'waiting' }
  | { readonly what: 'done' }
  /** Somebody had decided the same. */
  | { readonly what: 'same' }
  | {
      readonly what: 'refused' | 'held'
      readonly code: string
      /** The first of the rows that could not be taken; null: none in particular. */
      readonly culprit: Row | null
    }
  | { readonly what: 'not_saved'; readonly full: boolean }

export interface Decided {
  readonly key: Id
  /** Lines of one decision about many records. */
  readonly group: Id
  readonly rows: readonly Row[]
  readonly verdict: Verdict
  readonly outcome: Outcome
  /** The line, where there is one. */
  readonly entry: Id | null
}

const WAIT_MS = 2000
const WAIT_LONG_MS = 6 * 3_600_000
const KEPT = 8

/** Newest first; outlives the page, so that a late answer still finds its words. */
const decided = shallowRef<Decided[]>([])

export interface OwnReview {
  readonly decision: Decision
  readonly stand: 'waiting' | 'unaccepted'
  readonly entry: Id | null
}

export function useDecisions(onTaken: (rows: readonly Row[]) => void) {
  const app = useApp()

  async function decide(
    rows: readonly Row[],
    verdict: Verdict,
    replaces: Id | null = null,
  ): Promise<void> {
    const lines = batches(rows, verdict.decision)
    const group = app.newId()
    await Promise.all(lines.map((line, n) => send(group, line, verdict, n === 0 ? replaces : null)))
  }

  async function send(
    group: Id,
    rows: readonly Row[],
    verdict: Verdict,
    replaces: Id | null,
  ): Promise<void> {
    const key = app.newId()
    const ops = rows.map((row) => reviewOp(app.newId(), row, verdict))
    const start: Decided = { key, group, rows, verdict, outcome: { what: 'sending' }, entry: null }
    put(start)
    let saved
    try {
      saved = await app.submit({ ops, ...(replaces === null ? {} : { replaces }) })
    } catch (error) {
      put({ ...start, outcome: { what: 'not_saved', full: error instanceof StorageFull } })
      return
    }
    const written = { ...start, entry: saved.entry }
    const receipt = await app.receiptOf(saved, WAIT_MS)
    if (receipt) {
      settle(written, receipt)
      return
    }
    put({ ...written, outcome: { what: 'waiting' } })
    void app.receiptOf(saved, WAIT_LONG_MS).then((late) => late && settle(written, late))
  }

  function settle(written: Decided, receipt: Receipt): void {
    const outcome = outcomeOf(receipt, written.rows)
    put({ ...written, outcome })
    if (outcome.what === 'done' || outcome.what === 'same') onTaken(written.rows)
    else again()
  }

  return { told: computed(() => toldOf(decided.value)), decide, forget }
}

/** The one to speak of: of the newest decision, trouble first; lines that went the same way as one. */
export function toldOf(all: readonly Decided[]): Decided | null {
  const answered = all.filter(({ outcome }) => outcome.what !== 'sending')
  const group = answered.filter((one) => one.group === answered[0]?.group)
  const [first] = group
  if (first === undefined) return null
  const trouble = group.find(({ outcome }) => TROUBLE.includes(outcome.what))
  if (trouble) return trouble
  return { ...first, rows: group.flatMap(({ rows }) => rows) }
}

const TROUBLE: readonly Outcome['what'][] = ['refused', 'held', 'not_saved']

export function outcomeOf(receipt: Receipt, rows: readonly Row[]): Outcome {
  const { verdict, code, op } = receipt
  switch (verdict) {
    case 'applied':
    case 'merged':
      return { what: 'done' }
    case 'noop':
      return { what: 'same' }
    case 'held':
    case 'refused':
    case 'quarantined': {
      const what = verdict === 'held' ? 'held' : 'refused'
      const culprit = op === null ? (rows.length === 1 ? rows[0] : undefined) : rows[op]
      return { what, code: code ?? 'unknown', culprit: culprit ?? null }
    }
  }
}

function put(one: Decided): void {
  const at = decided.value.findIndex(({ key }) => key === one.key)
  if (at < 0) decided.value = [one, ...decided.value].slice(0, KEPT)
  else decided.value = decided.value.map((it) => (it.key === one.key ? one : it))
}

/** Trouble goes line by line; what went well goes with all its lines. */
function forget({ key, group, outcome }: Decided): void {
  const isOne = TROUBLE.includes(outcome.what)
  decided.value = decided.value.filter((it) => (isOne ? it.key !== key : it.group !== group))
}

/** Own decisions that have not taken effect, by the record they judge; also after a reload. */
export function useOwnReviews(app: App = useApp()): ComputedRef<ReadonlyMap<Id, OwnReview>> {
  const reviews = app.records.list('review', (it) => it.status.state !== 'received')
  return computed(() => {
    const found = new Map<Id, OwnReview>()
    for (const review of [...reviews.value].reverse()) {
      const target = review.fields.target
      const own = ownReview(review)
      if (target !== undefined && own !== null) found.set(target, own)
    }
    return found
  })
}

function ownReview({ fields, status }: HsRecord<'review'>): OwnReview | null {
  const { decision } = fields
  if (decision === undefined) return null
  if (status.state === 'unaccepted') return { decision, stand: 'unaccepted', entry: status.entry }
  const isWaiting = status.state === 'saved_local' || status.state === 'uploading'
  return isWaiting ? { decision, stand: 'waiting', entry: null } : null
}
