// The camera inside the page: opened once the draft is safe, closed when the page goes.

import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { useApp, type Camera, type CameraOutcome } from '../../app.ts'

export function useCamera(video: () => HTMLVideoElement | null | undefined) {
  const { photos } = useApp()
  const camera = shallowRef<Camera | null>(null)
  const trouble = ref<Extract<CameraOutcome, { ok: false }>['reason'] | null>(null)
  const torch = computed(() => camera.value?.torch.value ?? null)
  let left = false

  onBeforeUnmount(() => {
    left = true
    camera.value?.close()
  })

  async function open(): Promise<void> {
    const place = video()
    if (!place || left) return
    trouble.value = null
    const outcome = await photos.openCamera(place)
    if (!outcome.ok) trouble.value = outcome.reason
    else if (left) outcome.camera.close()
    else camera.value = outcome.camera
  }

  return { camera, trouble, torch, open }
}
