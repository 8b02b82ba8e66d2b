// The office's queries, and everything else that is not sync: JSON in, JSON or a problem out.

import { ApiProblem } from '../app.ts'
import type { Api, Params, ProblemWords } from '../app.ts'

type Fetch = (path: string, init?: RequestInit, timeoutMs?: number) => Promise<Response>

export function createApi(fetch: () => Fetch, onHint: Api['onHint']): Api {
  return {
    get: async <T>(path: string, params?: Params, signal?: AbortSignal) =>
      (await call(fetch(), address(path, params), signal ? { signal } : {})) as T,
    post: async <T>(path: string, body: unknown) =>
      (await call(fetch(), path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })) as T,
    upload: async <T>(path: string, bytes: Blob, timeoutMs?: number) => {
      const headers = { 'Content-Type': 'application/octet-stream' }
      const way = (to: string, init?: RequestInit) => fetch()(to, init, timeoutMs)
      return (await call(way, path, { method: 'POST', headers, body: bytes })) as T
    },
    onHint,
  }
}

export async function call(fetch: Fetch, path: string, init: RequestInit): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (error) {
    // The caller's own abort is not the network's fault.
    if (init.signal?.aborted) throw error
    throw new ApiProblem(0, 'offline', '')
  }
  if (response.ok) return response.status === 204 ? null : ((await response.json()) as unknown)
  throw await problemOf(response)
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as {
    code?: unknown
    detail?: unknown
  } | null
  const code = typeof body?.code === 'string' ? body.code : 'unknown'
  const detail = typeof body?.detail === 'string' ? body.detail : ''
  const after = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiProblem(response.status, code, detail, Number.isFinite(after) ? after : null)
}

export function wordsOf(error: unknown): ProblemWords {
  if (error instanceof ApiProblem) {
    const { code, detail, retryAfter } = error
    return { code, detail, retryAfter }
  }
  return { code: 'offline', detail: '', retryAfter: null }
}

function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}
