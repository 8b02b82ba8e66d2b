// As much of a server as a client can tell apart: feeds, receipts, scopes, epochs, blobs. It judges
// nothing unless it is told to.

import {
  FIRST_PREV,
  bucket,
  digestText,
  lineHash,
  member,
  scopeDigest,
  utf8Text,
} from './support.ts'
import type { CheckRequest, Entry, JsonObject, Receipt, Row, Verdict } from './support.ts'

interface Spot {
  rev: string
  position: number
  gone: boolean
  body: JsonObject
}

interface Feed {
  lines: { hash: string; bytes: Uint8Array; entry: Entry; receipt: Receipt }[]
}

export interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** Anything that looks at a line before it is applied. */
export type Judge = (entry: Entry) => { verdict: Verdict; code: string | null }

export class Server {
  epoch: string
  number = 0
  now: number
  judge: Judge = () => ({ verdict: 'applied', code: null })
  readonly feeds = new Map<string, Feed>()
  readonly scopes = new Map<string, Map<string, Spot>>()
  readonly positions = new Map<string, number>()
  readonly floors = new Map<string, number>()
  readonly bodies = new Map<string, JsonObject>()
  readonly receiptsOf = new Map<string, string>()
  readonly uploads = new Map<string, { size: number; offset: number }>()
  readonly blobs = new Map<string, string>()
  grants: string[] = []
  revoked: { scope: string; number: number }[] = []
  rowsPerPage = 500
  limit = 4 * 1_048_576
  /** Where a record goes. */
  scopesOf: (op: Entry['ops'][number]) => string[] = () => this.grants.slice(0, 1)
  readonly hellos: JsonObject[] = []
  readonly pushes: { from: number; count: number; bytes: number }[] = []

  constructor(
    epoch: string,
    readonly person: string,
    now = 1_795_500_000_000,
  ) {
    this.epoch = epoch
    this.now = now
  }

  /** A backup: put back with `restore`. */
  copy(): Server {
    const copy = new Server(this.epoch, this.person, this.now)
    copy.number = this.number
    copy.judge = this.judge
    copy.scopesOf = this.scopesOf
    copy.grants = [...this.grants]
    copy.rowsPerPage = this.rowsPerPage
    for (const [device, feed] of this.feeds) copy.feeds.set(device, { lines: [...feed.lines] })
    for (const [scope, spots] of this.scopes) {
      copy.scopes.set(scope, new Map([...spots].map(([record, spot]) => [record, { ...spot }])))
    }
    for (const name of ['positions', 'floors', 'bodies', 'receiptsOf', 'blobs'] as const) {
      for (const [key, value] of this[name]) (copy[name] as Map<string, unknown>).set(key, value)
    }
    return copy
  }

  // ---- rows --------------------------------------------------------------------------------

  place(scope: string, record: string, rev: string, body: JsonObject): void {
    this.spotsOf(scope).set(record, { rev, position: this.next(scope), gone: false, body })
  }

  remove(scope: string, record: string, rev: string): void {
    const spot = this.spotsOf(scope).get(record)
    if (!spot || spot.gone) return
    this.spotsOf(scope).set(record, { rev, position: this.next(scope), gone: true, body: {} })
  }

  /** A change by somebody else: a receipt of its own, a row in each scope. */
  change(record: string, fields: JsonObject, scopes: readonly string[]): string {
    this.number += 1
    const rev = `${this.epoch}:${this.number}`
    const body = this.merged(record, fields, `stamp${this.number}`, 'hazard')
    for (const [scope, spots] of this.scopes) {
      if (!scopes.includes(scope) && spots.has(record)) this.remove(scope, record, rev)
    }
    for (const scope of scopes) this.place(scope, record, rev, body)
    return rev
  }

  head(scope: string): number {
    return this.positions.get(scope) ?? 0
  }

  live(scope: string): [string, Spot][] {
    return [...this.spotsOf(scope)].filter(([, spot]) => !spot.gone)
  }

  // ---- routes ------------------------------------------------------------------------------

  hello(body: JsonObject): Answer {
    this.hellos.push(body)
    const lines = this.feedOf(String(body['device'])).lines
    const [epoch, number] = String(body['contact']).split(':')
    const isAhead = epoch === this.epoch && Number(number) > this.number
    if (isAhead || (body['head'] as { n: number }).n < 0) this.mint()
    return ok({
      ...this.ledger(),
      known: { n: lines.length, hash: lines.at(-1)?.hash ?? FIRST_PREV },
      grants: this.grants,
      revoked: this.revoked,
      limits: {},
    })
  }

