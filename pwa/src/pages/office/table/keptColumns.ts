// Which columns a person chose, of each kind; kept in this browser.

import type { KindCode } from '../../../generated/kinds.ts'

const keyOf = (kind: KindCode | null) => `hushui-desk-columns-${kind ?? 'all'}`

/** null: none chosen. */
export function keptColumns(kind: KindCode | null): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(kind)) ?? 'null')
    return Array.isArray(kept) ? kept.filter((it): it is string => typeof it === 'string') : null
  } catch {
    return null
  }
}

export function keepColumns(kind: KindCode | null, ids: readonly string[] | null): void {
  try {
    if (ids === null) localStorage.removeItem(keyOf(kind))
    else localStorage.setItem(keyOf(kind), JSON.stringify(ids))
  } catch {
    // A private window: it lasts as long as the page.
  }
}
