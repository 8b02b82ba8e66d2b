// What an address says, as far as it can be read: it may be old, cut off, or typed by hand.

import type { Id } from '@hushui/sync'
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

const ID = /^[0-7][0-9a-v]{25}$/

export type Address = ReturnType<typeof readAddress>

export function readAddress(query: LocationQuery) {
  /** null also where the name stands there twice. */
  const one = (name: string): string | null => {
    const value = query[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const id = (name: string): Id | null => {
    const value = one(name)
    return value !== null && ID.test(value) ? value : null
  }
  const ms = (name: string): number | null => {
    const value = Number(one(name) ?? Number.NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  const choice = <T extends string>(name: string, of: readonly T[]): T | null =>
    of.find((it) => it === query[name]) ?? null
  return { one, id, ms, choice }
}

/** What every list may be narrowed by. */
export const boundsOf = ({ one, id, ms }: Address) => ({
  ...{ zone: id('zone'), person: id('person'), from: ms('from'), to: ms('to') },
  q: one('q') ?? '',
})

/** Only what is said stands there. */
export const writeAddress = (
  said: Readonly<Record<string, string | number | null>>,
): LocationQueryRaw =>
  Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) =>
      value === null || value === '' ? [] : [[name, String(value)]],
    ),
  )
