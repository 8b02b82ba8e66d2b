// Puts the rooms together: one device in use, the phone around it, and Vue's refs over both.

import { counts, isClockOff } from '@hushui/sync'
import type { Id, Notice, Receipt, State } from '@hushui/sync'
import { computed, shallowRef, triggerRef } from 'vue'
import type {
  ActivePatrol,
  Along,
  Api,
  App,
  ClockTrouble,
  Connection,
  Enrolled,
  EnrolOutcome,
  HsRecord,
  LocalDevice,
  PatrolDesk,
  Position,
  Saved,
  Session,
  StorageState,
  Trouble,
} from '../app.ts'
import { openPlaces } from '../capture/position.ts'
import type { Place, PlaceState } from '../capture/position.ts'
import { nearest, openGap } from '../capture/track.ts'
import { newRow, openDevices } from '../db/devices.ts'
import type { DeviceRow } from '../db/devices.ts'
import { openOutbox } from '../db/outbox.ts'
import { distanceToPolygon, project } from '../geo/chainage.ts'
import { newId, now } from '../ports.ts'
import { createApi, wordsOf } from './api.ts'
import { createBatch, drain, openDevice } from './device.ts'
import type { Device } from './device.ts'
import { enrolDevice, signInDevice } from './enrol.ts'
import type { Enrolment } from './enrol.ts'
import { moveOn } from './fork.ts'
import { notWaiting } from './ops.ts'
import { askPersist, createTheme, createUpdates, storageNow, vibrate } from './phone.ts'
import { createPhotos } from './photos.ts'
import { createViews } from './views.ts'
import type { Views } from './views.ts'

/** Of package.json, put in by the build. */
declare const __APP_VERSION__: string
const APP_VERSION = `pwa/${__APP_VERSION__}`
const NOW_MS = 15_000
const RECEIPT_MS = 2000
const STORAGE_EVERY_MS = 60_000
const LOST_MS = 60_000

export interface Running {
  readonly app: App
  /** Installs the service worker. */
  register(): Promise<void>
  /** Lets go of everything; for tests, and before the page goes. */
  close(): Promise<void>
}

