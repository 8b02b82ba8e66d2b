// The draft of a record that is being put right: stored with the first change, so that what was only
// looked at leaves nothing behind.

import { computed, onBeforeUnmount, shallowRef, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { useApp, type HsRecord, type OpenDraft } from '../../app.ts'
import type { Values } from '../../forms/engine.ts'
import type { useSend } from './send.ts'
import { afterSignOut, draftFor, setValue, valuesOf } from './useDraft.ts'

export function useMending(
  id: string,
  record: Readonly<Ref<HsRecord | null>>,
  { fail, failed }: Pick<ReturnType<typeof useSend>, 'fail' | 'failed'>,
) {
  const app = useApp()
  const draft = shallowRef<OpenDraft | null>(null)
  /** What stood there when it was sent back. */
  const before: Values = { ...record.value?.fields }
  const values = shallowRef<Values>(before)

  const changed = computed(() =>
    Object.keys(values.value).filter(
      (name) => JSON.stringify(values.value[name] ?? null) !== JSON.stringify(before[name] ?? null),
    ),
  )
  const nothing = computed(
    () => changed.value.length === 0 && (draft.value?.photos.value.length ?? 0) === 0,
  )

  let opening: Promise<OpenDraft> | undefined
  function opened(): Promise<OpenDraft> {
    if (!opening) {
      const kind = record.value?.kind ?? 'hazard'
      opening = draftFor(app, kind, id, { after: 'form' }).then((open) => (draft.value = open))
      // Without room now, the next key asks again.
      opening.catch(() => (opening = undefined))
    }
    return opening
  }

  /** null: the phone has no room for it, and that is said. */
  const openedIf = (): Promise<OpenDraft | null> =>
    opened().catch((error: unknown) => {
      fail(error)
      return null
    })

  /** Where it was begun before, it goes on from there. */
  async function resume(): Promise<void> {
    values.value = { ...before, ...valuesOf(await opened()) }
  }

  async function set(name: string, value: unknown): Promise<void> {
    values.value = { ...values.value, [name]: value }
    const open = await openedIf()
    if (!open) return
    failed.value = null
    if (name === 'level') open.data.page = { ...open.data.page, levelByHand: true }
    // Also what was typed while there was no room.
    for (const it of [...changed.value, name]) setValue(open, it, values.value[it])
  }

  let sent = false
  let left = false
  /** The lock takes the page away and leaves its route. */
  onBeforeUnmount(() => {
    if (!sent && !left) void opening?.then((open) => open.close())
  })
  const mayFail = afterSignOut(app)
  onBeforeRouteLeave(async (to) => {
    if (sent || !opening) return true
    left = true
    // Changed back, it is as if it had only been looked at; the camera and the form go on with it.
    const goesOn = to.name === 'camera' || to.name === 'draft'
    const end = (open: OpenDraft) => (nothing.value && !goesOn ? open.remove() : open.close())
    await mayFail(opening.then(end))
    return true
  })

  /** Submitted: nothing is left to close. */
  const finished = () => (sent = true)

  return { draft, before, values, changed, nothing, openedIf, resume, set, finished }
}
