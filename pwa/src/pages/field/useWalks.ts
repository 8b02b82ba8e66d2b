// Own patrols as ways on the map, as far as their segments still lie on this phone.

import { shallowRef, watch } from 'vue'
import { useApp, type HsRecord } from '../../app.ts'
import { fixesOf } from '../../geo/segment.ts'
import { partsOf, type Gap, type MapTrack } from '../../map/track.ts'

/** The newest; older ones would hide the ground. */
export const WALKS = 20

export interface Walk extends MapTrack {
  readonly record: HsRecord<'patrol'>
}

export function useWalks() {
  const app = useApp()
  const patrols = app.records.list('patrol', (it) => {
    const session = app.session.value
    return !it.deleted && session.phase === 'enrolled' && it.author === session.person
  })
  const walks = shallowRef<readonly Walk[]>([])
  // A sealed segment never changes; only more of them come.
  const known = new Map<string, Walk>()
  let turn = 0

  async function walkOf(record: HsRecord<'patrol'>): Promise<Walk | null> {
    const segments = record.adds.map(({ set }) => set).filter((set) => set['type'] === 'segment')
    const key = `${record.id} ${record.version} ${segments.length}`
    const held = known.get(key)
    if (held) return held
    const names = segments.flatMap(({ blob }) => (typeof blob === 'string' ? [blob] : []))
    const blobs = await Promise.all(names.map((name) => app.photos.held(name)))
    const fixes = blobs.flatMap((bytes) => (bytes ? readFixes(bytes) : []))
    const gaps = segments.flatMap(({ gap, from, to }) =>
      typeof gap === 'string' ? [{ from: Number(from), to: Number(to), reason: gap } as Gap] : [],
    )
    const parts = partsOf(fixes, gaps)
    if (parts.length === 0) return null
    const walk = { id: record.id, record, parts }
    known.set(key, walk)
    return walk
  }

  watch(
    [patrols, app.patrol.active],
    async () => {
      const now = ++turn
      const running = app.patrol.active.value?.record
      const newest = [...patrols.value]
        .filter((it) => it.id !== running)
        .sort((a, b) => b.captured - a.captured)
        .slice(0, WALKS)
      const found: Walk[] = []
      for (const record of newest) {
        const walk = await walkOf(record).catch(() => null)
        if (walk) found.push(walk)
      }
      const isSame =
        found.length === walks.value.length && found.every((it, n) => it === walks.value[n])
      if (now === turn && !isSame) walks.value = found
    },
    { immediate: true },
  )
  return walks
}

function readFixes(bytes: ArrayBuffer) {
  try {
    return fixesOf(JSON.parse(new TextDecoder().decode(bytes)))
  } catch {
    return []
  }
}
