// What pages use. Everything below is values, refs and promises of typed outcomes; pages never see a
// database, a request or a clock. Vue's reactivity begins and ends at this edge.

import type { Act, Hash, Id, JsonObject, Op, Receipt, Sha256, Verdict } from '@hushui/sync'
import { inject } from 'vue'
import type { InjectionKey, MaybeRefOrGetter, Ref } from 'vue'
export type { Purpose }
export { StorageFull } from './db/errors.ts'
import type { Purpose } from './capture/position.ts'
import type { Accuracy } from './geo/accuracy.ts'
import type { Strip } from './capture/strips.ts'
import type { FieldsOf, Geo, KindCode, Member, PatrolVisit } from './generated/kinds.ts'
import type { FilmFault } from './capture/filmFile.ts'

type Get<T> = Readonly<Ref<T>>

/** In `setup`: `const { session, connection, records, drafts } = useApp()`. */
export function useApp(): App {
  const app = inject(APP)
  if (!app) throw new Error('The page stands outside the app.')
  return app
}

export const APP: InjectionKey<App> = Symbol('app')

export interface App {
  // ---- who, and how it stands ---------------------------------------------------------------
  readonly session: Get<Session>
  /** Every person who ever used this phone; nothing of theirs is deleted by switching. */
  readonly devices: Get<readonly LocalDevice[]>
  readonly connection: Get<Connection>
  readonly counts: Get<Counts>
  /** What the last contact found out about this phone's clock; null: nothing to tell. */
  readonly clock: Get<ClockTrouble | null>
  /** Push stands still and a person must know; null: it does not. */
  readonly trouble: Get<Trouble | null>
  readonly storage: Get<StorageState>
  readonly position: Get<Position>
  readonly theme: Get<Theme>
  /** A newer version lies ready; `update()` puts it on, records stay as they are. */
  readonly updateReady: Get<boolean>
  /** Time for pages, ms: changes every 15 s, so that "7 分钟" does not stand still. */
  readonly now: Get<number>

  /** The PIN is asked for: no page of this person is shown. Sending and a patrol go on. */
  readonly locked: Get<boolean>

  // ---- joining, leaving ---------------------------------------------------------------------
  /** `code`: 8 digits, or the ticket of a QR code. Safe to repeat: the device stays the same. */
  enrol(code: string, label: string): Promise<EnrolOutcome>
  /**
   * Office: the same device machinery as a phone, plus the browser's session cookie. `newPassword`
   * takes the place of one that somebody else gave out (`password_once`).
   */
  signIn(org: string, login: string, password: string, newPassword?: string): Promise<EnrolOutcome>
  /**
   * Hides the person's work from this phone's screen. Nothing is deleted: a phone's unsent lines go on
   * being sent, an office browser's wait for the next sign-in.
   */
  signOut(): Promise<void>
  /** Another person takes the phone. */
  switchTo(device: Id): Promise<void>
  /** Somebody new takes the phone: `session.phase` becomes `none` and `enrol` makes his device. */
  addPerson(): Promise<void>
  /** Asks for the PIN from now on, where there is one. */
  lockNow(): void
  /** Fetched when first asked for. */
  pinDesk(): Promise<PinDesk>
  /** What to do when nothing can be sent; fetched when first asked for. */
  upkeep(): Promise<Upkeep>

  // ---- records ------------------------------------------------------------------------------
  readonly records: Records
  newId(): Id
  /** Base filled with what this phone shows now (E07). `fields` hold only what is written. */
  opPut<K extends KindCode>(kind: K, record: Id, fields: Partial<FieldsOf[K]>): Op
  /** Appends to the record's list; never conflicts. */
  opAdd(kind: KindCode, record: Id, set: JsonObject): Op
  /** 作废 and its undoing. */
  opDel(kind: KindCode, record: Id): Op
  opUndel(kind: KindCode, record: Id): Op
  /** Closes a conflict: `stamp` is the one kept. */
  opSettle(kind: KindCode, record: Id, field: string, stamp: Id): Op
  /** Gives up an unaccepted line of one's own; `entry` from a status `unaccepted`. */
  opAbandon(entry: Id): Op
  /** Hands a refused line of one's own to the office, which adopts or declines it. */
  opRefer(entry: Id): Op
  /** The office's answers to a held or quarantined line. */
  opAdopt(entry: Id): Op
  opDecline(entry: Id): Op
  /**
   * Resolves only when the line is on the disk (已存本机). Rejects with `StorageFull` or with the
   * core's `CaptureError`; then nothing was written.
   */
  submit(submission: Submission): Promise<Saved>
  /** The line's receipt, null when it did not come within `ms` (default 2000): then it is 待发出. */
  receiptOf(saved: Saved, ms?: number): Promise<Receipt | null>
  /** Try now, whatever the waiting time: 再试一次. */
  syncNow(): void

