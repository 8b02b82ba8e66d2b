// The filter as the address carries it, so that it can be sent to a colleague and survives a reload.

import type { LocationQuery, LocationQueryRaw } from 'vue-router'
import { QUEUED } from '../shared/facts.ts'
import { boundsOf, readAddress, writeAddress } from './address.ts'
import type { Filter } from './reading.ts'
import { REVIEW_STANDS, type ReviewStand } from './wire.ts'

export function filterOf(query: LocationQuery): Filter {
  const address = readAddress(query)
  return { kind: address.choice('kind', QUEUED), ...boundsOf(address) }
}

export const standIn = (query: LocationQuery): ReviewStand =>
  readAddress(query).choice('state', REVIEW_STANDS) ?? 'pending'

export const queryOf = (filter: Filter, state: ReviewStand): LocationQueryRaw =>
  writeAddress({ ...filter, state: state === 'pending' ? null : state })
