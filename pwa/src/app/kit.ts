// What pages fetch later is handed what the shell has: an import of it there would cut the shell into
// pieces, and each piece is fetched, and zipped, for itself.

import type { isClockOff, load } from '@hushui/sync'
import type { computed } from 'vue'
import type { openCache } from '../db/cache.ts'
import type { Devices, newRow } from '../db/devices.ts'
import type { openOutbox } from '../db/outbox.ts'
import type { newId, now, pinHash, randomBytes } from '../ports.ts'
import type { blobsNow, pendingOf } from '../sync/engine.ts'
import type { call, wordsOf } from './api.ts'
import type { Current } from './current.ts'
import type { engineOf, failureOf, isLater } from './device.ts'
import type { Ending } from './ending.ts'
import type { enrolDevice, json, plainFetch, signInDevice } from './enrol.ts'
import type { storageNow } from './phone.ts'
import type { surprisesKept } from './surprises.ts'

export interface Kit {
  /** `pwa/` and the version. */
  readonly version: string
  readonly current: Current
  readonly devices: Devices
  readonly ending: Ending
  syncNow(): void
  readonly computed: typeof computed
  readonly load: typeof load
  readonly isClockOff: typeof isClockOff
  readonly openCache: typeof openCache
  readonly openOutbox: typeof openOutbox
  readonly newId: typeof newId
  readonly newRow: typeof newRow
  readonly now: typeof now
  readonly pinHash: typeof pinHash
  readonly randomBytes: typeof randomBytes
  readonly blobsNow: typeof blobsNow
  readonly pendingOf: typeof pendingOf
  readonly call: typeof call
  readonly wordsOf: typeof wordsOf
  readonly engineOf: typeof engineOf
  readonly failureOf: typeof failureOf
  readonly isLater: typeof isLater
  readonly enrolDevice: typeof enrolDevice
  readonly signInDevice: typeof signInDevice
  readonly json: typeof json
  readonly plainFetch: typeof plainFetch
  readonly storageNow: typeof storageNow
  readonly surprisesKept: typeof surprisesKept
}