  readonly drafts: Drafts
  readonly photos: Photos
  readonly patrol: PatrolDesk

  // ---- the phone ----------------------------------------------------------------------------
  /** The newest own answer to the notice as it reads now; null: not asked yet. */
  consent(purpose: Purpose): HsRecord<'consent'> | null
  /** The version of that notice. */
  readonly notice: string
  /** The person stopped the taking of a place for what is on the screen; a patrol goes on. */
  readonly placeStopped: Ref<boolean>
  /** The place for a record, if that was agreed to, while the returned function was not called. */
  watchPosition(): () => void
  /** Measured anew: what was heard before is not taken any more. */
  placeAgain(): void
  askPersist(): Promise<boolean>
  setTheme(theme: Theme): void
  /** Short on save, long on trouble; nothing where there is no motor. */
  vibrate(pattern?: 'saved' | 'trouble'): void
  update(): void

  // ---- the office's queries -----------------------------------------------------------------
  readonly api: Api
}

// ---- session -------------------------------------------------------------------------------------

export type Session =
  /** Not enrolled: drafts and photos work, nothing can be submitted. */
  { readonly phase: 'none' } | Enrolled

export interface Enrolled {
  readonly phase: 'enrolled'
  readonly device: Id
  readonly person: Id
  /** From the own member record; the name of enrolment until it has come; may be ''. */
  readonly name: string
  readonly org: { readonly id: Id; readonly name: string; readonly demo: boolean }
  /** Own member record; null until it has come. */
  readonly member: Member | null
  readonly rights: RightsHint
  /** false: the server did not know the token; everything is kept, the person must enrol again. */
  readonly known: boolean
  /** The browser has (or had) a session of the office. */
  readonly office: boolean
}

/** For showing and hiding only; the server decides. */
interface RightsHint {
  readonly roles: readonly Member['roles'][number][]
  readonly team: Id | null
  /** Zones granted, also before their first page has come (S10). */
  readonly zones: readonly Id[]
  /** Zones granted as 负责人. */
  readonly leads: readonly Id[]
  /** Duty officer or secretary. */
  readonly office: boolean
  /** Team leader, or leads a zone: the second tab is 调度. */
  readonly leader: boolean
  readonly admin: boolean
}

export interface LocalDevice {
  readonly device: Id
  readonly name: string
  readonly orgName: string
  readonly current: boolean
  readonly office: boolean
  /** What is only on this phone as far as it was last counted. */
  readonly unsent: { readonly lines: number; readonly photos: number }
  readonly pin: boolean
  readonly signedOut: boolean
  /** The server does not know it any more: sending waits for a code. */
  readonly unknown: boolean
}

/** Of the person at the phone. */
export interface PinDesk {
  /** `after`: minutes out of sight; `until`: ms before which no try is taken. null: there is none. */
  readonly pin: Get<{ readonly after: number | null; readonly until: number } | null>
  /** 0: it is right and the lock is open; else the ms to wait before the next try. */
  check(digits: string): Promise<number>
  /** 4 to 6 digits. Rejects with `StorageFull`. */
  set(digits: string): Promise<void>
  setAfter(minutes: number | null): Promise<void>
  remove(): Promise<void>
  /** A code of the office for the same person takes the PIN away, and touches nothing else. */
  reset(code: string): Promise<{ readonly ok: true } | ({ readonly ok: false } & ProblemWords)>
}

