// Effective time (T03), what the reviewer is told about a clock (T05), and the offset (T02).

import { AHEAD_MS, CLOCK_OFF_MS, LATE_MS } from './limits.ts'

/** Milliseconds. `contact` is null when the ledger does not know it: no lower bound (T04). */
export function effective(line: {
  readonly wall: number
  readonly offset: number
  readonly previous: number | null
  readonly contact: number | null
  readonly received: number
}): number {
  const { wall, offset, previous, contact, received } = line
  let eff = Math.min(wall - offset, received)
  if (contact !== null) eff = Math.max(eff, contact)
  if (previous !== null) eff = Math.max(eff, previous)
  return eff
}

export type ClockFlag = 'clock_off' | 'late' | 'ahead'

export function clockFlags(line: {
  readonly wall: number
  readonly offset: number
  readonly received: number
}): ClockFlag[] {
  const { wall, offset, received } = line
  const flags: ClockFlag[] = []
  if (Math.abs(offset) > CLOCK_OFF_MS) flags.push('clock_off')
  if (received - (wall - offset) > LATE_MS) flags.push('late')
  if (wall - offset - received > AHEAD_MS) flags.push('ahead')
  return flags
}

/** The phone's clock minus the server's, in ms (T02). */
export const offsetOf = (wall: number, serverNow: number): number => Math.round(wall - serverNow)

export const isClockOff = (offset: number): boolean => Math.abs(offset) > CLOCK_OFF_MS
