// Rescue bundles as the office's route tells them, and how each stands.

import type { Id, Sha256 } from '@hushui/sync'

export interface Bundle {
  readonly sha256: Sha256
  readonly size: number
  /** The first who brought it first. */
  readonly handed: readonly { readonly person: Id; readonly at: number; readonly name: string }[]
  readonly whole: boolean
  readonly faults: readonly { readonly code: string; readonly where: string }[]
  readonly org: 'own' | 'other' | 'unknown'
  /** As the file says. */
  readonly person: Id | null
  readonly name: string | null
  readonly made: number | null
  readonly since: number | null
  readonly until: number | null
  readonly feeds: readonly {
    readonly device: Id
    /** Whose it is as the office knows it; null: not of this organisation. */
    readonly person: Id | null
    readonly first: number
    readonly last: number
    readonly lines: number
    readonly held: number
    readonly other: boolean
  }[]
  readonly lines: number
  readonly lines_held: number
  readonly photos: number
  readonly photos_held: number
  readonly photos_gone: number
}

export interface BundleList {
  readonly bundles: readonly Bundle[]
  readonly bytes_max: number
}

/** `known`: the office has all of it. */
export type BundleStand = 'known' | 'open' | 'empty' | 'foreign' | 'unread'

export function standOf(it: Bundle): BundleStand {
  if (it.org === 'other') return 'foreign'
  if (it.lines + it.photos === 0) return it.whole ? 'empty' : 'unread'
  const isHeld = it.lines_held === it.lines && it.photos_held === it.photos
  // What is missing from a broken file may be what nobody has.
  return isHeld && it.whole ? 'known' : 'open'
}

/** Each kind of fault once, with how often it was found. */
export function faultsOf({ faults }: Bundle): readonly { code: string; n: number }[] {
  const counts = new Map<string, number>()
  for (const { code } of faults) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, n]) => ({ code, n }))
}

/** An hour: a stick is quick, a thin line is not. */
export const BRING_MS = 3_600_000