export interface Upkeep {
  /** Everybody on this phone whose lines it sends; the person in front first. */
  waiting(): Promise<readonly Waiting[]>
  /** Really tries, step by step; `told` hears of each as it is answered. */
  tryOut(told: (steps: readonly Step[]) => void): Promise<readonly Step[]>
  /** All that lies on this phone about the person in front; fetched when asked for. */
  own(): Promise<OwnData>
  /** What of the person in front no server has, to be carried there in a file. */
  rescue(): Promise<RescueBundle>
  /** For whoever helps: versions, ids, numbers, last errors; nothing a person wrote. */
  report(steps: readonly Step[]): Promise<string>
}

/** Nothing of it is deleted, or counted as sent, by making or sharing the file (K04). */
export interface RescueBundle {
  readonly lines: number
  /** With their tracks: whatever lines name. */
  readonly photos: number
  readonly bytes: number
  /** Photos whose bytes this phone has no more. */
  readonly gone: number
  /** Photos that do not fit into one file. */
  readonly over: number
  /** Without its end. */
  readonly fileName: string
  file(): Promise<Blob>
}

export interface OwnData {
  /** Feeds of this phone that are the person's. */
  readonly devices: readonly Id[]
  /** Lines as they were captured, byte for byte. */
  readonly lines: readonly OwnLine[]
  readonly drafts: readonly JsonObject[]
  readonly blobs: readonly OwnBlob[]
  /** Where a running patrol stands, not sealed yet. */
  readonly patrol: JsonObject | null
  /** One file of it all; `records` are what the pages show. */
  file(about: JsonObject, records: readonly HsRecord[]): Promise<Blob>
}

interface OwnLine {
  readonly device: Id
  readonly n: number
  readonly id: Id
  readonly hash: Hash
  readonly bytes: Uint8Array
}

interface OwnBlob {
  readonly device: Id
  readonly sha256: Sha256
  readonly type: string
  readonly size: number
  readonly here: boolean
}

export interface Waiting {
  readonly device: Id
  readonly name: string
  readonly current: boolean
  readonly lines: number
  readonly photos: number
  readonly bytes: number
  /** ms */
  readonly heardAt: number | null
  readonly failure: { readonly code: string; readonly at: number } | null
}

export interface Step {
  readonly name: 'network' | 'server' | 'signed_in' | 'clock' | 'storage' | 'send'
  readonly tone: 'ok' | 'bad' | 'careful'
  /** With `name` the key of the answer's words. */
  readonly answer: string
  readonly values: Readonly<Record<string, number>>
}

/** `code`: of problem+json (`code_used`, `code_wrong`, `too_many_attempts` …) or `offline`. */
export type EnrolOutcome =
  { readonly ok: true; readonly session: Enrolled } | ({ readonly ok: false } & ProblemWords)

export interface ProblemWords {
  readonly code: string
  /** In the caller's language, from the server; '' when it did not speak. */
  readonly detail: string
  /** Seconds of `Retry-After`. */
  readonly retryAfter: number | null
}

// ---- connection, counts --------------------------------------------------------------------------

export interface Connection {
  /** `done`: the server has everything. `idle`: something waits, nothing moves just now. */
  readonly state: 'offline' | 'idle' | 'uploading' | 'done'
  /** Lines and photos of the present batch, for 正在上传 3/5. */
  readonly done: number
  readonly total: number
  /** ms; null: never yet. */
  readonly lastContact: number | null
  /** ms of this clock when it is tried again by itself; null: nothing is waiting for a retry. */
  readonly retryAt: number | null
}

interface Counts {
  /** Lines the server has not answered, and photos it has not confirmed. */
  readonly lines: number
  readonly photos: number
  /** A video is among them. */
  readonly filmed: boolean
  /** 未受理 and 退回补正, by records. Not the same thing, never the same word. */
  readonly unaccepted: number
  readonly returned: number
  readonly drafts: number
}

export interface ClockTrouble {
  readonly way: 'fast' | 'slow'
  readonly minutes: number
}

