// Moving and marking in the queue, as values.

import type { Id } from '@hushui/sync'

export interface Queue {
  readonly ids: readonly Id[]
  /** Where one stands; null: the queue is empty. */
  readonly current: Id | null
  readonly marked: ReadonlySet<Id>
  /** Where a range begins. */
  readonly anchor: Id | null
}

export type QueueEvent =
  /** Rows came or went. */
  | { readonly type: 'rows'; readonly ids: readonly Id[] }
  | { readonly type: 'go'; readonly id: Id }
  | { readonly type: 'move'; readonly by: 1 | -1 }
  | { readonly type: 'toggle'; readonly id: Id }
  /** Everything from the anchor to `id`. */
  | { readonly type: 'range'; readonly id: Id }
  /** One step on, marking what one passes. */
  | { readonly type: 'extend'; readonly by: 1 | -1 }
  | { readonly type: 'all' }
  | { readonly type: 'none' }
  /** Decided: they leave, and one stands on the next that stays. */
  | { readonly type: 'left'; readonly ids: readonly Id[] }

export const EMPTY: Queue = { ids: [], current: null, marked: new Set(), anchor: null }

export function queue(state: Queue, event: QueueEvent): Queue {
  switch (event.type) {
    case 'rows': {
      const { ids } = event
      const current = state.current !== null && ids.includes(state.current) ? state.current : null
      return {
        ids,
        current: current ?? neighbour(state, new Set(ids)) ?? ids[0] ?? null,
        marked: new Set([...state.marked].filter((id) => ids.includes(id))),
        anchor: state.anchor !== null && ids.includes(state.anchor) ? state.anchor : null,
      }
    }
    case 'go':
      return { ...state, current: event.id, anchor: event.id }
    case 'move': {
      const next = stepped(state, event.by)
      return next === null ? state : { ...state, current: next, anchor: next }
    }
    case 'toggle': {
      const marked = new Set(state.marked)
      if (!marked.delete(event.id)) marked.add(event.id)
      return { ...state, marked, anchor: event.id }
    }
    case 'range': {
      const from = state.ids.indexOf(state.anchor ?? state.current ?? event.id)
      const to = state.ids.indexOf(event.id)
      if (from < 0 || to < 0) return queue(state, { type: 'toggle', id: event.id })
      const range = state.ids.slice(Math.min(from, to), Math.max(from, to) + 1)
      return { ...state, marked: new Set([...state.marked, ...range]) }
    }
    case 'extend': {
      const next = stepped(state, event.by)
      if (next === null || state.current === null) return state
      const marked = new Set([...state.marked, state.current, next])
      return { ...state, current: next, marked }
    }
    case 'all':
      return { ...state, marked: new Set(state.ids) }
    case 'none':
      return { ...state, marked: new Set() }
    case 'left': {
      const gone = new Set(event.ids)
      const ids = state.ids.filter((id) => !gone.has(id))
      return queue(state, { type: 'rows', ids })
    }
  }
}

/** null at the ends. */
function stepped({ ids, current }: Queue, by: 1 | -1): Id | null {
  if (current === null) return ids[0] ?? null
  return ids[ids.indexOf(current) + by] ?? null
}

/** The next below that stays, else the next above. */
function neighbour({ ids, current }: Queue, staying: ReadonlySet<Id>): Id | null {
  const at = current === null ? -1 : ids.indexOf(current)
  if (at < 0) return null
  const below = ids.slice(at + 1).find((id) => staying.has(id))
  const above = ids.slice(0, at).filter((id) => staying.has(id))
  return below ?? above.at(-1) ?? null
}
