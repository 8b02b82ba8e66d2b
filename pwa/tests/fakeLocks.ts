// navigator.locks as two tabs of one browser share it; this test environment has none.

type Work = (lock: object | null) => Promise<unknown>

export function fakeLocks() {
  const held = new Set<string>()
  const waiting = new Map<string, (() => void)[]>()

  async function request(name: string, options: LockOptions, work: Work): Promise<unknown> {
    if (held.has(name) && options.ifAvailable) return work(null)
    while (held.has(name)) {
      await new Promise<void>((resolve) => {
        waiting.set(name, [...(waiting.get(name) ?? []), resolve])
      })
    }
    held.add(name)
    try {
      return await work({})
    } finally {
      held.delete(name)
      const next = waiting.get(name) ?? []
      waiting.delete(name)
      for (const resolve of next) resolve()
    }
  }
  return { request }
}
