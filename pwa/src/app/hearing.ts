// What the core says, and what follows from it: what pages draw anew, what a person must know, and
// the feed that goes on elsewhere.

import type { Notice, Receipt } from '@hushui/sync'
import { shallowRef } from 'vue'
import type { Ref, ShallowRef } from 'vue'
import type { Api, Saved, Trouble } from '../app.ts'
import type { Devices } from '../db/devices.ts'
import type { Current } from './current.ts'
import { moveOn } from './fork.ts'
import type { Views } from './views.ts'

export interface Hearing {
  /** Bumped by whatever the core says: numbers and rights are drawn from its state. */
  readonly told: ShallowRef<number>
  readonly trouble: Readonly<Ref<Trouble | null>>
  on(notices: readonly Notice[]): void
  /** Another device was taken up; it may be one that the server does not know. */
  began(isUnknown: boolean): void
  receiptOf(saved: Saved, ms?: number): Promise<Receipt | null>
}

type Stop = Extract<Notice, { what: 'stopped' }>['stop']

const RECEIPT_MS = 2000

export function createHearing(
  current: Current,
  devices: Devices,
  views: Views,
  get: Api['get'],
): Hearing {
  const told = shallowRef(0)
  const trouble = shallowRef<Trouble | null>(null)
  const waiting = new Set<() => void>()
  let isSending = false

  function on(notices: readonly Notice[]): void {
    views.on(notices)
    for (const notice of notices) hear(notice)
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
        trouble.value = { what: 'lines_missing', from: stop.from, to: stop.to }
        return
      case 'too_large':
        trouble.value = { what: 'too_large', n: stop.n }
    }
  }

  let isMoving = false
  async function carryOn(stop: Parameters<typeof moveOn>[2]): Promise<void> {
    const device = current.device.value
    const state = current.state()
    if (isMoving || !device || !state) return
    isMoving = true
    try {
      await current.use(await moveOn(device.outbox, state, stop, devices))
      trouble.value = null
    } catch {
      // Without signal, or the ticket is old: the next push asks again.
    } finally {
      isMoving = false
    }
  }

  function onContact(): void {
    const device = current.device.value
    if (!device?.engine) return
    const { sending } = device.engine.contact()
    if (sending !== isSending) {
      isSending = sending
      views.moving()
    }
    const { greeted, push } = device.engine.state()
    if (!greeted) return
    if (push.stopped === null) trouble.value = null
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
    const find = () => current.state()?.lines.get(saved.n)?.receipt ?? null
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
  }
}
