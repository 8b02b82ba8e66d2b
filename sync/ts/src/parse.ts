// Answers come through networks, proxies and login pages of hotels: what is not exactly an answer is
// `undefined`, and the step treats it as a failed request.

import type { JsonObject, Rev } from './entry.ts'
import { VERDICTS } from './errors.ts'
import type { Verdict } from './errors.ts'
import type {
  BlobAnswer,
  BlobReceipt,
  CheckAnswer,
  HelloAnswer,
  Known,
  Page,
  PullAnswer,
  PushAnswer,
  Receipt,
  Revoked,
  Row,
  RowId,
} from './messages.ts'
import { isRev } from './rev.ts'

export const parseHello = (body: unknown): HelloAnswer | undefined => attempt(() => hello(body))
export const parsePush = (body: unknown): PushAnswer | undefined => attempt(() => push(body))
export const parsePull = (body: unknown): PullAnswer | undefined => attempt(() => pull(body))
export const parseCheck = (body: unknown): CheckAnswer | undefined => attempt(() => check(body))
export const parseReceipt = (body: unknown): Receipt | undefined => attempt(() => receipt(body))
export const parseBlobReceipt = (body: unknown): BlobReceipt | undefined =>
  attempt(() => blobReceipt(body))

/** The code of a problem+json body. */
export const parseProblem = (body: unknown): string | null =>
  attempt(() => text(object(body)['code'])) ?? null

export function parseBlob(headers: Readonly<Record<string, string>>): BlobAnswer {
  const offset = headers['upload-offset'] ?? ''
  const receiptRev = headers['hushui-receipt']
  return {
    offset: /^\d{1,15}$/.test(offset) ? Number(offset) : null,
    location: headers['location'] ?? null,
    receipt: receiptRev !== undefined && isRev(receiptRev) ? receiptRev : null,
  }
}

// ---- the messages --------------------------------------------------------------------------

function hello(body: unknown): HelloAnswer {
  const o = object(body)
  return {
    ...ledger(o),
    known: known(o['known']),
    grants: list(o['grants'], text),
    revoked: list(o['revoked'], revoked),
    limits: o['limits'] === undefined ? {} : (object(o['limits']) as JsonObject),
  }
}

function push(body: unknown): PushAnswer {
  const o = object(body)
  switch (o['answer']) {
    case 'receipts':
      return { answer: 'receipts', ...ledger(o), receipts: list(o['receipts'], receipt) }
    case 'gap':
      return { answer: 'gap', expected: count(o['expected']) }
    case 'fork':
      return {
        answer: 'fork',
        n: orNull(o['n'], count),
        hash: orNull(o['hash'], text),
        ticket: text(o['ticket']),
      }
    case 'too_large':
      return { answer: 'too_large', n: count(o['n']) }
    default:
      throw new Unparsable()
  }
}

function pull(body: unknown): PullAnswer {
  const o = object(body)
  const heads = object(o['heads'])
  for (const position of Object.values(heads)) count(position)
  return {
    ...ledger(o),
    grants: list(o['grants'], text),
    revoked: list(o['revoked'], revoked),
    heads: heads as Record<string, number>,
    pages: list(o['pages'], page),
    more: flag(o['more']),
  }
}

function page(value: unknown): Page {
  const o = object(value)
  return {
    scope: text(o['scope']),
    from: count(o['from']),
    to: count(o['to']),
    rows: list(o['rows'], row),
    more: flag(o['more']),
    snapshot: orNull(o['snapshot'], (snapshot) => {
      const s = object(snapshot)
      return { position: count(s['position']), after: orNull(s['after'], text) }
    }),
    digest: orNull(o['digest'], text),
    check: o['check'] === undefined ? false : flag(o['check']),
  }
}

function row(value: unknown): Row {
  const o = object(value)
  const record = text(o['record'])
  if (o['gone'] === true) return { record, rev: rev(o['rev']), gone: true }
  return { record, rev: rev(o['rev']), body: object(o['body']) as JsonObject }
}

function check(body: unknown): CheckAnswer {
  const o = object(body)
  switch (o['answer']) {
    case 'same':
      return { answer: 'same' }
    case 'behind':
      return { answer: 'behind', head: count(o['head']) }
    case 'differs':
      return {
        answer: 'differs',
        buckets: list(o['buckets'], count),
        members: list(o['members'], member),
        digest: text(o['digest']),
      }
    case 'rows':
      return { answer: 'rows', rows: list(o['rows'], row), digest: text(o['digest']) }
    default:
      throw new Unparsable()
  }
}

function member(value: unknown): readonly [RowId, Rev] {
  const [record, of] = list(value, text)
  return [text(record), rev(of)]
}

function receipt(value: unknown): Receipt {
  const o = object(value)
  return {
    epoch: text(o['epoch']),
    number: count(o['number']),
    device: text(o['device']),
    n: count(o['n']),
    entry: orNull(o['entry'], text),
    verdict: verdict(o['verdict']),
    code: orNull(o['code'], text),
    op: orNull(o['op'], count),
    field: orNull(o['field'], text),
    at: integer(o['at']),
    rev: orNull(o['rev'], rev),
    waits: orNull(o['waits'], text),
  }
}

function blobReceipt(value: unknown): BlobReceipt {
  const o = object(value)
  return {
    epoch: text(o['epoch']),
    number: count(o['number']),
    device: text(o['device']),
    blob: text(o['blob']),
    size: count(o['size']),
    at: integer(o['at']),
  }
}

function ledger(o: Members): { epoch: string; now: number; contact: Rev } {
  return { epoch: text(o['epoch']), now: integer(o['now']), contact: rev(o['contact']) }
}

function known(value: unknown): Known {
  const o = object(value)
  return { n: count(o['n']), hash: text(o['hash']) }
}

function revoked(value: unknown): Revoked {
  const o = object(value)
  return { scope: text(o['scope']), number: count(o['number']) }
}

// ---- the parts -----------------------------------------------------------------------------

class Unparsable extends Error {}

type Members = Readonly<Record<string, unknown>>

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof Unparsable) return undefined
    throw error
  }
}

function object(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unparsable()
  return value as Members
}

function list<T>(value: unknown, item: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new Unparsable()
  return value.map(item)
}

function orNull<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : parse(value)
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Unparsable()
  return value
}

function integer(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new Unparsable()
  return value as number
}

function count(value: unknown): number {
  const number = integer(value)
  if (number < 0) throw new Unparsable()
  return number
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Unparsable()
  return value
}

function rev(value: unknown): Rev {
  if (!isRev(value)) throw new Unparsable()
  return value
}

function verdict(value: unknown): Verdict {
  if (!(VERDICTS as readonly unknown[]).includes(value)) throw new Unparsable()
  return value as Verdict
}
