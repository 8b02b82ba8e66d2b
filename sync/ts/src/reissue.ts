// After a fork: the lines the server has not got go out again under a new device (P05).

import type { At } from './entry.ts'
import type { Draft } from './feed.ts'
import type { Id } from './ids.ts'
import type { State } from './state.ts'

export interface Reissued {
  readonly device: Id
  /** As it was: the same wall time is part of being the same line (P08). */
  readonly at: At
  readonly draft: Draft
}

/** The lines after `n`, the last common one, in order, each with its old id. */
export function reissue(state: State, n: number, newDevice: Id): Reissued[] {
  return [...state.lines.values()]
    .filter((line) => line.n > n)
    .sort((a, b) => a.n - b.n)
    .map(({ entry: { id, at, ops, blobs, replaces } }) => ({
      device: newDevice,
      at,
      draft: { id, ops, blobs, ...(replaces === undefined ? {} : { replaces }) },
    }))
}
