// Addresses of pictures, held while a page shows them.

import { computed, onScopeDispose, shallowReactive, watch, type Ref } from 'vue'
import { useApp } from '../../app.ts'

/** sha256 → address; nothing while it is fetched or when it is not to be had. */
export function usePhotoUrls(
  wanted: Readonly<Ref<readonly string[]>>,
): Readonly<Map<string, string>> {
  const { photos } = useApp()
  const urls = shallowReactive(new Map<string, string>())
  const asked = new Set<string>()
  const missing = shallowReactive(new Set<string>())
  let gone = false

  async function fetchOne(sha256: string) {
    const url = await photos.url(sha256)
    if (gone) photos.release(sha256)
    else if (url !== null) urls.set(sha256, url)
    else if (photos.isThere(sha256) === false) missing.add(sha256)
  }

  watch(
    wanted,
    (all) => {
      for (const sha256 of all) {
        if (asked.has(sha256)) continue
        asked.add(sha256)
        void fetchOne(sha256)
      }
    },
    { immediate: true },
  )

  // Perhaps it has come by now.
  const doubted = computed(() => [...missing].filter((it) => photos.isThere(it) === undefined))
  watch(doubted, (all) => {
    for (const sha256 of all) {
      missing.delete(sha256)
      void fetchOne(sha256)
    }
  })

  onScopeDispose(() => {
    gone = true
    for (const sha256 of urls.keys()) photos.release(sha256)
  })
  return urls
}