export type Trouble =
  /** The bureau does not recognise this phone: nothing is lost, a new code is needed. */
  | { readonly what: 'unknown_device' | 'unauthenticated' }
  /** The feed forked (restored backup, cloned phone); being carried over by itself. */
  | { readonly what: 'fork' }
  | { readonly what: 'lines_missing'; readonly from: number; readonly to: number }
  | { readonly what: 'too_large'; readonly n: number }
  /** Cannot write what came from the office; what was captured is safe. */
  | { readonly what: 'store_failed' }
  /** A request was turned down and is being repeated. */
  | { readonly what: 'rejected'; readonly status: number; readonly code: string | null }

// ---- records -------------------------------------------------------------------------------------

export interface Records {
  /**
   * What this person sees: the server's rows with the own unsettled lines on top (H05), newest first;
   * those made void (`deleted`) too.
   */
  list<K extends KindCode>(
    kind: MaybeRefOrGetter<K>,
    filter?: (record: HsRecord<K>) => boolean,
  ): Get<readonly HsRecord<K>[]>
  list(kind?: undefined, filter?: (record: HsRecord) => boolean): Get<readonly HsRecord[]>
  get<K extends KindCode = KindCode>(id: MaybeRefOrGetter<Id>): Get<HsRecord<K> | null>
  status(id: MaybeRefOrGetter<Id>): Get<Status>
  /** The photos of a record, oldest first, each with its own standing. */
  photos(subject: MaybeRefOrGetter<Id>): Get<readonly RecordPhoto[]>
  /** As the server knows it, with what is on its way there; null: only unaccepted lines made it. */
  inForce<K extends KindCode>(record: HsRecord<K>): HsRecord<K> | null
  /** Records with an open conflict. */
  conflicts(): Get<readonly HsRecord[]>
  /** Own lines, newest first: the outbox page. */
  lines(): Get<readonly OwnLineView[]>
  /** 姓名 of a member record, '' when it is not on this phone. */
  nameOf(person: Id): string
}

export interface HsRecord<K extends KindCode = KindCode> {
  readonly id: Id
  readonly kind: K
  /** Every field may be missing: another version wrote it. */
  readonly fields: Readonly<Partial<FieldsOf[K]>>
  /** The entry that last wrote each field. */
  readonly stamps: Readonly<Record<string, Id>>
  /** `set` is a `PatrolSegment` or `PatrolVisit` for a patrol. */
  readonly adds: readonly RecordAdd[]
  /** 作废 */
  readonly deleted: boolean
  readonly version: number
  readonly author: Id
  readonly device: Id
  /** ms, corrected time of the first line. */
  readonly captured: number
  readonly flags: readonly string[]
  readonly conflicts: readonly JsonObject[]
  readonly review: ReviewBody | null
  /** What people call it by, given with its receipt; null: none yet, or its kind has none. */
  readonly number: string | null
  /** Not (or not all of it) on the server: drawn dashed. */
  readonly local: boolean
  readonly status: Status
}

export interface RecordAdd {
  readonly entry: Id
  readonly device: Id
  readonly author: Id
  /** ms */
  readonly captured: number
  readonly set: JsonObject
}

export type Decision = 'approved' | 'returned' | 'rejected'

/** What the newest review said, as the row carries it. */
export interface ReviewBody {
  readonly decision: Decision
  readonly version: number
  readonly reason: string | null
  readonly points: readonly ReviewPoint[]
  readonly by: Id | null
  /** The entry that decided; a later review names it as what its author saw. */
  readonly entry: Id | null
  readonly at: number | null
}

export interface ReviewPoint {
  readonly field?: string | null
  readonly photo?: string | null
  readonly note?: string | null
}

/** From receipts only; `text/state.ts` has the words. */
export type Status =
  | { readonly state: 'draft' }
  | { readonly state: 'saved_local' }
  | { readonly state: 'uploading'; readonly done: number; readonly total: number }
  /** null: somebody else's, and whether its photos are there is not known here. */
  | {
      readonly state: 'received_partial'
      readonly missing: number | null
      /** A video is among them. */
      readonly filmed?: boolean
    }
  /** `at`: server time, ms. */
  | { readonly state: 'received'; readonly at: number | null }
  | {
      readonly state: 'unaccepted'
      /** Key of the text group `refusal`. */
      readonly code: string
      readonly verdict: Verdict
      /** The first culprit. */
      readonly field: string | null
      /** The line to replace, repair or abandon. */
      readonly entry: Id
      readonly waits: Id | null
    }
  | { readonly state: 'returned'; readonly review: ReviewBody }
  | { readonly state: 'photo_lost'; readonly lost: number }

