// The wire: requests of the core become fetches, whatever comes back becomes a value.

import { uploadMetadata } from '@hushui/sync'
import type { HelloRequest, Request, Rev, Sha256 } from '@hushui/sync'

type Answer =
  | {
      readonly ok: true
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body?: unknown
    }
  | { readonly ok: false; readonly reason: 'network' | 'timeout' | 'unparsable' }

/** What a request carries besides its own words; asked for at the moment of sending. */
export interface Cargo {
  /** Bytes of the lines, without newlines. */
  lines(from: number, to: number): Promise<readonly Uint8Array[]>
  /** undefined: the bytes are not on this phone. */
  chunk(sha256: Sha256, offset: number, length: number): Promise<ArrayBuffer | undefined>
  /** Of the moment of sending: clock and disk (H01). */
  hello(): Promise<Pick<HelloRequest & { wall: number; storage: unknown }, 'wall' | 'storage'>>
}

export interface Transport {
  send(request: Request, contact: Rev): Promise<Answer>
  /** A fetch with this device's right; for everything that is not sync. */
  fetch(path: string, init?: RequestInit, timeoutMs?: number): Promise<Response>
}

const SECOND = 1000
/** A chunk of 256 KiB over the slowest link worth waiting for, 10 kbit/s, takes 210 s. */
const TIMEOUT_MS: Readonly<Record<Request['type'], number>> = {
  hello: 30 * SECOND,
  push: 240 * SECOND,
  pull: 240 * SECOND,
  check: 120 * SECOND,
  blob_create: 30 * SECOND,
  blob_head: 30 * SECOND,
  blob_patch: 240 * SECOND,
}
const GZIP_BYTES_MIN = 256
const WANTED = ['retry-after', 'location', 'upload-offset', 'hushui-receipt'] as const

/** `token` null: the session cookie takes its place. */
export function createTransport(
  token: string | null,
  cargo: Cargo,
  language: () => string,
): Transport {
  async function call(path: string, init: RequestInit = {}, timeoutMs = 30 * SECOND) {
    const headers = new Headers(init.headers)
    headers.set('Accept-Language', language())
    if (token !== null) headers.set('Authorization', `Bearer ${token}`)
    return fetch(path, {
      ...init,
      headers,
      // A cookie of the office's must not speak for a phone.
      credentials: token === null ? 'same-origin' : 'omit',
      cache: init.cache ?? 'no-store',
      signal: withTimeout(init.signal ?? null, timeoutMs),
    })
  }

  async function exchange(request: Request, contact: Rev): Promise<Answer> {
    const prepared = await prepare(request, cargo)
    if (prepared === undefined) return { ok: false, reason: 'unparsable' }
    const { path, init } = prepared
    // What writes: the other three say in their bodies what the phone knows (H04).
    if (!('body' in request)) init.headers['Hushui-Contact'] = contact
    const response = await call(path, init, TIMEOUT_MS[request.type])
    const headers: Record<string, string> = {}
    for (const name of WANTED) {
      const value = response.headers.get(name)
      if (value !== null) headers[name] = name === 'location' ? pathOf(value) : value
    }
    const text = request.type === 'blob_head' ? '' : await response.text()
    const body = parse(text)
    return { ok: true, status: response.status, headers, ...(body === undefined ? {} : { body }) }
  }

  return {
    fetch: call,
    send: async (request, contact) => {
      try {
        return await exchange(request, contact)
      } catch (error) {
        const name = error instanceof Error ? error.name : ''
        const isTimeout = name === 'TimeoutError' || name === 'AbortError'
        return { ok: false, reason: isTimeout ? 'timeout' : 'network' }
      }
    },
  }
}

interface Prepared {
  readonly path: string
  readonly init: RequestInit & { headers: Record<string, string> }
}

async function prepare(request: Request, cargo: Cargo): Promise<Prepared | undefined> {
  switch (request.type) {
    case 'hello':
      return json(request.type, { ...request.body, ...(await cargo.hello()) })
    case 'pull':
    case 'check':
      return json(request.type, request.body)
    case 'push': {
      const lines = await cargo.lines(request.from, request.to)
      if (lines.length !== request.to - request.from + 1) return undefined
      const { device, from, lost } = request
      const path = `push?device=${device}&from=${from}${lost ? `&lost=${lost}` : ''}`
      return post(path, 'application/x-ndjson', ndjson(lines))
    }
    case 'blob_create':
      return tus('/api/blobs', 'POST', {
        'Upload-Length': String(request.size),
        'Upload-Metadata': uploadMetadata(request.sha256, request.mime),
      })
    case 'blob_head':
      return tus(request.location, 'HEAD', {})
    case 'blob_patch': {
      const { sha256, location, offset, length } = request
      const body = await cargo.chunk(sha256, offset, length)
      if (body === undefined) return undefined
      const headers = {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': String(offset),
      }
      return tus(location, 'PATCH', headers, body)
    }
  }
}

const json = (path: string, body: unknown): Promise<Prepared> =>
  post(path, 'application/json', new TextEncoder().encode(JSON.stringify(body)))

async function post(path: string, type: string, body: Uint8Array<ArrayBuffer>): Promise<Prepared> {
  const headers: Record<string, string> = { 'Content-Type': type }
  const packed = body.byteLength > GZIP_BYTES_MIN ? await gzip(body) : undefined
  if (packed) headers['Content-Encoding'] = 'gzip'
  return { path: `/api/sync/${path}`, init: { method: 'POST', headers, body: packed ?? body } }
}

const tus = (
  path: string,
  method: string,
  headers: Record<string, string>,
  body?: ArrayBuffer,
): Prepared => ({
  path,
  init: {
    method,
    headers: { 'Tus-Resumable': '1.0.0', ...headers },
    ...(body === undefined ? {} : { body }),
  },
})

/** Each line ended by a newline (section 5). */
export function ndjson(lines: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = lines.reduce((sum, line) => sum + line.length + 1, 0)
  const body = new Uint8Array(size)
  let at = 0
  for (const line of lines) {
    body.set(line, at)
    at += line.length
    body[at++] = 0x0a
  }
  return body
}

/** undefined where the browser cannot. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer | undefined> {
  if (typeof CompressionStream === 'undefined') return undefined
  const packer = new CompressionStream('gzip')
  const packed = new Response(packer.readable).arrayBuffer()
  const writer = packer.writable.getWriter()
  await Promise.all([writer.write(bytes), writer.close()])
  return packed
}

/** A proxy may name itself otherwise than we reached it: only the path is believed. */
function pathOf(location: string): string {
  try {
    const { pathname, search } = new URL(location, 'http://local')
    return pathname + search
  } catch {
    return location
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** AbortSignal.timeout is too new for the phones we serve. */
export function withTimeout(signal: AbortSignal | null, ms: number): AbortSignal {
  const controller = new AbortController()
  const end = () => controller.abort()
  const timer = setTimeout(end, ms)
  controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { once: true })
  return controller.signal
}
