// Photos hashed here, from the bytes that came: whether each is what its name says.

import { computed, shallowRef, watch, type Ref } from 'vue'
import { sha256 } from '../../ports.ts'
import { usePhotoUrls } from '../shared/photoUrls.ts'
import type { NamedPhoto } from './wire.ts'

export function usePictures(photos: Readonly<Ref<readonly NamedPhoto[]>>) {
  const urls = usePhotoUrls(
    computed(() => photos.value.filter((it) => it.received !== null).map((it) => it.sha256)),
  )
  /** By hash; nothing where it was not checked. */
  const agrees = shallowRef<ReadonlyMap<string, boolean>>(new Map())
  watch(
    () => [...urls.keys()].join(' '),
    async () => {
      for (const [name, url] of urls) {
        if (agrees.value.has(name)) continue
        try {
          const bytes = await (await fetch(url)).arrayBuffer()
          agrees.value = new Map([...agrees.value, [name, (await sha256(bytes)) === name]])
        } catch {
          // It stays unchecked, and the page says so.
        }
      }
    },
    { immediate: true },
  )
  return { urls, agrees }
}
