// What records are called that a page names by their id: those this browser holds, else asked for one
// by one, and kept.

import type { Id, JsonObject } from '@hushui/sync'
import { shallowReactive, watch } from 'vue'
import { ApiProblem, useApp, type Api } from '../../../app.ts'
import type { KindCode } from '../../../generated/kinds.ts'
import { freshTurn } from '../fresh.ts'
import { readRecord } from '../reading.ts'

interface Named {
  readonly kind: KindCode
  readonly fields: JsonObject
}

/** undefined: being asked for, or it was in vain. null: it does not exist, or not for this person. */
type Known = Named | null | undefined

const ABREAST = 4

const known = shallowReactive(new Map<Id, Known>())
/** Asked for in vain. Not again at once: whoever draws it would ask without end. */
const failed = new Set<Id>()
watch(freshTurn, () => {
  for (const id of failed) known.delete(id)
  failed.clear()
})
const waiting: Id[] = []
let running = 0

/** Another person sits down at this browser. */
export function forgetNames(): void {
  known.clear()
  failed.clear()
}

export function useNames() {
  const { api, records } = useApp()

  return (id: Id): Known => {
    const here = records.get(id).value
    if (here) return { kind: here.kind, fields: here.fields as JsonObject }
    if (!known.has(id)) {
      known.set(id, undefined)
      waiting.push(id)
      // Not while a page is being drawn.
      void Promise.resolve().then(() => work(api))
    }
    return known.get(id)
  }
}

async function work(api: Api): Promise<void> {
  if (running >= ABREAST) return
  running++
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) await look(api, id)
  running--
}

async function look(api: Api, id: Id): Promise<void> {
  try {
    const { body } = await readRecord(api, id)
    known.set(id, { kind: body.kind, fields: body.fields })
  } catch (error) {
    const isGone = error instanceof ApiProblem && error.status === 404
    if (isGone) known.set(id, null)
    else failed.add(id)
  }
}
