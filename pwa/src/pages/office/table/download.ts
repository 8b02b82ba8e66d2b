// A file of what the table shows, by the same words as the list.

import { ApiProblem, type Params } from '../../../app.ts'
import { kindOf } from '../../../forms/field.ts'
import type { KindCode } from '../../../generated/kinds.ts'
import { withTimeout } from '../../../sync/transport.ts'

const FORMATS = ['xlsx', 'csv', 'geojson', 'gpx'] as const

export type ExportFormat = (typeof FORMATS)[number]

const SHAPES = ['geo', 'polygon', 'line']

/** A map file only of what has a place, a track only of what was walked. */
export function formatsOf(kind: KindCode): readonly ExportFormat[] {
  const { fields, adds } = kindOf(kind)
  const isPlaced = Object.values(fields).some(({ type }) => SHAPES.includes(type))
  const isWalked = Object.values(adds).some((set) =>
    Object.values(set).some(({ type }) => type === 'sha256'),
  )
  return FORMATS.filter(
    (it) => (it !== 'geojson' || isPlaced || isWalked) && (it !== 'gpx' || isWalked),
  )
}

const TIMEOUT_MS = 120_000

/**
 * The session's cookie speaks for the office, as in every other of its questions. Rejects with
 * `ApiProblem`.
 */
export async function fetchExport(
  kind: KindCode,
  format: ExportFormat,
  params: Params,
  language: string,
): Promise<{ readonly name: string; readonly file: Blob }> {
  const asked = search({ ...params, kind: null })
  const response = await fetch(`/api/exports/${kind}.${format}${asked}`, {
    headers: { 'Accept-Language': language },
    credentials: 'same-origin',
    cache: 'no-store',
    signal: withTimeout(null, TIMEOUT_MS),
  }).catch(() => {
    throw new ApiProblem(0, 'offline', '')
  })
  if (!response.ok) {
    const body = (await response.json().catch(() => null)) as { code?: unknown } | null
    throw new ApiProblem(response.status, String(body?.code ?? 'unknown'), '')
  }
  const file = await response.blob().catch(() => {
    throw new ApiProblem(0, 'offline', '')
  })
  return { name: nameIn(response.headers.get('content-disposition')) ?? `${kind}.${format}`, file }
}

function search(params: Params): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) {
    if (value === null || value === undefined) continue
    for (const one of [value].flat()) query.append(name, String(one))
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** filename*=UTF-8''… says it in Chinese; null: the server gave no name. */
export function nameIn(disposition: string | null): string | null {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  if (wide !== undefined) {
    try {
      return decodeURIComponent(wide)
    } catch {
      return null
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1] ?? null
}

/** Gives the file to the browser's downloads. */
export function saveFile(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
