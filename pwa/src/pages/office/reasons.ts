// Reasons at hand, A to F; own words are always possible.

const RETURN = ['figures', 'chainage', 'dark', 'noOverview', 'far', 'level'] as const
const REJECT = ['twice', 'elsewhere', 'trial', 'unclear'] as const

/** Keys of words. */
export const reasonsFor = (decision: 'returned' | 'rejected'): readonly string[] =>
  decision === 'returned'
    ? RETURN.map((reason) => `review.reason.${reason}`)
    : REJECT.map((reason) => `office.reject.${reason}`)
