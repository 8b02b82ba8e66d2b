// What the core says, and what follows from it: what pages draw anew, what a person must know, and
// the feed that goes on elsewhere.

import type { Notice, Receipt } from '@hushui/sync'
import { shallowRef } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import type { Api, Saved, Trouble } from '../app.ts'
import { now } from '../ports.ts'
import type { Current } from './current.ts'
import { failureOf, isLater } from './device.ts'
import { enrolNext } from './fork.ts'
import type { Views } from './views.ts'

export interface Hearing {
  /** Bumped by whatever the core says: numbers and rights are drawn from its state. */
  readonly told: ShallowRef<number>
  readonly trouble: Readonly<Ref<Trouble | null>>
  on(notices: readonly Notice[]): void
  /** Another device was taken up; it may be one that the server does not know. */
  began(isUnknown: boolean): void
  receiptOf(saved: Saved, ms?: number): Promise<Receipt | null>
  /** Another tab moved on: this one comes along. */
  follow(): Promise<void>
}

type Stop = Extract<Notice, { what: 'stopped' }>['stop']
type Fork = Extract<Stop, { why: 'fork' }>

const RECEIPT_MS = 2000
/** Without room to move, asking at once again would never end. */
const MOVE_AGAIN_MS = 300_000

export function createHearing(
  current: Current,
  views: Views,
  get: Api['get'],
  /** This tab moved on to another device. */
  moved: () => void,
): Hearing {
  const told = shallowRef(0)
  const trouble = shallowRef<Trouble | null>(null)
  const waiting = new Set<() => void>()
  /** Lines that are nowhere any more: said as long as nothing else is. */
  let gone: Trouble | null = null
  let isSending = false

  function on(notices: readonly Notice[]): void {
    views.on(notices)
    for (const notice of notices) {
      hear(notice)
      const code = failureOf(notice)
      if (code !== null) void current.note({ failure: { code, at: now() } })
    }
    told.value++
    for (const wake of waiting) wake()
  }

  function hear(notice: Notice): void {
    switch (notice.what) {
      case 'unauthenticated':
      case 'unknown_device':
        trouble.value = { what: notice.what }
        void current.note({ unknown: true })
        return
      case 'stopped':
        onStopped(notice.stop)
        return
      case 'lines_lost':
        trouble.value = gone = { ...notice, what: 'lines_missing' }
        return
      case 'store_failed':
        trouble.value = { what: 'store_failed' }
        return
      case 'rejected':
        trouble.value = { what: 'rejected', status: notice.status, code: notice.code }
        return
      case 'connection':
        onContact()
        return
      case 'counts':
        void current.note({})
        return
      default:
        return
    }
  }

  function onStopped(stop: Stop): void {
    switch (stop.why) {
      case 'fork':
        trouble.value = { what: 'fork' }
        void carryOn(stop)
        return
      case 'lines_missing':
        // They are looked for; `lines_lost` says so when they are gone.
        return
      case 'too_large':
        trouble.value = { what: 'too_large', n: stop.n }
    }
  }

  let isMoving = false
  let moveAt = 0
  async function carryOn(stop: Fork): Promise<void> {
    const device = current.device.value
    if (isMoving || !device || now() < moveAt) return
    isMoving = true
    try {
      const to = await enrolNext(device.outbox, stop)
      // Somebody else may have taken the phone meanwhile.
      if (current.device.value?.row.device !== device.row.device) return
      await move((old) => old.moveTo({ to, after: stop.n, done: false }))
    } catch {
      // Without signal, or the ticket is old: the next push asks again.
    } finally {
      isMoving = false
    }
  }

  async function move(leave: Parameters<Current['move']>[0]): Promise<void> {
    if (await current.move(leave)) {
      trouble.value = gone
      moved()
    } else moveAt = now() + MOVE_AGAIN_MS
  }

  async function follow(): Promise<void> {
    const { outbox } = current.device.value ?? {}
    if (isMoving || !(await outbox?.get('moved'))?.done) return
    isMoving = true
    await current.move(() => Promise.resolve()).catch(() => undefined)
    trouble.value = gone
    isMoving = false
  }

  function onContact(): void {
    const device = current.device.value
    if (!device?.engine) return
    const { sending, online, at } = device.engine.contact()
    if (sending !== isSending) {
      isSending = sending
      views.moving()
    }
    const { greeted, push, lanes } = device.engine.state()
    if (isLater(at, device.row.heardAt)) void current.note({ heardAt: at })
    const isCut = !online || lanes.hello.failures + lanes.push.failures > 0
    const { failure } = device.row
    // Once for each time that it is cut off.
    if (isCut && (failure?.code !== 'offline' || failure.at < (at ?? 0))) {
      void current.note({ failure: { code: 'offline', at: now() } })
    }
    if (!greeted) return
    if (push.stopped === null) trouble.value = gone
    if (device.row.unknown) void current.note({ unknown: false })
    void learnOrg()
  }

  let isLearning = false
  /** The organisation's name: enrolment says only its id. */
  async function learnOrg(): Promise<void> {
    const row = current.device.value?.row
    if (isLearning || !row || row.orgName !== '') return
    isLearning = true
    try {
      const org = await get<{ name?: string; demo?: boolean }>('/api/orgs/me')
      if (current.device.value?.row.device === row.device && typeof org.name === 'string') {
        await current.note({ orgName: org.name, demo: org.demo === true })
      }
    } catch {
      // At the next contact.
    } finally {
      isLearning = false
    }
  }

  async function receiptOf(saved: Saved, ms = RECEIPT_MS): Promise<Receipt | null> {
    const find = () => {
      const lines = current.state()?.lines
      const line = lines?.get(saved.n)
      if (line?.id === saved.entry) return line.receipt
      // On another device it has another n.
      return [...(lines?.values() ?? [])].find(({ id }) => id === saved.entry)?.receipt ?? null
    }
    if (find()) return find()
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer)
        waiting.delete(look)
        resolve()
      }
      const look = () => find() && end()
      const timer = setTimeout(end, ms)
      waiting.add(look)
    })
    return find()
  }

  return {
    told,
    trouble,
    on,
    began: (isUnknown) => {
      trouble.value = isUnknown ? { what: 'unauthenticated' } : null
      told.value++
      onContact()
    },
    receiptOf,
    follow,
  }
}
