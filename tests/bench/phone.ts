// What a phone does with the answers to its first pull: the app's own core and cache, in a browser.
// Only what the phone itself works is counted: reading the JSON, the step, the transaction.

import { openCache } from '../../pwa/src/db/cache.ts'
import { load, step } from '../../sync/ts/src/index.ts'
import type { Effect, Event, Identity, Request } from '../../sync/ts/src/index.ts'

interface Applied {
  readonly rows: number
  readonly reading: number
  readonly stepping: number
  readonly storing: number
}

async function apply(identity: Identity, token: string): Promise<Applied> {
  const cache = await openCache(identity.device)
  const spent = { reading: 0, stepping: 0, storing: 0 }
  const todo: Effect[] = []
  let state = load({ identity, lines: [], ...(await cache.load()) })

  function dispatch(event: Event): void {
    const begun = performance.now()
    const next = step(state, event)
    spent.stepping += performance.now() - begun
    state = next.state
    todo.push(...next.effects)
  }

  async function send(id: number, request: Request): Promise<void> {
    if (request.type !== 'hello' && request.type !== 'pull') throw new Error(request.type)
    const more = request.type === 'hello' ? { wall: Date.now() } : {}
    const response = await fetch(`/api/sync/${request.type}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify({ ...request.body, ...more }),
    })
    const text = await response.text()
    const begun = performance.now()
    const body: unknown = JSON.parse(text)
    spent.reading += performance.now() - begun
    const { status } = response
    dispatch({ type: 'answer', id, status, headers: {}, body, ...moment(), wall: Date.now() })
  }

  dispatch({ type: 'start', ...moment(), online: true })
  for (let effect = todo.shift(); effect; effect = todo.shift()) {
    if (effect.type === 'send') await send(effect.id, effect.request)
    if (effect.type !== 'store') continue
    const begun = performance.now()
    await cache.write(effect.writes)
    spent.storing += performance.now() - begun
    dispatch({ type: 'stored', id: effect.id, ...moment() })
  }
  cache.close()
  let rows = 0
  for (const { members } of state.scopes.values()) rows += members.size
  if (state.round.open || rows === 0) throw new Error(`${rows} rows, and the round is not over`)
  return { rows, ...spent }
}

const moment = (): { readonly now: number } => ({ now: performance.now() })

Object.assign(globalThis, { apply })
