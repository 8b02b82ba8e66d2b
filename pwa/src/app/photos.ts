// Addresses of pictures: local bytes, else fetched with the device's right; counted, and let go.

import type { Sha256 } from '@hushui/sync'
import { shallowReactive } from 'vue'
import type { Photos } from '../app.ts'
import { openCamera } from '../capture/camera.ts'
import { mediaType } from '../capture/mediaType.ts'

interface Held {
  readonly url: Promise<string | null>
  users: number
}

export interface PhotoParts {
  bytes(sha256: Sha256): Promise<ArrayBuffer | undefined>
  fetch(path: string, init?: RequestInit, timeoutMs?: number): Promise<Response>
  told(sha256: Sha256): void
}

export interface PhotoDesk extends Photos {
  /** Something moved: what was not there may have come. */
  doubt(sha256: Sha256): void
  forget(): void
}

export function createPhotos(parts: () => PhotoParts): PhotoDesk {
  const held = new Map<Sha256, Held>()
  const there = shallowReactive(new Map<Sha256, boolean>())

  async function find(sha256: Sha256): Promise<string | null> {
    try {
      const { bytes, fetch, told } = parts()
      const here = await bytes(sha256)
      if (here) return URL.createObjectURL(new Blob([here], { type: mediaType(here) }))
      // Its name is its content: what the browser keeps never grows old.
      const response = await fetch(`/api/blobs/${sha256}`, { cache: 'default' }, 60_000)
      if (response.ok || response.status === 404) {
        there.set(sha256, response.ok)
        told(sha256)
      }
      return response.ok ? URL.createObjectURL(await response.blob()) : null
    } catch {
      return null
    }
  }

  function drop(sha256: Sha256, one: Held): void {
    held.delete(sha256)
    void one.url.then((url) => url && URL.revokeObjectURL(url))
  }

  return {
    openCamera,
    url: async (sha256) => {
      const one = held.get(sha256) ?? { url: find(sha256), users: 0 }
      held.set(sha256, one)
      one.users++
      const url = await one.url
      // Perhaps there is signal the next time.
      if (url === null && held.get(sha256) === one) held.delete(sha256)
      return url
    },
    held: (sha256) => parts().bytes(sha256),
    release: (sha256) => {
      const one = held.get(sha256)
      if (one && --one.users <= 0) drop(sha256, one)
    },
    isThere: (sha256) => there.get(sha256),
    doubt: (sha256) => {
      if (there.get(sha256) === false) there.delete(sha256)
    },
    forget: () => {
      there.clear()
      held.forEach((one, sha256) => drop(sha256, one))
    },
  }
}
