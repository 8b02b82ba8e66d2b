// The codes of section 14: for machines. The words for people belong to the app.

export const VERDICTS = ['applied', 'merged', 'noop', 'held', 'refused', 'quarantined'] as const
export type Verdict = (typeof VERDICTS)[number]

export const UNACCEPTED: readonly Verdict[] = ['held', 'refused', 'quarantined']

export const CODES = {
  applied: [],
  merged: ['conflict', 'deleted_meanwhile'],
  noop: ['reissued', 'already'],
  held: ['unknown_kind', 'waits_for', 'right_lost', 'contact_unknown', 'older_version', 'referred'],
  refused: [
    'malformed',
    'wrong_type',
    'out_of_range',
    'too_long',
    'unknown_choice',
    'required',
    'blocked',
    'no_right',
    'decided',
    'id_reused',
    'declined',
  ],
  quarantined: ['unreadable', 'line_too_long', 'device_revoked', 'internal'],
} as const satisfies Record<Verdict, readonly string[]>
export type Code = (typeof CODES)[Verdict][number]

export type CaptureCode =
  | 'line_too_long'
  | 'no_op'
  | 'too_many_ops'
  | 'too_many_fields'
  | 'too_many_blobs'
  | 'too_deep'
  | 'integer_too_large'

/** What a capture must not freeze, because every server would refuse it. Nothing was written. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  constructor(
    readonly code: CaptureCode,
    readonly count: number,
    readonly max: number,
  ) {
    super(`${code}: ${count}, at most ${max}`)
  }
}
