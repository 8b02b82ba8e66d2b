// How it stands with the server, in numbers.

import { counts, isClockOff } from '@hushui/sync'
import type { State } from '@hushui/sync'
import { computed } from 'vue'
import type { Ref } from 'vue'
import type { App, ClockTrouble, Connection } from '../app.ts'
import type { Current } from './current.ts'
import { createBatch } from './device.ts'
import type { Views } from './views.ts'

export function createContact(
  { device, state: stateNow }: Current,
  views: Views,
  told: Readonly<Ref<number>>,
): Pick<App, 'connection' | 'counts' | 'clock'> {
  const batch = createBatch()
  return {
    connection: computed<Connection>(() => {
      void told.value
      const engine = device.value?.engine
      if (!engine) return { ...NO_CONTACT, state: navigator.onLine ? 'idle' : 'offline' }
      const { online, sending, at, retryAt } = engine.contact()
      const { lines, photos } = counts(engine.state())
      const pending = lines + photos
      const state = !online ? 'offline' : pending === 0 ? 'done' : sending ? 'uploading' : 'idle'
      return { state, ...batch(pending), lastContact: at, retryAt }
    }),
    counts: computed(() => {
      void told.value
      const state = stateNow()
      const { lines, photos } = state ? counts(state) : { lines: 0, photos: 0 }
      const drafts = device.value?.desk.drafts.list.value.length ?? 0
      return { lines, photos, filmed: state ? isFilmed(state) : false, drafts, ...views.numbers() }
    }),
    clock: computed(() => {
      void told.value
      return clockOf(stateNow())
    }),
  }
}

/** A video of a line has not been received yet. */
function isFilmed(state: State): boolean {
  const films = [...state.blobs.values()].filter((it) => it.mime.startsWith('video/'))
  const waiting = films.filter((it) => it.bytes === 'here' && it.epoch !== state.meta.epoch)
  if (waiting.length === 0) return false
  const named = new Set([...state.lines.values()].flatMap((line) => line.entry.blobs))
  return waiting.some((it) => named.has(it.sha256))
}

const NO_CONTACT: Connection = {
  state: 'offline',
  done: 0,
  total: 0,
  lastContact: null,
  retryAt: null,
}

function clockOf(state: State | null): ClockTrouble | null {
  const offset = state?.meta.offset ?? 0
  if (!isClockOff(offset)) return null
  return { way: offset > 0 ? 'fast' : 'slow', minutes: Math.round(Math.abs(offset) / 60_000) }
}
