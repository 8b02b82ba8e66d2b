// The one thing that can still be taken back. It outlives the page that offered it: after a save
// people go on at once.

import { computed, shallowRef } from 'vue'
import { now } from '../../ports.ts'

export interface Undo {
  readonly key: string
  readonly words: string
  /** Writes the second line that takes the first back. */
  readonly run: () => Promise<void>
}

const UNDO_MS = 10_000

const offered = shallowRef<{ readonly undo: Undo; readonly until: number } | null>(null)

export const pendingUndo = computed(() => offered.value?.undo ?? null)

/** Of the ten seconds what is left when a page takes it over. */
export function secondsLeft(): number {
  const left = (offered.value?.until ?? 0) - now()
  return Math.max(1, Math.ceil(left / 1000))
}

export function offerUndo(undo: Undo): void {
  offered.value = { undo, until: now() + UNDO_MS }
}

export function dropUndo(): void {
  offered.value = null
}

/** On the camera and the pocket screen nothing counts down: what ran out meanwhile is gone. */
export function dropLateUndo(): void {
  if (offered.value && now() > offered.value.until) dropUndo()
}

export async function runUndo(): Promise<void> {
  const undo = offered.value?.undo
  dropUndo()
  await undo?.run()
}