export async function createApp(): Promise<Running> {
  const devices = openDevices()
  const rows = shallowRef<readonly DeviceRow[]>([])
  const device = shallowRef<Device | null>(null)
  /** Bumped by whatever the core says: numbers and rights are drawn from its state. */
  const told = shallowRef(0)
  const moment = shallowRef(now())
  const trouble = shallowRef<Trouble | null>(null)
  const storage = shallowRef<StorageState>({ persisted: null, usage: null, quota: null })
  const place = shallowRef<{ place: Place | null; state: PlaceState }>({
    place: null,
    state: 'off',
  })
  const patrolTurn = shallowRef(0)
  const hints = new Set<(scope: string) => void>()
  const waiting = new Set<() => void>()
  const batch = createBatch()
  /** Tabs that wait for somebody to enrol. */
  const others =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('hushui-devices')
  let storageAt = 0
  let isSending = false

  const stateNow = (): State | null => device.value?.state() ?? null
  const views: Views = createViews(stateNow)
  const places = openPlaces((next, state) => {
    place.value = { place: next, state }
    if (next && state === 'good') device.value?.patrol.onPlace(next)
  })
  const { theme, set: setTheme } = createTheme()
  const updates = createUpdates()
  const photos = createPhotos(() => {
    const { outbox, fetch } = inUse()
    return { bytes: (sha256) => outbox.bytes(sha256), fetch }
  })

  function inUse(): Device {
    if (!device.value) throw new Error('no device is open')
    return device.value
  }

  // ---- what the core says --------------------------------------------------------------------

  function onNotices(notices: readonly Notice[]): void {
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
        void note({ unknown: true })
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
        void note({})
        return
      default:
        return
    }
  }

  function onStopped(stop: Extract<Notice, { what: 'stopped' }>['stop']): void {
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
    const state = stateNow()
    if (isMoving || !device.value || !state) return
    isMoving = true
    try {
      const next = await moveOn(device.value.outbox, state, stop, devices)
      await use(next)
      trouble.value = null
    } catch {
      // Without signal, or the ticket is old: the next push asks again.
    } finally {
      isMoving = false
    }
  }

  function onContact(): void {
    const engine = device.value?.engine
    if (!engine) return
    const { sending } = engine.contact()
    if (sending !== isSending) {
      isSending = sending
      views.moving()
    }
    const { greeted, push } = engine.state()
    if (!greeted) return
    if (push.stopped === null) trouble.value = null
    if (device.value?.row.unknown) void note({ unknown: false })
    void learnOrg()
  }

  let noting: Promise<void> = Promise.resolve()
  /** Keeps the list of devices true. */
  function note(values: Partial<DeviceRow>): Promise<void> {
    const current = device.value
    const state = stateNow()
    if (!current || !state) return Promise.resolve()
    const { lines, photos: pictures } = counts(state)
    const name = views.records.nameOf(current.row.person) || current.row.name
    const next = { ...current.row, name, ...values, unsent: { lines, photos: pictures } }
    if (JSON.stringify(next) === JSON.stringify(current.row)) return noting
    device.value = { ...current, row: next }
    rows.value = rows.value.map((row) => (row.device === next.device ? next : row))
    noting = noting.then(() => devices.change(next.device, next)).catch(() => undefined)
    return noting
  }

  let isLearning = false
  /** The organisation's name: enrolment says only its id. */
  async function learnOrg(): Promise<void> {
    const current = device.value
    if (isLearning || !current || current.row.orgName !== '') return
    isLearning = true
    try {
      const org = await api.get<{ name?: string; demo?: boolean }>('/api/orgs/me')
      if (device.value?.row.device === current.row.device && typeof org.name === 'string') {
        await note({ orgName: org.name, demo: org.demo === true })
      }
    } catch {
      // At the next contact.
    } finally {
      isLearning = false
    }
  }

  // ---- who -----------------------------------------------------------------------------------

  async function use(id: Id): Promise<void> {
    const before = device.value
    device.value = null
    await before?.close()
    photos.forget()
    await draining.get(id)?.close()
    draining.delete(id)
    await devices.use(id)
    let list = await devices.list()
    if (!list.some((one) => one.device === id)) {
      await devices.put(newRow(id))
      list = await devices.list()
    }
    rows.value = list
    const row = list.find((one) => one.device === id) ?? newRow(id)
    device.value = await openDevice(row, {
      app: APP_VERSION,
      places,
      here,
      find: views.find,
      onNotices,
      onHint: ({ scope }) => hints.forEach((listener) => listener(scope)),
      onPatrol: () => patrolTurn.value++,
    })
    trouble.value = row.unknown ? { what: 'unauthenticated' } : null
    views.refill()
    patrolTurn.value++
    told.value++
    onContact()
  }

  /** A device that belongs to nobody yet: the one there is, or a new one. */
  async function blank(): Promise<Id> {
    const list = await devices.list()
    return list.find((row) => row.person === '' && row.account === '')?.device ?? newId()
  }

  async function first(): Promise<Id> {
    const [id, list] = await Promise.all([devices.current(), devices.list()])
    const row = list.find((one) => one.device === id)
    if (row?.movedTo) return row.movedTo
    if (row) return row.device
    const enrolled = list.find((one) => one.person !== '' && !one.signedOut && !one.movedTo)
    return enrolled?.device ?? blank()
  }

  async function enrolled(id: Id, answer: Enrolment, values: Partial<DeviceRow>) {
    const row = (await devices.list()).find((one) => one.device === id) ?? newRow(id)
    const { person, org } = answer
    const told = { person, orgId: org, signedOut: false, unknown: false }
    await devices.put({ ...row, ...told, ...values })
    await use(id)
    others?.postMessage('enrolled')
    void app.askPersist()
    return { ok: true, session: session.value as Enrolled } as const
  }

  async function enrol(code: string, label: string): Promise<EnrolOutcome> {
    const plain = code.replace(/\s/g, '')
    const presented = /^\d{8}$/.test(plain) ? { code: plain } : { ticket: plain }
    try {
      const { outbox, row } = inUse()
      return await enrolled(row.device, await enrolDevice(outbox, presented, label), {})
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function signIn(org: string, login: string, password: string): Promise<EnrolOutcome> {
    const account = `${org}/${login}`
    const own = (await devices.list()).find((row) => row.account === account && !row.movedTo)
    try {
      return await signInAs(own?.device ?? (await blank()), { org, login, password })
    } catch (error) {
      const words = wordsOf(error)
      if (words.code !== 'device_taken') return { ok: false, ...words }
    }
    try {
      return await signInAs(newId(), { org, login, password })
    } catch (error) {
      return { ok: false, ...wordsOf(error) }
    }
  }

  async function signInAs(id: Id, words: { org: string; login: string; password: string }) {
    const outbox = openOutbox(id)
    try {
      const answer = await signInDevice(outbox, words)
      return await enrolled(id, answer, { office: true, account: `${words.org}/${words.login}` })
    } finally {
      outbox.close()
    }
  }

  async function signOut(): Promise<void> {
    const { row, fetch } = inUse()
    if (row.office) await fetch('/api/session', { method: 'DELETE' }).catch(() => undefined)
    await note({ signedOut: true })
    await noting
    await use(await blank())
    void drainOthers()
  }

  // ---- lines of people who are not at the phone ------------------------------------------------

  const draining = new Map<Id, { close(): Promise<void> }>()

  async function drainOthers(): Promise<void> {
    for (const row of await devices.list()) {
      const { device: id, unsent, office } = row
      const isOther = id !== device.value?.row.device && row.person !== ''
      // A cookie speaks for whoever signed in last.
      if (!isOther || office || draining.has(id) || unsent.lines + unsent.photos === 0) continue
      const engine = await drain(row, APP_VERSION, () => {
        draining.delete(id)
        void devices.change(id, { unsent: { lines: 0, photos: 0 } }).catch(() => undefined)
      })
      if (engine) draining.set(id, engine)
    }
  }

  // ---- what pages see ------------------------------------------------------------------------

  const session = computed<Session>(() => {
    void told.value
    const current = device.value
    const state = current?.state()
    if (!current || !state || current.row.signedOut) return { phase: 'none' }
    const { row } = current
    const { person, org } = state.identity
    const own = views.find(person) as HsRecord<'member'> | undefined
    const member = own ? (own.fields as Enrolled['member']) : null
    return {
      phase: 'enrolled',
      device: row.device,
      person,
      name: member?.name ?? row.name,
      org: { id: org, name: row.orgName, demo: row.demo },
      member,
      rights: rightsOf(state, member, ledBy(person)),
      known: !row.unknown,
      office: row.office,
    }
  })

  const grants = views.records.list('grant')
  const ledBy = (person: Id): Id[] =>
    grants.value.flatMap(({ fields, deleted }) => {
      const isLead = fields.person === person && fields.role === 'lead' && fields.ended !== true
      return isLead && !deleted && fields.zone ? [fields.zone] : []
    })

  const connection = computed<Connection>(() => {
    void told.value
    const engine = device.value?.engine
    if (!engine) return { ...NO_CONTACT, state: navigator.onLine ? 'idle' : 'offline' }
    const { online, sending, at, retryAt } = engine.contact()
    const { lines, photos: pictures } = counts(engine.state())
    const share = batch(lines + pictures)
    const state = !online
      ? 'offline'
      : lines + pictures === 0
        ? 'done'
        : sending
          ? 'uploading'
          : 'idle'
    return { state, ...share, lastContact: at, retryAt }
  })

  const zones = views.records.list('zone')
  const position = computed<Position>(() => {
    const { place: last, state } = place.value
    if (!last) return { state, fix: null, accuracy: null, along: null }
    const accuracy = last.acc <= 15 ? 'good' : last.acc <= 50 ? 'fair' : 'poor'
    return { state, fix: last, accuracy, along: alongOf(last, zones.value, ownZones()) }
  })

  const ownZones = (): readonly Id[] =>
    session.value.phase === 'enrolled' ? session.value.rights.zones : []

  function here() {
    const { place: last } = place.value
    const now = session.value
    const along = position.value.along
    const zone = along && (views.find(along.zone) as HsRecord<'zone'> | undefined)?.fields.name
    const name = now.phase === 'enrolled' ? now.name : ''
    return { place: last, chainage: along?.chainage ?? null, person: name, zone: zone ?? '' }
  }

  const checkpoints = views.records.list('checkpoint')
  const active = computed<ActivePatrol | null>(() => {
    void patrolTurn.value
    void moment.value
    const patrolling = device.value?.patrol
    const patrol = patrolling?.patrol()
    if (!patrolling || !patrol) return null
    const { record, zone, started, paused, track, visits } = patrol
    const open = openGap(track, now())
    const { place: last, state } = place.value
    const isLost = track.heard !== null && now() - track.heard > LOST_MS
    const seen = new Set(visits.map((visit) => visit.checkpoint))
    const near = checkpoints.value.flatMap(({ id, fields }) => {
      const { point } = fields
      const isOpen = fields.zone === zone && !seen.has(id) && point && point.source !== 'none'
      return isOpen ? [{ id, lon: point.lon, lat: point.lat }] : []
    })
    return {
      ...{ record, zone, started, paused, visits },
      recording: paused
        ? 'paused'
        : state === 'refused'
          ? 'refused'
          : isLost
            ? 'lost'
            : track.heard === null
              ? 'searching'
              : 'on',
      awake: patrolling.isAwake(),
      distance_m: Math.round(track.distance),
      track: [...patrol.path, ...track.points.map(([, lon, lat]) => [lon, lat] as const)],
      gaps: [
        ...patrol.gaps,
        ...track.gaps,
        ...(open ? [{ from: open.from, to: null, reason: open.reason }] : []),
      ],
      near: last && !paused ? (nearest(last, near)?.id ?? null) : null,
    }
  })

  const patrol: PatrolDesk = {
    active,
    start: (zone) => inUse().patrol.start(zone),
    visit: (checkpoint, result, said) => inUse().patrol.visit(checkpoint, result, said),
    pause: () => inUse().patrol.pause(),
    resume: () => inUse().patrol.resume(),
    end: (summary = {}) => inUse().patrol.end(summary),
  }

  const onHint: Api['onHint'] = (listener) => {
    hints.add(listener)
    return () => hints.delete(listener)
  }
  const api = createApi(() => inUse().fetch, onHint)

  async function receiptOf(saved: Saved, ms = RECEIPT_MS): Promise<Receipt | null> {
    const find = () => stateNow()?.lines.get(saved.n)?.receipt ?? null
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

  async function lookAtStorage(): Promise<void> {
    storageAt = now()
    storage.value = await storageNow()
  }

  const app: App = {
    session,
    devices: computed(() =>
      rows.value.flatMap((row) => localOf(row, device.value?.row.device, views)),
    ),
    connection,
    counts: computed(() => {
      void told.value
      const state = stateNow()
      const { lines, photos: pictures } = state ? counts(state) : { lines: 0, photos: 0 }
      const drafts = device.value?.desk.drafts.list.value.length ?? 0
      return { lines, photos: pictures, drafts, ...views.numbers() }
    }),
    clock: computed(() => {
      void told.value
      return clockOf(stateNow())
    }),
    trouble,
    storage,
    position,
    theme,
    updateReady: updates.ready,
    now: moment,
    enrol,
    signIn,
    signOut,
    switchTo: async (id) => {
      await devices.change(id, { signedOut: false })
      await use(id)
      void drainOthers()
    },
    addPerson: async () => {
      await use(await blank())
      void drainOthers()
    },
    records: views.records,
    newId,
    opPut: (kind, record, fields) => inUse().ops.opPut(kind, record, fields),
    opAdd: (kind, record, set) => inUse().ops.opAdd(kind, record, set),
    opDel: (kind, record) => inUse().ops.opDel(kind, record),
    opUndel: (kind, record) => inUse().ops.opUndel(kind, record),
    opSettle: (kind, record, field, stamp) => inUse().ops.opSettle(kind, record, field, stamp),
    opAbandon: (entry) => inUse().ops.opAbandon(entry),
    opAdopt: (entry) => inUse().ops.opAdopt(entry),
    opDecline: (entry) => inUse().ops.opDecline(entry),
    submit: ({ ops, blobs = [], replaces }) => {
      const draft = { id: newId(), ops, blobs }
      if (replaces === undefined) return inUse().submit(draft)
      const unwaiting = ops.map((op) => notWaiting(op, replaces))
      return inUse().submit({ ...draft, ops: unwaiting, replaces })
    },
    receiptOf,
    syncNow: () => device.value?.engine?.hurry(),
    drafts: {
      list: computed(() => device.value?.desk.drafts.list.value ?? []),
      open: (kind, preset) => inUse().desk.drafts.open(kind, preset),
      resume: (id) => inUse().desk.drafts.resume(id),
      remove: (id) => inUse().desk.drafts.remove(id),
    },
    photos,
    patrol,
    watchPosition: () => places.watch(),
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

  await use(await first())
  void drainOthers()
  others?.addEventListener('message', () => {
    if (session.value.phase === 'none') void first().then(use)
  })
  void lookAtStorage()
  const clockTimer = setInterval(() => {
    moment.value = now()
    triggerRef(told)
    if (now() - storageAt > STORAGE_EVERY_MS) void lookAtStorage()
  }, NOW_MS)
  const keepDrafts = () => void device.value?.desk.flush()
  document.addEventListener('visibilitychange', keepDrafts)
  window.addEventListener('pagehide', keepDrafts)

  return {
    app,
    register: updates.register,
    close: async () => {
      clearInterval(clockTimer)
      document.removeEventListener('visibilitychange', keepDrafts)
      window.removeEventListener('pagehide', keepDrafts)
      await Promise.all([...draining.values()].map((one) => one.close()))
      await device.value?.close()
      await noting
      places.close()
      others?.close()
      devices.close()
    },
  }
}

const NO_CONTACT: Connection = {
  state: 'offline',
  done: 0,
  total: 0,
  lastContact: null,
  retryAt: null,
}

function rightsOf(
  state: State,
  member: Enrolled['member'],
  leads: readonly Id[],
): Enrolled['rights'] {
  const roles = member?.roles ?? []
  const hidden = new Set(state.meta.revoked.map(({ scope }) => scope))
  const zones = state.meta.grants
    .filter((scope) => scope.startsWith('zone:') && !hidden.has(scope))
    .map((scope) => scope.slice('zone:'.length))
  return {
    roles,
    team: member?.team ?? null,
    zones,
    leads,
    office: roles.includes('duty_officer') || roles.includes('secretary'),
    leader: roles.includes('team_leader') || roles.includes('zone_lead') || leads.length > 0,
    admin: roles.includes('admin'),
  }
}

/** Metres from a zone's edge within which a place still counts as in it. */
const ZONE_REACH_M = 100

/** The own zones first, then the nearest line. */
export function alongOf(
  { lon, lat }: Place,
  zones: readonly HsRecord<'zone'>[],
  own: readonly Id[],
): Along | null {
  let best: (Along & { readonly rank: number }) | null = null
  for (const { id, fields, deleted } of zones) {
    const { line, polygon, chainage_start: start = 0 } = fields
    if (deleted || !line || line.length < 2) continue
    const { chainage, offset, side: bank } = project(line, start, [lon, lat])
    const away = polygon && polygon.length > 2 ? distanceToPolygon(polygon, [lon, lat]) : offset
    if (away > ZONE_REACH_M) continue
    const rank = away + offset / 1000 + (own.includes(id) ? 0 : ZONE_REACH_M * 2)
    if (!best || rank < best.rank) best = { zone: id, chainage, offset, bank, rank }
  }
  if (!best) return null
  const { zone, chainage, offset, bank } = best
  return { zone, chainage, offset, bank }
}

function clockOf(state: State | null): ClockTrouble | null {
  const offset = state?.meta.offset ?? 0
  if (!isClockOff(offset)) return null
  return { way: offset > 0 ? 'fast' : 'slow', minutes: Math.round(Math.abs(offset) / 60_000) }
}

function localOf(row: DeviceRow, current: Id | undefined, views: Views): LocalDevice[] {
  // Who signed out with a password comes back with it; a feed that moved on is no person more.
  if (row.person === '' || row.movedTo || (row.office && row.signedOut)) return []
  const { device, orgName, office, unsent } = row
  const isCurrent = device === current
  const name = (isCurrent && views.records.nameOf(row.person)) || row.name
  return [{ device, name, orgName, current: isCurrent, office, unsent }]
}
