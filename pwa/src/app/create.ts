// Puts the rooms together: one device in use, the phone around it, and Vue's refs over both.

import { isClockOff, load } from '@hushui/sync'
import { computed, shallowRef, triggerRef } from 'vue'
import type { Api, App, Enrolled, EnrolOutcome, PinDesk, StorageState } from '../app.ts'
import { openCache } from '../db/cache.ts'
import { newRow, openDevices } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import { newId, now, pinHash, randomBytes } from '../ports.ts'
import { blobsNow, pendingOf } from '../sync/engine.ts'
import { call, createApi, wordsOf } from './api.ts'
import { createConsent, NOTICE } from './consent.ts'
import { createContact } from './contact.ts'
import { createCurrent } from './current.ts'
import { engineOf, failureOf, isLater, openDevice } from './device.ts'
import type { Drains } from './drains.ts'
import { createEnding } from './ending.ts'
import { enrolDevice, json, plainFetch, signInDevice } from './enrol.ts'
import { goesOn, stay } from './fork.ts'
import { createHearing } from './hearing.ts'
import { createHere, stampNow } from './here.ts'
import type { Joining } from './joining.ts'
import type { Kit } from './kit.ts'
import { createLeaving } from './leaving.ts'
import { createLock } from './lock.ts'
import { notWaiting } from './ops.ts'
import { createPatrolDesk } from './patrolDesk.ts'
import { askPersist, createTheme, createUpdates, storageNow, vibrate } from './phone.ts'
import { createPhotos } from './photos.ts'
import type { PhotoDesk } from './photos.ts'
import { createSession, localOf } from './session.ts'
import { surprisesKept } from './surprises.ts'
import { createViews } from './views.ts'
import type { Views } from './views.ts'

/** Of package.json, put in by the build. */
declare const __APP_VERSION__: string
const APP_VERSION = `pwa/${__APP_VERSION__}`
const NOW_MS = 15_000
const STORAGE_EVERY_MS = 60_000

export interface Running {
  readonly app: App
  /** Installs the service worker. */
  register(): Promise<void>
  /** Drafts are on the disk; false: one could not be written. */
  keep(): Promise<boolean>
  /** Lets go of everything; for tests, and before the page goes. */
  close(): Promise<void>
}

