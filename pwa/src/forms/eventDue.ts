// Until when an event has to be dealt with, by its class, and since when it is. Pure; the days are those of
// the table.

import type { Event } from '../generated/kinds.ts'
import { tables } from '../generated/tables.ts'
import { decide } from './cel.ts'
import { removal, type Course } from './reportDue.ts'

const DAY = 24 * 60 * 60_000

export interface Limit {
  /** ms */
  readonly at: number
  /** 立即制止: there is no time to wait for. */
  readonly isAtOnce: boolean
}

/** null: a class that this app does not know. */
export function eventLimit(code: Event['class'] | undefined, seen: number): Limit | null {
  const row = decide(tables.event_due, { class: code })
  return row ? { at: seen + row.values.days * DAY, isAtOnce: row.values.days === 0 } : null
}

/** What is known of an event; every time in ms. */
export interface Handling extends Pick<Course, 'works' | 'checks'> {
  readonly seen: number
  readonly onSpot: boolean
  /** When pictures of it were taken after it was dealt with. */
  readonly after: readonly number[]
}

/** null: not dealt with, or a check found that it is not. */
export function handledAt({ seen, onSpot, after, works, checks }: Handling): number | null {
  const at = Math.max(seen, ...after)
  const own = onSpot ? [{ started: at, ended: at }] : []
  return removal({ works: [...works, ...own], checks })
}