export interface RecordPhoto {
  /** Of the photo record. */
  readonly id: Id
  readonly sha256: Sha256
  readonly slot: FieldsOf['photo']['slot']
  readonly taken: number
  readonly note: string | null
  /** null: a picture. */
  readonly seconds: number | null
  /** Upload of the picture itself, 0 … 1. */
  readonly progress: number
  /** `missing`: another phone's, and the office has not shown it here. */
  readonly state: 'saved_local' | 'uploading' | 'received' | 'missing' | 'photo_lost'
}

export interface OwnLineView {
  readonly n: number
  readonly entry: Id
  readonly hash: Hash
  /** Records it writes, in order of its ops. */
  readonly records: readonly Id[]
  readonly kinds: readonly string[]
  readonly acts: readonly Act[]
  /** Why it changes what stood there, in its author's words. */
  readonly why: string | null
  /** Of a hazard, where it sets one. */
  readonly level?: string | undefined
  /** Phone time, ms. */
  readonly wall: number
  readonly bytes: number
  readonly photos: number
  readonly receipt: Receipt | null
  readonly settled: boolean
  /** What the office said before its ledger was put back, where it says another thing now. */
  readonly former: Verdict | null
}

export interface Submission {
  readonly ops: readonly Op[]
  /** Photos and other blobs the line names; their bytes must be stored already. */
  readonly blobs?: readonly Sha256[]
  /** The unaccepted entry this line takes the place of. */
  readonly replaces?: Id
}

export interface Saved {
  readonly n: number
  readonly entry: Id
  readonly hash: Hash
  /** Phone time, ms. */
  readonly wall: number
}

// ---- drafts --------------------------------------------------------------------------------------

export interface Drafts {
  /** Newest first. */
  readonly list: Get<readonly DraftSummary[]>
  /** A new draft, stored at once, before anything else is drawn. */
  open<K extends KindCode>(kind: K, preset?: DraftPreset<K>): Promise<OpenDraft<K>>
  /**
   * Back exactly where it was; null when it is gone (submitted or removed). `alone`: also null while
   * another tab has it open.
   */
  resume<K extends KindCode = KindCode>(id: Id, alone?: 'alone'): Promise<OpenDraft<K> | null>
}

export interface DraftPreset<K extends KindCode> {
  readonly fields?: Partial<FieldsOf[K]>
  /** The record to correct (更正); a new one when absent. */
  readonly record?: Id
  /** The unaccepted entry that submitting takes the place of. */
  readonly replaces?: Id
  /** Anything the page wants back after a kill: the step it stood at. */
  readonly page?: JsonObject
}

export interface DraftData<K extends KindCode = KindCode> {
  readonly id: Id
  readonly kind: K
  /** The record it will write. */
  readonly record: Id
  readonly isNew: boolean
  readonly replaces: Id | null
  readonly openedAt: number
  /** Of the form it was begun with, whatever the app has become meanwhile. */
  readonly version?: string
  /** Write into it: it is reactive, and every change is saved by itself. */
  fields: Partial<FieldsOf[K]>
  page: JsonObject
}

export interface OpenDraft<K extends KindCode = KindCode> {
  readonly data: DraftData<K>
  readonly photos: Get<readonly DraftPhoto[]>
  readonly savedAt: Get<number | null>
  readonly state: Get<'saved' | 'saving' | 'storage_full' | 'failed'>
  /** Saves half a second after the last call; changes of `data` call it by themselves. */
  save(): void
  /** Saves now, strictly; before the camera opens, before the page goes. */
  flush(): Promise<void>
  /** Freezes the camera's picture, stamps it and stores it with the draft. */
  shoot(camera: Camera, about: PhotoAbout): Promise<PhotoOutcome>
  /** The system camera's file, or one from the gallery where the form allows it. */
  addFile(file: Blob, about: PhotoAbout): Promise<PhotoOutcome>
  /** Records a video; each second of it is stored while the next one is recorded. */
  film(camera: Camera, about: PhotoAbout): Promise<LiveFilm | null>
  removePhoto(sha256: Sha256): Promise<void>
  /** The same picture for another use: the whole view turns out to be the one before. */
  useAs(sha256: Sha256, slot: FieldsOf['photo']['slot']): Promise<void>
  /**
   * One line: the record's fields (of a correction: only what differs), its photos, and `also`. Line
   * written and draft gone are one transaction.
   */
  submit(also?: readonly Op[]): Promise<Saved>
  remove(): Promise<void>
  /** The page goes; what is unsaved is saved. */
  close(): Promise<void>
}