export async function createApp(): Promise<Running> {
  const devices = openDevices()
  const moment = shallowRef(now())
  const patrolTurn = shallowRef(0)
  const storage = shallowRef<StorageState>({ persisted: null, usage: null, quota: null })
  const hints = new Set<(scope: string) => void>()
  /** Tabs that wait for somebody to enrol. */
  const others =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hushui-devices')
  let storageAt = 0
  let pinDesk: Promise<PinDesk> | undefined

  const onHint: Api['onHint'] = (listener) => {
    hints.add(listener)
    return () => hints.delete(listener)
  }

  let drains: Promise<Drains> | undefined
  /** Fetched when there is something to send, and then there is signal too. */
  async function drainOthers(): Promise<void> {
    const id = current.device.value?.row.device
    const isWaiting = (await devices.list()).some(
      (row) => row.device !== id && row.unsent.lines + row.unsent.photos > 0,
    )
    if (!isWaiting) return
    drains ??= import('./drains.ts').then((it) => it.createDrains(kit))
    await drains.then((it) => it.begin(id)).catch(() => (drains = undefined))
  }
  const current = createCurrent(devices, {
    open: (row) =>
      openDevice(row, {
        app: APP_VERSION,
        places: here.places,
        here: () => stampNow(here.heard.value.place.place, position.value, session.value, views),
        find: views.find,
        onNotices: (notices) => hearing.on(notices),
        onHint: ({ scope }) => hints.forEach((listener) => listener(scope)),
        onPatrol: () => patrolTurn.value++,
      }),
    goesOn: (id) =>
      goesOn(id, devices).catch(async () => {
        await stay(id)
        return id
      }),
    between: async (id) => {
      photos.forget()
      await (await drains)?.end(id)
    },
    opened: ({ unknown }) => {
      lock.look()
      views.refill()
      patrolTurn.value++
      hearing.began(unknown)
    },
    nameOf: (person) => views.records.nameOf(person),
  })
  const { device, rows, inUse } = current
  const lock = createLock(current)
  const api = createApi(() => inUse().fetch, onHint)
  const views: Views = createViews(current.state, () => photos)
  const hearing = createHearing(current, views, api.get, () => others?.postMessage('moved'))
  const session = createSession(current, views, hearing.told)
  const consent = createConsent(views, session)
  const placeStopped = shallowRef(false)
  const here = createHere(
    views,
    (purpose) =>
      consent(purpose)?.fields.given === true && !(purpose === 'place' && placeStopped.value),
    (place) => device.value?.patrol.onPlace(place),
  )
  const position = here.position(session)
  const { theme, set: setTheme } = createTheme()
  const updates = createUpdates()
  const photos: PhotoDesk = createPhotos(() => {
    const { outbox, fetch } = inUse()
    return { bytes: (sha256) => outbox.bytes(sha256), fetch, told: views.photo }
  })

  async function lookAtStorage(): Promise<void> {
    storageAt = now()
    storage.value = await storageNow()
  }

  const ending = createEnding(devices)
  const kit: Kit = {
    ...{ version: APP_VERSION, current, devices, ending },
    syncNow: () => device.value?.engine?.hurry(),
    ...{
      computed,
      load,
      isClockOff,
      openCache,
      openOutbox,
      now,
      pinHash,
      randomBytes,
      blobsNow,
      pendingOf,
    },
    ...{ call, wordsOf, engineOf, failureOf, isLater, json, plainFetch, storageNow },
    ...{ newId, newRow, enrolDevice, signInDevice, surprisesKept },
  }

  const joining = () =>
    import('./joining.ts').then((it) =>
      it.createJoining(kit, {
        session: () => session.value as Enrolled,
        joined: () => {
          others?.postMessage('enrolled')
          void app.askPersist()
        },
      }),
    )

  /** Its code comes from the server too: without it there is no joining, and words for that. */
  const joined = (join: (it: Joining) => Promise<EnrolOutcome>): Promise<EnrolOutcome> =>
    joining()
      .then(join)
      .catch((error: unknown) => ({ ok: false, ...wordsOf(error) }))

  const app: App = {
    session,
    devices: computed(() =>
      rows.value.flatMap((row) => localOf(row, device.value?.row.device, views)),
    ),
    ...createContact(current, views, hearing.told),
    trouble: hearing.trouble,
    storage,
    position,
    theme,
    updateReady: updates.ready,
    now: moment,
    enrol: (...words) => joined((it) => it.enrol(...words)),
    signIn: (...account) => joined((it) => it.signIn(...account)),
    ...createLeaving(current, devices, ending, () => void drainOthers()),
    locked: lock.locked,
    lockNow: lock.lockNow,
    pinDesk: () =>
      (pinDesk ??= import('./pin.ts')
        .then((it) => it.createPin(kit))
        .catch((error: unknown) => {
          pinDesk = undefined
          throw error
        })),
    upkeep: () => import('./upkeep.ts').then((it) => it.createUpkeep(kit)),
    records: views.records,
    newId,
    opPut: (kind, record, fields) => inUse().ops.opPut(kind, record, fields),
    opAdd: (kind, record, set) => inUse().ops.opAdd(kind, record, set),
    opDel: (kind, record) => inUse().ops.opDel(kind, record),
    opUndel: (kind, record) => inUse().ops.opUndel(kind, record),
    opSettle: (kind, record, field, stamp) => inUse().ops.opSettle(kind, record, field, stamp),
    opAbandon: (entry) => inUse().ops.opAbandon(entry),
    opRefer: (entry) => inUse().ops.opRefer(entry),
    opAdopt: (entry) => inUse().ops.opAdopt(entry),
    opDecline: (entry) => inUse().ops.opDecline(entry),
    submit: async ({ ops, blobs = [], replaces }) => {
      await current.settled()
      const draft = { id: newId(), ops, blobs }
      if (replaces === undefined) return inUse().submit(draft)
      const unwaiting = ops.map((op) => notWaiting(op, replaces))
      return inUse().submit({ ...draft, ops: unwaiting, replaces })
    },
    receiptOf: hearing.receiptOf,
    syncNow: kit.syncNow,
    drafts: {
      list: computed(() => device.value?.desk.drafts.list.value ?? []),
      open: (kind, preset) => current.settled().then(() => inUse().desk.drafts.open(kind, preset)),
      resume: (id, alone) => current.settled().then(() => inUse().desk.drafts.resume(id, alone)),
    },
    photos,
    patrol: createPatrolDesk(current, here, views, [patrolTurn, moment]),
    consent,
    notice: NOTICE,
    placeStopped,
    watchPosition: () => here.places.watch('place'),
    placeAgain: here.places.again,
    askPersist: async () => {
      const granted = await askPersist()
      await lookAtStorage()
      return granted
    },
    setTheme,
    vibrate,
    update: () =>
      void inUse()
        .desk.flush()
        .finally(() => updates.put()),
    api,
  }

  await current.use(await current.first())
  void drainOthers()
  ending.begin()
  others?.addEventListener('message', () => {
    void hearing.follow()
    if (session.value.phase === 'none') void current.first().then(current.use)
  })
  void lookAtStorage()
  const clockTimer = setInterval(() => {
    moment.value = now()
    triggerRef(hearing.told)
    if (now() - storageAt > STORAGE_EVERY_MS) void lookAtStorage()
    if (document.visibilityState === 'visible') lock.look()
    // Another tab may have left somebody's lines behind.
    void drainOthers()
    void current.relist()
  }, NOW_MS)
  const keepDrafts = () => {
    void device.value?.desk.flush()
    if (document.visibilityState === 'visible') lock.look()
    else lock.leave()
  }
  document.addEventListener('visibilitychange', keepDrafts)
  window.addEventListener('pagehide', keepDrafts)

  return {
    app,
    register: updates.register,
    keep: async () => (await device.value?.desk.flush()) ?? true,
    close: async () => {
      clearInterval(clockTimer)
      document.removeEventListener('visibilitychange', keepDrafts)
      window.removeEventListener('pagehide', keepDrafts)
      await (await drains)?.close()
      await current.close()
      here.places.close()
      ending.close()
      others?.close()
      devices.close()
    },
  }
}