  /** A new life of the ledger (H04). */
  mint(
    epoch = `${this.epoch.slice(0, -1)}${String((this.epoch.at(-1) ?? '0') === '9' ? 'a' : Number(this.epoch.at(-1)) + 1)}`,
  ): void {
    this.epoch = epoch
    this.number = 0
  }

  /** The ledger of an earlier moment. */
  forget(device: string, after: number): void {
    this.feedOf(device).lines.length = after
  }

  /** Another history under the same name. */
  replace(device: string): void {
    const { lines } = this.feedOf(device)
    lines.forEach((line, i) => (lines[i] = { ...line, hash: 'f'.repeat(32) }))
  }

  push(device: string, from: number, lines: readonly Uint8Array[], lost?: number): Answer {
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0)
    this.pushes.push({ from, count: lines.length, bytes })
    if (bytes > this.limit) return problem(413, 'body_too_large')
    const feed = this.feedOf(device)
    if (lost === feed.lines.length + 1 && lost < from) {
      const hash = feed.lines.at(-1)?.hash ?? FIRST_PREV
      return ok({ answer: 'fork', n: lost - 1, hash, ticket: 'ticket' })
    }
    if (from > feed.lines.length + 1) {
      return ok({ answer: 'gap', expected: feed.lines.length + 1 })
    }
    let head = feed.lines.at(-1)?.hash ?? FIRST_PREV
    for (const [i, line] of lines.entries()) {
      const held = feed.lines[from + i - 1]
      const prev = (JSON.parse(utf8Text(line)) as Entry).prev
      if (held ? held.hash !== lineHash(line) : prev !== head) return ok(this.fork(feed, prev))
      head = lineHash(line)
    }
    const receipts = lines.map((line, i) => {
      const held = feed.lines[from + i - 1]
      return held ? held.receipt : this.apply(device, feed, line)
    })
    return ok({ answer: 'receipts', ...this.ledger(), receipts })
  }

  pull(body: { cursors: readonly Record<string, unknown>[] }): Answer {
    const pages = this.grants.map((scope) =>
      this.page(
        scope,
        body.cursors.find((cursor) => cursor['scope'] === scope),
      ),
    )
    return ok({
      ...this.ledger(),
      grants: this.grants,
      revoked: this.revoked,
      heads: Object.fromEntries(this.grants.map((scope) => [scope, this.head(scope)])),
      pages: pages.filter((page) => page !== null),
      more: pages.some((page) => page?.more),
    })
  }

  check(body: CheckRequest): Answer {
    const live = this.live(body.scope)
    const revs = live.map(([record, { rev }]) => [record, rev] as const)
    const digest = digestText(scopeDigest(revs))
    if (body.records) {
      const rows = live.filter(([record]) => body.records?.includes(record)).map(rowOf)
      return ok({ answer: 'rows', rows, digest })
    }
    if (body.position !== this.head(body.scope)) {
      return ok({ answer: 'behind', head: this.head(body.scope) })
    }
    const theirs = Buffer.from(body.buckets ?? '', 'base64')
    const sums = Array.from({ length: 256 }, () => [0, 0, 0, 0])
    for (const [record, rev] of revs) {
      const sum = sums[bucket(record)] ?? []
      for (let i = 0; i < 4; i++) sum[i] = (sum[i] ?? 0) ^ (member(record, rev)[i] ?? 0)
    }
    const differ = sums.flatMap((sum, i) =>
      sum.every((byte, at) => byte === theirs[4 * i + at]) ? [] : [i],
    )
    if (differ.length === 0) return ok({ answer: 'same' })
    const members = revs.filter(([record]) => differ.includes(bucket(record)))
    return ok({ answer: 'differs', buckets: differ, members, digest })
  }

  createBlob(device: string, sha256: string, size: number): Answer {
    const feed = this.feedOf(device)
    if (!feed.lines.some(({ entry }) => entry.blobs.includes(sha256))) {
      return problem(409, 'blob_not_named')
    }
    const location = `/api/blobs/${sha256}`
    const receipt = this.blobs.get(sha256)
    if (receipt !== undefined) {
      return { status: 201, headers: this.done(sha256, size, location) }
    }
    if (!this.uploads.has(sha256)) this.uploads.set(sha256, { size, offset: 0 })
    const offset = this.uploads.get(sha256)?.offset ?? 0
    return { status: 201, headers: { location, 'upload-offset': String(offset) } }
  }

  headBlob(sha256: string): Answer {
    const upload = this.uploads.get(sha256)
    if (this.blobs.has(sha256)) {
      return { status: 200, headers: this.done(sha256, upload?.size ?? 0, '') }
    }
    if (!upload) return problem(404, 'not_found')
    return { status: 200, headers: { 'upload-offset': String(upload.offset) } }
  }

  patchBlob(device: string, sha256: string, offset: number, length: number): Answer {
    const upload = this.uploads.get(sha256)
    if (!upload) return problem(404, 'not_found')
    if (offset !== upload.offset) return problem(409, 'wrong_offset')
    upload.offset += length
    if (upload.offset < upload.size) {
      return { status: 204, headers: { 'upload-offset': String(upload.offset) } }
    }
    this.number += 1
    const rev = `${this.epoch}:${this.number}`
    this.blobs.set(sha256, rev)
    const receipt = { epoch: this.epoch, number: this.number, device, blob: sha256 }
    this.place(`device:${device}`, `b:${sha256}`, rev, {
      ...receipt,
      size: upload.size,
      at: this.now,
    })
    return { status: 204, headers: this.done(sha256, upload.size, '') }
  }

  // ---- inside ------------------------------------------------------------------------------

  feedOf(device: string): Feed {
    const feed = this.feeds.get(device) ?? { lines: [] }
    this.feeds.set(device, feed)
    return feed
  }

  /** Judges a held line again: a new receipt, and its rows if it is taken now. */
  rejudge(device: string, n: number, verdict: Verdict, code: string | null = null): void {
    const line = this.feedOf(device).lines[n - 1]
    if (line) line.receipt = this.judged(device, line.entry, n, { verdict, code })
  }

  private apply(device: string, feed: Feed, bytes: Uint8Array): Receipt {
    const entry = JSON.parse(utf8Text(bytes)) as Entry
    const receipt = this.judged(device, entry, feed.lines.length + 1, this.judge(entry))
    feed.lines.push({ hash: lineHash(bytes), bytes, entry, receipt })
    return receipt
  }

  private judged(
    device: string,
    entry: Entry,
    n: number,
    { verdict, code }: ReturnType<Judge>,
  ): Receipt {
    this.number += 1
    const rev = `${this.epoch}:${this.number}`
    const isTaken = verdict === 'applied' || verdict === 'merged'
    const receipt: Receipt = {
      epoch: this.epoch,
      number: this.number,
      device,
      n,
      entry: entry.id,
      verdict,
      code,
      op: null,
      field: null,
      at: this.now,
      rev: isTaken ? rev : null,
      waits: null,
    }
    if (isTaken) {
      for (const op of entry.ops) {
        if (op.act === 'abandon') continue
        const body = this.merged(op.record, op.set, entry.id, op.kind)
        // One row, wherever it is.
        const held = [...this.scopes.keys()].filter((scope) =>
          this.live(scope).some(([record]) => record === op.record),
        )
        for (const scope of new Set([...held, ...this.scopesOf(op)])) {
          this.place(scope, op.record, rev, body)
        }
      }
    }
    this.place(`device:${device}`, `r:${device}:${n}`, rev, { ...receipt })
    const home = `person:${this.person}`
    const unaccepted = `u:${device}:${n}`
    if (['held', 'refused', 'quarantined'].includes(verdict)) {
      const line = JSON.stringify(entry)
      this.place(home, unaccepted, rev, { receipt: { ...receipt }, line })
    } else this.remove(home, unaccepted, rev)
    if (entry.replaces !== undefined && isTaken) this.withdraw(entry.replaces, rev)
    for (const op of entry.ops) {
      if (op.act === 'abandon' && isTaken) this.withdraw(String(op.set['entry']), rev)
    }
    return receipt
  }

  private withdraw(id: string, rev: string): void {
    for (const [device, { lines }] of this.feeds) {
      const n = lines.findIndex((line) => line.entry.id === id) + 1
      if (n > 0) this.remove(`person:${this.person}`, `u:${device}:${n}`, rev)
    }
  }

  private merged(record: string, fields: JsonObject, stamp: string, kind: string): JsonObject {
    const old = this.bodies.get(record)
    const stamps = Object.fromEntries(Object.keys(fields).map((field) => [field, stamp]))
    const body = {
      kind,
      fields: { ...(old?.['fields'] as JsonObject | undefined), ...fields },
      stamps: { ...(old?.['stamps'] as JsonObject | undefined), ...stamps },
      adds: [],
      deleted: false,
      version: 1,
      author: 'author',
      device: 'device',
      captured: 1,
      flags: [],
      conflicts: [],
      review: null,
    }
    this.bodies.set(record, body)
    return body
  }

  private fork(feed: Feed, prev: string): JsonObject {
    const n = prev === FIRST_PREV ? 0 : feed.lines.findIndex((line) => line.hash === prev) + 1
    const isKnown = prev === FIRST_PREV || n > 0
    return { answer: 'fork', n: isKnown ? n : null, hash: isKnown ? prev : null, ticket: 'ticket' }
  }

  private page(scope: string, cursor: Record<string, unknown> | undefined): JsonObject | null {
    const floor = this.floors.get(scope) ?? 0
    const head = this.head(scope)
    const position = Number(cursor?.['position'] ?? 0)
    const isOld = cursor?.['epoch'] !== this.epoch || position < floor
    const after = isOld ? null : ((cursor['after'] as string | null | undefined) ?? null)
    const digest = (): string =>
      digestText(scopeDigest(this.live(scope).map(([record, { rev }]) => [record, rev])))
    if (isOld || after !== null)
      return this.snapshotPage(scope, isOld ? head : position, after, digest)
    const rows = [...this.spotsOf(scope)]
      .filter(([, spot]) => spot.position > position)
      .sort(([, a], [, b]) => a.position - b.position)
    const shown = rows.slice(0, this.rowsPerPage)
    const more = shown.length < rows.length
    const to = more ? (shown.at(-1)?.[1].position ?? head) : head
    const check = rows.length === 0 && cursor['digest'] !== digest()
    if (shown.length === 0 && !check && position === head) return null
    return {
      scope,
      from: position,
      to,
      rows: shown.map(rowOf) as unknown as JsonObject[],
      more,
      snapshot: null,
      digest: more ? null : digest(),
      check,
    }
  }

  private snapshotPage(
    scope: string,
    position: number,
    after: string | null,
    digest: () => string,
  ): JsonObject {
    const rows = this.live(scope)
      .filter(([record]) => after === null || record < after)
      .sort(([a], [b]) => (a < b ? 1 : -1))
    const shown = rows.slice(0, this.rowsPerPage)
    const isLast = shown.length === rows.length
    const isAtHead = isLast && position === this.head(scope)
    return {
      scope,
      from: position,
      to: position,
      rows: shown.map(rowOf) as unknown as JsonObject[],
      more: !isAtHead,
      snapshot: { position, after: isLast ? null : (shown.at(-1)?.[0] ?? null) },
      digest: isAtHead ? digest() : null,
      check: false,
    }
  }

  private done(sha256: string, size: number, location: string): Record<string, string> {
    const receipt = this.blobs.get(sha256) ?? ''
    return { location, 'upload-offset': String(size), 'hushui-receipt': receipt }
  }

  private spotsOf(scope: string): Map<string, Spot> {
    const spots = this.scopes.get(scope) ?? new Map<string, Spot>()
    this.scopes.set(scope, spots)
    return spots
  }

  private next(scope: string): number {
    const position = this.head(scope) + 1
    this.positions.set(scope, position)
    return position
  }

  private ledger(): { epoch: string; now: number; contact: string } {
    return { epoch: this.epoch, now: this.now, contact: `${this.epoch}:${this.number}` }
  }
}

function rowOf([record, { rev, gone, body }]: [string, Spot]): Row {
  return gone ? { record, rev, gone: true } : { record, rev, body }
}

// As the wire would carry it: nothing is shared with the client.
const ok = (body: unknown): Answer => ({
  status: 200,
  body: JSON.parse(JSON.stringify(body)) as unknown,
})

const problem = (status: number, code: string): Answer => ({ status, body: { code } })
