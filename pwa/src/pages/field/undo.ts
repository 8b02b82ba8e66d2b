// The one thing that can still be taken back. It outlives the page that offered it: after a save
// people go on at once.

import { computed, shallowRef } from 'vue'
import { StorageFull } from '../../app.ts'
import { now } from '../../ports.ts'

export interface Undo {
  readonly key: string
  readonly words: string
  /** Writes the second line that takes the first back; rejects where it could not be written. */
  readonly run: () => Promise<unknown>
}

const UNDO_MS = 10_000

/** What was to be taken back stands as it was. */
interface FailedUndo {
  readonly undo: Undo
  readonly why: 'undoFull' | 'undoFailed'
}

const offered = shallowRef<{ readonly undo: Undo; readonly until: number } | null>(null)
const failed = shallowRef<FailedUndo | null>(null)

export const pendingUndo = computed(() => offered.value?.undo ?? null)
export const failedUndo = computed(() => failed.value)

/** Of the ten seconds what is left when a page takes it over. */
export function secondsLeft(): number {
  const left = (offered.value?.until ?? 0) - now()
  return Math.max(1, Math.ceil(left / 1000))
}

export function offerUndo(undo: Undo): void {
  failed.value = null
  offered.value = { undo, until: now() + UNDO_MS }
}

export function dropUndo(): void {
  offered.value = null
  failed.value = null
}

/**
 * On the camera and the pocket screen nothing counts down: what ran out meanwhile is gone, and so is
 * what was read on the page before.
 */
export function dropLateUndo(): void {
  failed.value = null
  if (offered.value && now() > offered.value.until) dropUndo()
}

/** Once more too, where it could not be written. */
export async function runUndo(): Promise<void> {
  const undo = offered.value?.undo ?? failed.value?.undo
  dropUndo()
  try {
    await undo?.run()
  } catch (error) {
    if (undo) failed.value = { undo, why: error instanceof StorageFull ? 'undoFull' : 'undoFailed' }
  }
}
