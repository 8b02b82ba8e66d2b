// Lines of people who are not at the phone now: they go on being sent.

import type { Id, Notice } from '@hushui/sync'
import type { DeviceRow } from '../db/devices.ts'
import type { Engine } from '../sync/engine.ts'
import type { Kit } from './kit.ts'

export interface Drains {
  /** For everybody but the device in use. */
  begin(inUse: Id | undefined): Promise<void>
  /** This one is taken up again. */
  end(id: Id): Promise<void>
  close(): Promise<void>
}

export function createDrains(kit: Kit): Drains {
  const { current, devices } = kit
  const running = new Map<Id, { close(): Promise<void> }>()
  /** Between asking for an engine and having it, nobody asks for a second one. */
  const starting = new Set<Id>()

  function change(id: Id, values: Partial<DeviceRow>): void {
    void devices
      .change(id, values)
      .then(current.relist)
      .catch(() => undefined)
  }

  async function begin(inUse: Id | undefined): Promise<void> {
    for (const row of await devices.list()) {
      const { device: id, unsent, office } = row
      // What moved on is sent from where it went.
      const isOther = id !== inUse && row.person !== '' && row.movedTo === null
      // A cookie speaks for whoever signed in last.
      if (!isOther || office || unsent.lines + unsent.photos === 0) continue
      if (!running.has(id) && !starting.has(id)) await start(row)
    }
  }

  async function start(row: DeviceRow): Promise<void> {
    const { device: id } = row
    starting.add(id)
    try {
      const engine = await drain(kit, row, {
        told: (values) => change(id, values),
        done: () => running.delete(id),
      })
      // Taken up again meanwhile.
      if (!starting.has(id)) await engine?.close()
      else if (engine) running.set(id, engine)
    } catch {
      // At the next look.
    } finally {
      starting.delete(id)
    }
  }

  return {
    begin,
    end: async (id) => {
      starting.delete(id)
      await running.get(id)?.close()
      running.delete(id)
    },
    close: async () => {
      starting.clear()
      await Promise.all([...running.values()].map((one) => one.close()))
    },
  }
}

interface Draining {
  /** What is to be noted of this device. */
  told(values: Partial<DeviceRow>): void
  /** Nothing waits any more; it is closed. */
  done(): void
}

async function drain(
  { openOutbox, pendingOf, engineOf, failureOf, isLater, now, version }: Kit,
  row: DeviceRow,
  { told, done }: Draining,
): Promise<Pick<Engine, 'close'> | null> {
  const outbox = openOutbox(row.device)
  let engine: Engine | null = null
  let before = JSON.stringify(row.unsent)
  let { heardAt } = row
  function onNotices(notices: readonly Notice[]): void {
    if (!engine) return
    const unsent = pendingOf(engine.state())
    const failures = notices.flatMap((notice) => failureOf(notice) ?? [])
    const failure = failures.length > 0 ? { code: failures[0] ?? '', at: now() } : null
    const { at } = engine.contact()
    const isNews = JSON.stringify(unsent) !== before || isLater(at, heardAt)
    if (isNews || failure) {
      before = JSON.stringify(unsent)
      heardAt = at ?? heardAt
      const unknown = failure !== null && UNKNOWN.includes(failure.code)
      told({ unsent, heardAt, ...(failure ? { failure } : {}), ...(unknown ? { unknown } : {}) })
    }
    if (unsent.lines + unsent.photos > 0) return
    done()
    void close()
  }
  async function close(): Promise<void> {
    const running = engine
    engine = null
    await running?.close()
    outbox.close()
  }
  engine = await engineOf(outbox, { app: version, onNotices, onHint: () => undefined })
  if (engine) return { close }
  outbox.close()
  return null
}

/** The server did not recognise the token: sending waits for a code. */
const UNKNOWN: readonly string[] = ['unauthenticated', 'unknown_device']