export interface DraftSummary {
  readonly id: Id
  readonly kind: KindCode
  readonly record: Id
  readonly isNew: boolean
  readonly replaces: Id | null
  readonly fields: JsonObject
  readonly photos: number
  readonly savedAt: number
}

export interface DraftPhoto {
  /** The id its photo record will have. */
  readonly id: Id
  readonly sha256: Sha256
  readonly slot: FieldsOf['photo']['slot']
  readonly field: string | null
  readonly width: number
  readonly height: number
  readonly size: number
  readonly taken: number
  readonly place: Geo | null
  readonly heading: number | null
  readonly original_sha256: string | null
  /** Missing: a picture. */
  readonly media?: 'video'
  readonly seconds?: number
}

// ---- photos --------------------------------------------------------------------------------------

export interface Photos {
  /** Opens the camera inside the page and plays it in `video`. Flush the draft before. */
  openCamera(video: HTMLVideoElement): Promise<CameraOutcome>
  /**
   * An address for `<img src>`: local bytes, else fetched with the device's right; null: not on this
   * phone and no signal, or not to be had. Give it back with `release` when the page goes.
   */
  url(sha256: Sha256): Promise<string | null>
  release(sha256: Sha256): void
  /** The bytes of whatever lines name, as far as they lie on this phone. */
  held(sha256: Sha256): Promise<ArrayBuffer | undefined>
  /** Whether the office had it when it was asked last. */
  isThere(sha256: Sha256): boolean | undefined
}

export type CameraOutcome =
  | { readonly ok: true; readonly camera: Camera }
  /** `none`: no camera, or a browser that does not give it to pages: use the system camera. */
  | { readonly ok: false; readonly reason: 'refused' | 'none' | 'busy' }

export interface Camera {
  /** null: this camera has no light. */
  readonly torch: Get<boolean | null>
  setTorch(on: boolean): Promise<void>
  /** Ends with the camera's picture; call it when the page goes. */
  close(): void
  /** The frame of this moment; the preview stands still. `OpenDraft.shoot` calls it. */
  freeze(): Promise<ImageBitmap | HTMLCanvasElement>
  /** The preview goes on, for the next photo. */
  thaw(): Promise<void>
  /** What a film is made of; without sound where the person does not give it. */
  filmed(): Promise<MediaStream>
  /** Pictures are as sharp as before. */
  filmDone(): Promise<void>
  /** Of the picture, px. */
  size(): { readonly width: number; readonly height: number }
}

/** A video while it is recorded; it ends by itself at its limits. */
export interface LiveFilm {
  /** How long it has been going on. */
  readonly ms: Get<number>
  readonly silent: boolean
  stop(): void
  readonly done: Promise<PhotoOutcome>
}

export interface PhotoAbout {
  readonly slot: FieldsOf['photo']['slot']
  readonly field?: string
}

export type PhotoOutcome =
  | { readonly ok: true; readonly photo: DraftPhoto }
  /** `storage_full`: text still saves. `unreadable`: not a picture. `failed`: take it again. */
  | {
      readonly ok: false
      readonly reason: 'storage_full' | 'unreadable' | 'failed' | 'too_many' | FilmFault
    }

// ---- patrol --------------------------------------------------------------------------------------

