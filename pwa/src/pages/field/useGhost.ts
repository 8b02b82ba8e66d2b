// The picture before, to be laid over the finder of the one after: of the draft, of the record as it was
// reported, or of what the record is about.

import { computed, onScopeDispose, ref, watch } from 'vue'
import { useApp, type OpenDraft } from '../../app.ts'
import type { Slot, Values } from '../../forms/engine.ts'
import { valuesOf } from './useDraft.ts'

export type GhostState = 'none' | 'loading' | 'there' | 'gone'

/** How much of it is seen. */
export const STRENGTHS = { weak: 0.25, middle: 0.45, strong: 0.7 } as const
export type Strength = keyof typeof STRENGTHS

/** What can hardly draw the finder alone draws no second picture over it unasked. */
const GIGABYTES_FEW = 1
const isSlow = () =>
  ((navigator as { deviceMemory?: number }).deviceMemory ?? Infinity) <= GIGABYTES_FEW

/** As the person left them, until the app is opened anew. */
const on = ref<boolean | null>(null)
const strength = ref<Strength>('middle')

export function useGhost(draft: () => OpenDraft | null, slot: () => Slot | undefined) {
  const { photos, records } = useApp()
  const src = ref<string | null>(null)
  const state = ref<GhostState>('none')

  const own = computed(() => draft()?.photos.value ?? [])
  const earlier = records.photos(() => draft()?.data.record ?? '')
  const of = records.photos(() => {
    const open = draft()
    return open ? aboutOf(valuesOf(open)) : ''
  })
  const wanted = computed(() =>
    slot() !== 'after'
      ? null
      : (pick(own.value, ['before']) ??
        pick(earlier.value, ['before', 'scene']) ??
        pick(of.value, ['before', 'scene']) ??
        pick(own.value, ['scene'])),
  )

  let held: string | null = null

  async function find(sha256: string | null): Promise<void> {
    letGo()
    state.value = sha256 === null ? 'none' : 'loading'
    if (sha256 === null) return
    held = sha256
    const url = await photos.url(sha256)
    if (held !== sha256) return
    src.value = url
    state.value = url === null ? 'gone' : 'there'
  }

  function letGo(): void {
    if (held !== null) photos.release(held)
    held = src.value = null
  }

  watch(wanted, find, { immediate: true })
  onScopeDispose(letGo)

  return {
    /** Only the picture after has one before it. */
    isAsked: computed(() => slot() === 'after'),
    src,
    state,
    strength,
    on: computed({ get: () => on.value ?? !isSlow(), set: (it) => (on.value = it) }),
    again: () => find(wanted.value),
  }
}

const aboutOf = (values: Values): string =>
  [values['target'], values['hazard'], values['subject']].find((it) => typeof it === 'string') ?? ''

/** The newest of the first slot that has any: after a second try, the angle of the second. */
function pick(
  all: readonly { readonly sha256: string; readonly slot: Slot; readonly taken: number }[],
  slots: readonly Slot[],
): string | null {
  for (const slot of slots) {
    const [newest] = all.filter((it) => it.slot === slot).sort((a, b) => b.taken - a.taken)
    if (newest) return newest.sha256
  }
  return null
}
