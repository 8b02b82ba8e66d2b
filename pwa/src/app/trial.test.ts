import { describe, expect, it } from 'vitest'
import type { Step } from '../app.ts'
import { runTrial } from './trial.ts'
import type { Trial } from './trial.ts'

const NOW = Date.UTC(2026, 10, 22, 6)

const answer = (status: number, body: object, type = 'application/json', date = NOW): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': type, date: new Date(date).toUTCString() },
  })

function trial(changes: Partial<Trial> = {}): Trial {
  return {
    isOnline: () => true,
    now: () => NOW,
    ask: async () => answer(200, { status: 'ok' }),
    askAsOne: async () => answer(200, { name: '南河站' }),
    writeRead: async () => undefined,
    room: async () => ({ usage: 1, quota: 2_000_000_000 }),
    unsent: () => ({ lines: 0, photos: 0 }),
    syncNow: () => undefined,
    isClockOff: (offset) => Math.abs(offset) > 120_000,
    changed: async () => undefined,
    ...changes,
  }
}

async function answers(changes: Partial<Trial> = {}): Promise<Record<string, string>> {
  const heard: number[] = []
  const steps = await runTrial(trial(changes), (found) => heard.push(found.length))
  expect(heard, 'each is told as it is answered').toEqual(steps.map((_, n) => n + 1))
  return Object.fromEntries(steps.map(({ name, tone, answer: code }) => [name, `${tone} ${code}`]))
}

const cut = () => Promise.reject(new TypeError('no network'))

describe('the trial of the way to the server', () => {
  it('finds nothing where all is well', async () => {
    expect(await answers()).toEqual({
      ...{ network: 'ok on', server: 'ok reached', signed_in: 'ok known', clock: 'ok right' },
      ...{ storage: 'ok room', send: 'ok nothing' },
    })
  })

  it('stops at the network, and still looks whether the phone can store', async () => {
    const found = await answers({ isOnline: () => false, ask: cut })
    expect(found).toEqual({ network: 'bad off', server: 'bad silent', storage: 'ok room' })
  })

  it.each([
    ['a sign-in page of a public network', answer(200, {}, 'text/html')],
    ['a proxy that has lost it', answer(502, {}, 'text/html')],
  ])('knows %s from the server', async (_what, page) => {
    expect((await answers({ ask: async () => page }))['server']).toBe('bad stranger')
  })

  it.each([
    [403, 'device_revoked', 'bad revoked'],
    [401, 'unauthenticated', 'bad unknown'],
    [401, 'unknown_device', 'bad unknown'],
    [403, 'forbidden', 'bad refused'],
    [500, 'internal', 'bad refused'],
  ])('says what %i %s means', async (status, code, said) => {
    const found = await answers({ askAsOne: async () => answer(status, { code }) })
    expect(found['signed_in']).toBe(said)
  })

  it('says so when it is cut off in the middle', async () => {
    expect((await answers({ askAsOne: cut }))['signed_in']).toBe('bad silent')
  })

  it.each([
    [7, 'careful slow'],
    [-7, 'careful fast'],
    [1, 'ok right'],
  ])('finds a server %i minutes ahead', async (minutes, said) => {
    const ask = async () => answer(200, {}, 'application/json', NOW + minutes * 60_000)
    expect((await answers({ ask }))['clock']).toBe(said)
  })

  it('says nothing of the clock where the answer has no date', async () => {
    const ask = async () => Response.json({})
    expect(await answers({ ask })).not.toHaveProperty('clock')
  })

  it.each<[string, Partial<Trial>, string]>([
    ['cannot be written', { writeRead: cut }, 'bad cannot'],
    ['is nearly full', { room: async () => ({ usage: 9, quota: 10 }) }, 'careful tight'],
    ['does not say', { room: async () => ({ usage: null, quota: null }) }, 'ok writes'],
  ])('storage that %s', async (_what, changes, said) => {
    expect((await answers(changes))['storage']).toBe(said)
  })

  it.each([
    [[3, 1, 0], 'ok all'],
    [[3, 3, 3], 'bad stuck'],
    [[3, 2, 2], 'careful some'],
  ])('really sends: left %j', async (left, said) => {
    let at = 0
    let wall = NOW
    const found = await answers({
      now: () => wall,
      unsent: () => ({ lines: left[Math.min(at, 2)] ?? 0, photos: 0 }),
      changed: async (ms) => {
        at++
        if (at > 2) wall += ms
      },
    })
    expect(found['send']).toBe(said)
  })

  it('says with numbers how it stands', async () => {
    const steps: readonly Step[] = await runTrial(
      trial({ unsent: () => ({ lines: 2, photos: 1 }), now: clock() }),
      () => undefined,
    )
    expect(steps.at(-1)?.values).toEqual({ lines: 2, photos: 1 })
  })
})

/** Four seconds later each time. */
function clock(): () => number {
  let at = NOW
  return () => (at += 4000)
}