export interface PatrolDesk {
  /** The running patrol, also after a reload; null: none. */
  readonly active: Get<ActivePatrol | null>
  /** Writes the patrol record and begins to record places. Without the right to places it runs all the same. */
  start(zone: Id | null): Promise<Saved>
  /** By tap, where nothing else is said; with the last fix, when it is fresh enough. */
  visit(
    checkpoint: Id,
    result: PatrolVisit['result'],
    by?: NonNullable<PatrolVisit['by']>,
  ): Promise<Saved>
  /** On which strips of the dike one walks from here on. */
  walk(strips: readonly Strip[]): Promise<void>
  pause(): Promise<void>
  resume(): Promise<void>
  /** What its walker says of it; kept at once, written with its end. */
  say(said: Partial<FieldsOf['patrol']>): void
  /**
   * Seals the last points and writes the end with what was said of it, `measured` beside that; for
   * `normal` check-points still open, nothing.
   */
  end(measured?: Partial<FieldsOf['patrol']>): Promise<Saved>
}

export interface ActivePatrol {
  readonly record: Id
  readonly zone: Id | null
  readonly started: number
  readonly paused: boolean
  /** `refused`: no right to places; `lost`: no fix for a while. */
  readonly recording: 'on' | 'searching' | 'lost' | 'refused' | 'paused'
  /** The screen is kept awake. */
  readonly awake: boolean
  readonly distance_m: number
  /** How far the last fix lay that nobody walks to, metres; null: none of late. */
  readonly jump_m: number | null
  /** Points of the track not yet sealed into a segment included: lon, lat. */
  readonly track: readonly (readonly [lon: number, lat: number])[]
  /** For each of these points a bit for each strip it was walked on; 0: nobody said. */
  readonly walked: readonly number[]
  /** On which one walks now; null where there is no dike. */
  readonly strips: readonly Strip[] | null
  readonly gaps: readonly TrackGap[]
  /** Check-points visited, by id. */
  readonly visits: readonly PatrolVisit[]
  readonly said: Partial<FieldsOf['patrol']>
  /** The check-point within 30 m, not yet visited. */
  readonly near: Id | null
}

interface TrackGap {
  readonly from: number
  /** null: still open. */
  readonly to: number | null
  readonly reason: 'screen_off' | 'no_fix' | 'paused' | 'no_consent'
}

// ---- the phone -----------------------------------------------------------------------------------

interface Fix {
  readonly lon: number
  readonly lat: number
  /** Metres. */
  readonly acc: number
  /** Phone time, ms. */
  readonly at: number
  /** Degrees from north; null: unknown. */
  readonly heading: number | null
}

export interface Position {
  /** `off`: nobody asked. `refused`: the person or the system said no; places by hand work. */
  readonly state: 'off' | 'searching' | 'good' | 'stale' | 'refused' | 'unavailable'
  readonly fix: Fix | null
  readonly accuracy: Accuracy | null
  /** Place along the line of the zone it lies in (own zones first); null: in none of them. */
  readonly along: Along | null
  /** Surely in none of the zones: all that count are here, and what the fix leaves open is outside. */
  readonly outside: boolean
}

export interface Along {
  readonly zone: Id
  /** Metres of 桩号; `text/format.ts` writes K5+860. */
  readonly chainage: number
  /** Metres from the line. */
  readonly offset: number
  readonly bank: 'left' | 'right'
}

export interface StorageState {
  /** The system promised not to clear it; null: this browser cannot say. */
  readonly persisted: boolean | null
  /** Bytes; null: unknown. */
  readonly usage: number | null
  readonly quota: number | null
}

export type Theme = 'day' | 'sun' | 'night'

// ---- the office's queries ------------------------------------------------------------------------

export interface Api {
  /** JSON of a GET under /api. Rejects with `ApiProblem`. `path`: `/api/records`. */
  get<T = unknown>(path: string, params?: Params, signal?: AbortSignal): Promise<T>
  post<T = unknown>(path: string, body: unknown): Promise<T>
  /** The bytes as they are. */
  upload<T = unknown>(path: string, bytes: Blob, timeoutMs?: number): Promise<T>
  /** `something new is there`: called with the scope; returns how to stop. Only a hint. */
  onHint(listener: (scope: string) => void): () => void
}

export type Params = Readonly<
  Record<string, string | number | boolean | readonly string[] | null | undefined>
>

/** What the server said no with; `code` is a key of the text group `problem`, `offline` without signal. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly retryAfter: number | null = null,
  ) {
    super(detail || code)
  }
}
