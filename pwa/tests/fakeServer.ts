// A bureau's server as small as the engine's tests need it: it takes lines, gives receipts, keeps blobs.

import type { BlobReceipt, Entry, JsonObject, Op, Receipt, RecordBody, Row } from '@hushui/sync'

export interface FakeServer {
  readonly epoch: string
  /** What it holds of the one feed. */
  readonly lines: string[]
  readonly blobs: Map<string, Uint8Array>
  readonly calls: { readonly path: string; readonly headers: Headers; readonly body: unknown }[]
  /** Rows of the scope `zone:z`. */
  readonly rows: Row[]
  /** The feed parts after line n, and the answer entitles to go on with this ticket (P05). */
  fork: { readonly n: number; readonly hash: string; readonly ticket: string } | null
  /** What happens to the next requests: a thrown error or another answer. */
  fault: ((path: string) => Response | undefined) | null
  /** The ledger of the first moment. */
  forget(): void
  fetch(path: string, init?: RequestInit): Promise<Response>
}

export function fakeServer(device: string, epoch: string): FakeServer {
  const uploads = new Map<string, { sha256: string; bytes: Uint8Array; length: number }>()
  const receipts: (Receipt | BlobReceipt)[] = []
  const hashes: string[] = []

  const ledger = () => ({ epoch, now: Date.now(), contact: `${epoch}:${receipts.length}` })
  const known = () => ({ n: hashes.length, hash: hashes.at(-1) ?? '0'.repeat(32) })

  async function hashOf(line: string): Promise<string> {
    const bytes = new TextEncoder().encode(line)
    return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).subarray(0, 16))
  }

  async function push(from: number, text: string) {
    if (server.fork) return { answer: 'fork', ...server.fork }
    const answer: Receipt[] = []
    for (const [i, line] of text.split('\n').slice(0, -1).entries()) {
      const n = from + i
      if (n > server.lines.length) {
        server.lines.push(line)
        hashes.push(await hashOf(line))
        const { id, ops } = JSON.parse(line) as Pick<Entry, 'id' | 'ops'>
        const number = receipts.length + 1
        for (const op of ops) merge(op, id, `${epoch}:${number}`)
        const rest = { code: null, op: null, field: null, waits: null, at: Date.now() }
        const rev = `${epoch}:${number}`
        receipts.push({ epoch, number, device, n, entry: id, verdict: 'applied', rev, ...rest })
      }
      const found = receipts.find((receipt) => 'n' in receipt && receipt.n === n)
      answer.push(found as Receipt)
    }
    return { answer: 'receipts', ...ledger(), receipts: answer }
  }

  function merge({ record, kind, act, set }: Op, entry: string, rev: string): void {
    const at = server.rows.findIndex((row) => row.record === record)
    const [held] = at < 0 ? [] : server.rows.splice(at, 1)
    const body = (held && 'body' in held ? held.body : NOTHING) as unknown as RecordBody
    const stamps = Object.fromEntries(Object.keys(set).map((field) => [field, entry]))
    const merged: RecordBody = {
      ...{ ...body, kind, device, version: 1, author: 'p' },
      fields: act === 'put' ? { ...body.fields, ...set } : body.fields,
      stamps: act === 'put' ? { ...body.stamps, ...stamps } : body.stamps,
      adds: act === 'add' ? [...body.adds, { entry, device, author: 'p', set }] : body.adds,
      deleted: act === 'del',
    }
    server.rows.push({ record, rev, body: merged as unknown as JsonObject })
  }

  function pull() {
    const to = server.rows.length
    const pages = [
      {
        scope: 'zone:z',
        from: 0,
        to,
        rows: server.rows,
        more: false,
        snapshot: null,
        digest: null,
      },
    ]
    const heads = { 'zone:z': to }
    return { ...ledger(), grants: ['zone:z'], revoked: [], heads, pages, more: false }
  }

  async function blob(path: string, method: string, headers: Headers, body: Uint8Array) {
    if (method === 'POST') {
      const said = headers.get('upload-metadata') ?? ''
      const sha256 = atob(/sha256 ([^,]+)/.exec(said)?.[1] ?? '')
      const isNamed = server.lines.some((line) => line.includes(sha256))
      if (!isNamed) return json({ code: 'blob_not_named' }, 409)
      const id = `up${uploads.size}`
      const length = Number(headers.get('upload-length'))
      uploads.set(id, { sha256, bytes: new Uint8Array(), length })
      const location = `https://other.name/api/blobs/${id}`
      return new Response(null, { status: 201, headers: { location, 'upload-offset': '0' } })
    }
    const upload = uploads.get(path.split('/').at(-1) ?? '')
    if (!upload) return json({ code: 'not_found' }, 404)
    if (method === 'PATCH') upload.bytes = new Uint8Array([...upload.bytes, ...body])
    const answer: Record<string, string> = { 'upload-offset': String(upload.bytes.length) }
    if (upload.bytes.length === upload.length) {
      server.blobs.set(upload.sha256, upload.bytes)
      const number = receipts.length + 1
      const { sha256, length: size } = upload
      receipts.push({ epoch, number, device, blob: sha256, size, at: Date.now() })
      answer['hushui-receipt'] = `${epoch}:${number}`
    }
    return new Response(null, { status: 204, headers: answer })
  }

  const server: FakeServer = {
    epoch,
    lines: [],
    blobs: new Map(),
    calls: [],
    rows: [],
    fork: null,
    fault: null,
    forget: () => {
      for (const held of [server.lines, hashes, receipts]) held.length = 0
    },
    fetch: async (path, init = {}) => {
      const headers = new Headers(init.headers)
      const bytes = await bytesOf(init.body, headers.get('content-encoding') === 'gzip')
      const text = new TextDecoder().decode(bytes)
      const isJson = headers.get('content-type') === 'application/json'
      server.calls.push({ path, headers, body: isJson ? JSON.parse(text) : bytes })
      const fault = server.fault?.(path)
      if (fault) return fault
      const url = new URL(path, 'http://local')
      switch (url.pathname) {
        case '/api/sync/hello':
          return json({ ...ledger(), known: known(), grants: ['zone:z'], revoked: [], limits: {} })
        case '/api/sync/push':
          return json(await push(Number(url.searchParams.get('from')), text))
        case '/api/sync/pull':
          return json(pull())
        case '/api/live':
          return new Response(null, { status: 503 })
        case '/api/enrol':
          return json({ device, token: 't', person: 'p', org: 'o', ...ledger() })
        case '/api/orgs/me':
          return json({ org: 'o', name: '南河站', demo: true })
        default:
          return url.pathname.startsWith('/api/blobs')
            ? blob(url.pathname, init.method ?? 'GET', headers, bytes)
            : json({ code: 'not_found' }, 404)
      }
    },
  }
  return server
}

const NOTHING: JsonObject = {
  ...{ fields: {}, stamps: {}, adds: [], flags: [], conflicts: [] },
  ...{ captured: 1, review: null },
}

const json = (body: unknown, status = 200): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' },
  })

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

async function bytesOf(body: RequestInit['body'], isPacked: boolean): Promise<Uint8Array> {
  if (body == null) return new Uint8Array()
  const bytes =
    typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body as ArrayBuffer)
  if (!isPacked) return bytes
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return new Uint8Array(await new Response(unpacked).arrayBuffer())
}
