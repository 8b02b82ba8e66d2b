// Several decisions at once: as few lines as the protocol allows, each of at most 32 ops (E04).

import { limits, type Id, type JsonObject, type Op } from '@hushui/sync'
import type { Decision, ReviewPoint } from '../../app.ts'
import { standOf, type ReviewStand, type Row } from './wire.ts'

export interface Verdict {
  readonly decision: Decision
  readonly reason: string | null
  readonly points: readonly ReviewPoint[]
}

/** From → to, as server/hushui/domain/workflow.py has them. Nothing goes back to waiting. */
const STEPS: Readonly<Record<ReviewStand, readonly Decision[]>> = {
  pending: ['approved', 'returned', 'rejected'],
  approved: ['returned', 'rejected'],
  returned: ['approved', 'rejected'],
  rejected: ['returned'],
}

export const isStep = (from: ReviewStand, to: Decision): boolean => STEPS[from].includes(to)

/** Judges the version that is shown, and says which decision was seen before (A05, A06). */
export function reviewOp(id: Id, { record, body }: Row, verdict: Verdict): Op {
  const { decision, reason, points } = verdict
  const set: JsonObject = {
    target: record,
    version: body.version,
    decision,
    ...(reason === null ? {} : { reason }),
    ...(points.length === 0 ? {} : { points: points as unknown as readonly JsonObject[] }),
  }
  return {
    kind: 'review',
    record: id,
    act: 'put',
    set,
    base: { $review: body.review?.entry ?? null },
  }
}

/** In order; those that cannot take this step are left out. */
export function batches(rows: readonly Row[], decision: Decision): readonly (readonly Row[])[] {
  const able = rows.filter(({ body }) => isStep(standOf(body), decision))
  const lines: Row[][] = []
  for (let at = 0; at < able.length; at += limits.OPS) {
    lines.push(able.slice(at, at + limits.OPS))
  }
  return lines
}
