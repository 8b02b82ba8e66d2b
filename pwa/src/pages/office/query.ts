// The filter as the address carries it, so that it can be sent to a colleague and survives a reload.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { QUEUED } from '../shared/facts.ts'
import type { Filter } from './reading.ts'
import type { ReviewStand } from './wire.ts'

const ID = /^[0-7][0-9a-v]{25}$/

export function filterOf(query: LocationQuery): Filter {
  const one = (name: string) => {
    const value = query[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const id = (name: string) => {
    const value = one(name)
    return value !== null && ID.test(value) ? value : null
  }
  const ms = (name: string) => {
    const value = Number(one(name) ?? Number.NaN)
    return Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  return {
    kind: QUEUED.find((kind) => kind === query['kind']) ?? null,
    ...{ zone: id('zone'), person: id('person'), from: ms('from'), to: ms('to') },
    q: one('q') ?? '',
  }
}

export function queryOf(filter: Filter, state: ReviewStand): LocationQueryRaw {
  const named = Object.entries({ ...filter, state: state === 'pending' ? null : state })
  return Object.fromEntries(
    named.flatMap(([name, value]) =>
      value === null || value === '' ? [] : [[name, String(value)]],
    ),
  )
}
