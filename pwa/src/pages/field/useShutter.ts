// Taking a photo: what it waits for, what it says when it fails, and who waits for it on the way out.

import { onBeforeUnmount, ref, shallowRef } from 'vue'
import { useI18n } from '../../text/i18n.ts'
import { onBeforeRouteLeave } from 'vue-router'
import {
  useApp,
  type Camera,
  type LiveFilm,
  type OpenDraft,
  type PhotoAbout,
  type PhotoOutcome,
} from '../../app.ts'
import type { Slot } from '../../forms/engine.ts'
import { placeNow } from './place.ts'
import { setValue, valuesOf } from './useDraft.ts'

/** Called before the draft is taken up: what leaves the page is told so before the draft is closed. */
export function useShutter(
  draft: () => OpenDraft | null,
  slot: () => Slot | undefined,
  next: () => Promise<void>,
  /** Of the record, that the photo shows. */
  field: () => string | undefined = () => undefined,
) {
  const app = useApp()
  const { t } = useI18n()
  const shooting = ref(false)
  const flash = ref(false)
  /** In words: why the photo is not there. */
  const unsaved = ref<string | null>(null)
  /** On the way out: whatever the camera still does, nothing is sent from here any more. */
  let leaving = false
  let left = false
  let developing: Promise<unknown> = Promise.resolve()

  /** The video that is being recorded. */
  const film = shallowRef<LiveFilm | null>(null)

  onBeforeRouteLeave(() => {
    leaving = true
    film.value?.stop()
  })
  onBeforeUnmount(() => {
    left = true
    film.value?.stop()
  })

  const about = (): PhotoAbout => {
    const shown = field()
    return { slot: slot() ?? 'scene', ...(shown === undefined ? {} : { field: shown }) }
  }

  async function shoot(camera: Camera | null) {
    const open = draft()
    if (!open || !camera || shooting.value) return
    await taking(() => open.shoot(camera, about()))
  }

  async function addFile(file: File) {
    const open = draft()
    if (open) await taking(() => open.addFile(file, about()))
  }

  /** Begins a video; pressed again, it ends and is kept. */
  async function record(camera: Camera | null) {
    if (film.value) {
      film.value.stop()
      return
    }
    const open = draft()
    if (!open || !camera || shooting.value) return
    await taking(async () => {
      const live = await open.film(camera, about())
      if (live === null) return { ok: false, reason: 'too_many' }
      film.value = live
      // Nobody is there any more to end it.
      if (left || leaving) live.stop()
      return live.done.finally(() => (film.value = null))
    }, false)
  }

  async function taking(act: () => Promise<PhotoOutcome>, flashes = true) {
    shooting.value = true
    unsaved.value = null
    flash.value = flashes
    setTimeout(() => (flash.value = false), 120)
    placeAgain()
    const shot = act()
    developing = shot
    const outcome = await shot
    shooting.value = false
    if (left || leaving) return
    if (outcome.ok) {
      app.vibrate('saved')
      await next()
    } else {
      app.vibrate('trouble')
      unsaved.value =
        outcome.reason === 'storage_full' ? t('camera.storageFull') : t(`camera.${outcome.reason}`)
    }
  }

  /** Where one stood when the picture was taken, not when the form was opened. */
  function placeAgain() {
    const open = draft()
    if (!open?.data.isNew || open.data.page['byHand'] === true || !('fix' in app.position.value))
      return
    if (open.data.page['after'] === undefined || slot() === 'after') return
    const zone = valuesOf(open)['zone']
    const now = placeNow(app.position.value, typeof zone === 'string' ? zone : null)
    for (const [name, value] of Object.entries(now)) setValue(open, name, value)
  }

  /** The photo on its way first; the page may stay, where the next one cannot be fetched. */
  async function going(go: () => Promise<unknown>) {
    leaving = true
    film.value?.stop()
    try {
      await developing
      await go()
    } finally {
      leaving = false
    }
  }

  return { shooting, flash, unsaved, film, shoot, record, addFile, going }
}
