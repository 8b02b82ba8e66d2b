import { describe, expect, test, vi } from 'vitest'
import { IDLE_MS, WARN_MS, watchIdle, type Kept } from './idle.ts'

const START = 1_000_000_000

/** Time passes second by second when a test says so; tabs share what is kept. */
function world() {
  let at = START
  let kept: number | null = null
  const ticks = new Set<() => void>()
  const keeping: Kept = { read: () => kept, write: (it) => (kept = it) }
  const clock = {
    now: () => at,
    every: (_: number, call: () => void) => {
      ticks.add(call)
      return () => ticks.delete(call)
    },
  }
  return {
    open: () => {
      const onOut = vi.fn()
      return { ...watchIdle(clock, keeping, onOut), onOut }
    },
    pass: (ms: number) => {
      for (let gone = 0; gone < ms; gone += 1000) {
        at += 1000
        ;[...ticks].forEach((tick) => tick())
      }
    },
    /** The computer sleeps: no tick, and then it is later. */
    sleep: (ms: number) => (at += ms),
    wake: () => [...ticks].forEach((tick) => tick()),
    ticking: () => ticks.size,
  }
}

describe('at the desk', () => {
  test('nobody is signed out a second before half an hour, and everybody then', () => {
    const { open, pass } = world()
    const desk = open()
    pass(29 * 60_000 + 59_000)
    expect(desk.onOut).not.toHaveBeenCalled()
    pass(1000)
    expect(desk.onOut).toHaveBeenCalledOnce()
  })

  test('it is told one minute before, with what is left, and once only', () => {
    const { open, pass } = world()
    const desk = open()
    pass(IDLE_MS - WARN_MS - 1000)
    expect(desk.left.value).toBeNull()
    pass(1000)
    expect(desk.left.value).toBe(WARN_MS)
    pass(59_000)
    expect(desk.left.value).toBe(1000)
    pass(120_000)
    expect(desk.onOut).toHaveBeenCalledOnce()
  })

  test('a key or a pointer begins the half hour anew, also in the last second', () => {
    const { open, pass } = world()
    const desk = open()
    pass(IDLE_MS - 1000)
    desk.touch()
    expect(desk.left.value).toBeNull()
    pass(IDLE_MS - 1000)
    expect(desk.onOut).not.toHaveBeenCalled()
    pass(1000)
    expect(desk.onOut).toHaveBeenCalledOnce()
  })

  test('a pointer that never rests keeps one in', () => {
    const { open, pass } = world()
    const desk = open()
    for (let second = 0; second < 3 * 3600; second++) {
      desk.touch()
      pass(1000)
    }
    expect(desk.onOut).not.toHaveBeenCalled()
    expect(desk.left.value).toBeNull()
  })

  test('one tab that is used keeps the others in; when none is, all go', () => {
    const { open, pass } = world()
    const [one, other] = [open(), open()]
    pass(IDLE_MS - 1000)
    one.touch()
    pass(IDLE_MS - 1000)
    expect(other.onOut).not.toHaveBeenCalled()
    pass(1000)
    expect([one.onOut.mock.calls.length, other.onOut.mock.calls.length]).toEqual([1, 1])
  })

  test('after sleep the first look signs out, before a key could say that somebody is here', () => {
    const { open, sleep, pass, wake } = world()
    const desk = open()
    pass(60_000)
    sleep(8 * 3_600_000)
    desk.touch()
    expect(desk.onOut).toHaveBeenCalledOnce()
    wake()
    expect(desk.onOut).toHaveBeenCalledOnce()
  })

  test('a browser opened again the next morning is out, not in', () => {
    const { open, sleep } = world()
    open().stop()
    sleep(12 * 3_600_000)
    expect(open().onOut).toHaveBeenCalledOnce()
  })

  test('a clock that is set back signs nobody out, nor keeps him in for ever', () => {
    const { open, sleep, pass } = world()
    const desk = open()
    sleep(-24 * 3_600_000)
    pass(IDLE_MS - 1000)
    expect(desk.onOut).not.toHaveBeenCalled()
    pass(2000)
    expect(desk.onOut).toHaveBeenCalledOnce()
  })

  test('nothing ticks any more once it is over or the page has gone', () => {
    const { open, pass, ticking } = world()
    const desk = open()
    open().stop()
    expect(ticking()).toBe(1)
    pass(IDLE_MS)
    expect(ticking()).toBe(0)
    desk.touch()
    pass(IDLE_MS)
    expect(desk.onOut).toHaveBeenCalledOnce()
  })
})
