// What both languages must agree on, byte for byte.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  BUCKETS,
  CaptureError,
  bucket,
  buckets,
  capture,
  chain,
  clockFlags,
  effective,
  digestText,
  isId,
  lineHash,
  member,
  receiptChain,
  scopeDigest,
  toNumber,
  toText,
  uploadMetadata,
  uuid7,
} from '../src/index.ts'
import type { At, Draft, Head, MemberRev } from '../src/index.ts'
import { entryOfBytes } from '../src/entry.ts'
import { beats } from '../src/rev.ts'

interface Case<In, Out> {
  readonly name: string
  readonly in: In
  readonly out: Out
}

function cases<In, Out>(file: string): Case<In, Out>[] {
  const text = readFileSync(new URL(`../../vectors/${file}`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { cases: Case<In, Out>[] }).cases
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'))

describe('ids', () => {
  interface In {
    wall?: number
    random?: string
    number?: string
    text?: string
  }
  test.for(cases<In, { id: string } | null>('ids.json'))('an id, $name', ({ in: given, out }) => {
    if (out === null) {
      expect(isId(given.text)).toBe(false)
      expect(() => toNumber(given.text ?? '')).toThrow(RangeError)
    } else if (given.number !== undefined) {
      const number = BigInt(`0x${given.number}`)
      expect(toText(number)).toBe(out.id)
      expect(toNumber(out.id)).toBe(number)
    } else {
      const random = Uint8Array.from(Buffer.from(given.random ?? '', 'hex'))
      expect(uuid7(given.wall ?? 0, random)).toBe(out.id)
    }
  })
})

describe('lines', () => {
  interface Raw {
    base64?: string
    repeat?: string
    times?: number
  }
  test.for(cases<Raw, string>('line-hash.json'))('line hash: $name', ({ in: raw, out }) => {
    const bytes = bytesOf(
      raw.base64 ?? Buffer.from((raw.repeat ?? '').repeat(raw.times ?? 0)).toString('base64'),
    )
    expect(lineHash(bytes)).toBe(out)
  })

  test.for(cases<{ head: Head; lines: string[] }, Head[]>('chain.json'))(
    'C01 chain: $name',
    ({ in: given, out }) => {
      expect(chain(given.head, given.lines.map(bytesOf))).toEqual(out)
    },
  )

  interface Capture {
    head: Head
    device: string
    at: At
    draft: Draft
  }
  test.for(
    cases<Capture, { n: number; hash: string; text?: string } | { error: string }>('capture.json'),
  )('C01 E01 capture: $name', ({ in: { head, device, at, draft }, out }) => {
    const typed = unfold(draft) as Draft
    if ('error' in out) {
      expect(() => capture(head, device, at, typed)).toThrow(CaptureError)
      expect(() => capture(head, device, at, typed)).toThrow(out.error)
      return
    }
    const line = capture(head, device, at, typed)
    if (out.text !== undefined) expect(Buffer.from(line.bytes).toString('utf8')).toBe(out.text)
    expect({ n: line.n, hash: line.hash }).toEqual({ n: out.n, hash: out.hash })
    expect(line.entry).toEqual(JSON.parse(Buffer.from(line.bytes).toString('utf8')))
  })

  test('E01 the golden lines of format 1 are read, and written the same once more', () => {
    const url = new URL('../../vectors/format-1.json', import.meta.url)
    const { lines } = JSON.parse(readFileSync(url, 'utf8')) as { lines: { line: string }[] }
    expect(lines.length).toBeGreaterThan(15)
    for (const { line } of lines) {
      const bytes = Buffer.from(line)
      const { device, n, prev, at, id, ops, blobs, replaces } = entryOfBytes(bytes)
      const draft = { id, ops, blobs, ...(replaces === undefined ? {} : { replaces }) }
      const again = capture({ n: n - 1, hash: prev }, device, at, draft)
      expect(Buffer.from(again.bytes).toString('utf8')).toBe(line)
    }
  })
})

describe('clock', () => {
  interface In {
    wall: number
    offset: number
    previous: number | null
    contact: number | null
    received: number
  }
  test.for(cases<In, { eff?: number; flags?: string[] }>('clock.json'))(
    'T03 T05 $name',
    ({ in: given, out }) => {
      if (out.flags) expect(clockFlags(given)).toEqual(out.flags)
      else expect(effective(given)).toBe(out.eff)
    },
  )
})

describe('digests', () => {
  interface Out {
    digest: string
    members: string[]
    bucketOf: number[]
    buckets: Record<string, string>
  }
  test.for(cases<MemberRev[], Out>('digest.json'))('G01 G02 $name', ({ in: members, out }) => {
    expect(digestText(scopeDigest(members))).toBe(out.digest)
    expect(members.map(([record, rev]) => digestText(member(record, rev)))).toEqual(out.members)
    expect(members.map(([record]) => bucket(record))).toEqual(out.bucketOf)
    const all = Array.from({ length: BUCKETS }, (_, i) =>
      Buffer.from(out.buckets[String(i)] ?? 'AAAAAA==', 'base64'),
    )
    expect(buckets(members)).toBe(Buffer.concat(all).toString('base64'))
  })
})

test.for(
  cases<{ previous: string; receipt: string; positions: [string, number][] }, string>(
    'receipt-chain.json',
  ),
)('R02 $name', ({ in: { previous, receipt, positions }, out }) => {
  expect(receiptChain(previous, receipt, positions)).toBe(out)
})

test.for(cases<{ incoming: string; held: string; announced: string }, boolean>('rev.json'))(
  'S07 $name',
  ({ in: { incoming, held, announced }, out }) => {
    expect(beats(incoming, held, announced)).toBe(out)
  },
)

test.for(
  cases<{ sha256: string; mime: string }, string>('blob-metadata.json').filter(({ name }) =>
    name.startsWith('written'),
  ),
)('B01 $name', ({ in: { sha256, mime }, out }) => {
  expect(uploadMetadata(sha256, mime)).toBe(out)
})

/** `{"$repeat", "times"}` stands for a long text. */
function unfold(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unfold)
  if (typeof value !== 'object' || value === null) return value
  const { $repeat, times } = value as { $repeat?: string; times?: number }
  if ($repeat !== undefined) return $repeat.repeat(times ?? 0)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unfold(item)]))
}
