// A draft while a page shows it: taken up where it stood, closed with all its changes before the next
// page takes it up.

import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import type { Id, JsonObject } from '@hushui/sync'
import { useApp, type App, type DraftPreset, type DraftSummary, type OpenDraft } from '../../app.ts'
import type { KindCode } from '../../generated/kinds.ts'
import type { Values } from '../../forms/engine.ts'

export function useDraft(id: string) {
  const app = useApp()
  const draft = shallowRef<OpenDraft | null>(null)
  /** Submitted or removed meanwhile. */
  const gone = ref(false)
  let closed = false

  const ready = app.drafts.resume(id).then(async (found) => {
    if (closed) await found?.close()
    else if (found) draft.value = found
    else gone.value = true
    return found
  })

  async function close() {
    if (closed) return
    closed = true
    try {
      await draft.value?.close()
    } catch (error) {
      // Not on the disk: whoever goes once more saves once more. Where the page goes all the same, the
      // draft stays open, and who takes it up next has all that was typed.
      closed = false
      throw error
    }
  }
  const mayFail = afterSignOut(app)
  onBeforeRouteLeave(async () => {
    await mayFail(close())
    closed = true
    return true
  })
  onBeforeUnmount(() => void close())

  return {
    draft,
    gone,
    ready,
    /** Submitted or removed: nothing is left to close. */
    finished: () => (closed = true),
  }
}

/**
 * What could not be saved keeps its page in sight, but not from the one who has signed out: the next
 * person would read it.
 */
export function afterSignOut(app: App): (saving: Promise<unknown>) => Promise<unknown> {
  const isIn = () => app.session.value.phase !== 'none'
  const wasIn = isIn()
  return (saving) =>
    saving.catch((error: unknown) => {
      if (!wasIn || isIn()) throw error
    })
}

/** The draft about a record that is out already: the one begun, else a new one. */
export async function draftFor<K extends KindCode>(
  app: App,
  kind: K,
  record: Id,
  page: JsonObject,
  preset: Pick<DraftPreset<K>, 'fields' | 'replaces'> = {},
): Promise<OpenDraft<K>> {
  const begun = begunFor(app, record, preset.replaces)
  const resumed = begun ? await app.drafts.resume<K>(begun.id) : null
  if (!resumed) return app.drafts.open(kind, { ...preset, record, page })
  resumed.data.page = { ...resumed.data.page, ...page }
  return resumed
}

/**
 * The draft begun about a record, as long as a page shows it: taken up when there is one, put away
 * again when nothing was photographed after all.
 */
export function useBegun(record: () => Id | undefined) {
  const app = useApp()
  /** A correction that somebody began has words of its own: those are never put away. */
  const isUntouched = (found: OpenDraft) => {
    const standing: Values | undefined = app.records.get(found.data.record).value?.fields
    return (
      standing !== undefined &&
      Object.entries(valuesOf(found)).every(
        ([name, it]) => JSON.stringify(it) === JSON.stringify(standing[name]),
      )
    )
  }
  const draft = shallowRef<OpenDraft | null>(null)
  let over = false

  const ready = (async () => {
    const id = record()
    const begun = id === undefined ? undefined : begunFor(app, id)
    const found = begun ? await app.drafts.resume(begun.id) : null
    if (over) await found?.close()
    else if (found && found.photos.value.length === 0 && isUntouched(found)) await found.remove()
    else draft.value = found
  })()

  async function close() {
    if (over) return
    over = true
    await ready
    await draft.value?.close()
  }
  onBeforeRouteLeave(close)
  onBeforeUnmount(() => void close().catch(() => undefined))

  return { draft, finished: () => (draft.value = null) }
}

/** `replaces`: the unaccepted line that it puts right; a correction else. */
export const begunFor = (
  app: App,
  record: Id,
  replaces: Id | null = null,
): DraftSummary | undefined =>
  app.drafts.list.value.find((it) => it.record === record && !it.isNew && it.replaces === replaces)

export const valuesOf = (draft: OpenDraft): Values => draft.data.fields as Values

export function setValue(draft: OpenDraft, name: string, value: unknown): void {
  ;(draft.data.fields as Record<string, unknown>)[name] = value
}
