// What the person at the desk may do with people. For showing and hiding: the server decides.

import { computed } from 'vue'
import { useApp } from '../../../app.ts'
import type { Member } from '../../../generated/kinds.ts'

type Role = Member['roles'][number]

/** GUARDED_ROLES of server/hushui/domain/access.py: an administrator alone gives and takes them. */
export const GUARDED: readonly Role[] = ['admin', 'duty_officer', 'secretary']

export const guarded = (roles: readonly string[] | null | undefined): readonly string[] =>
  (roles ?? []).filter((role) => GUARDED.some((it) => it === role)).sort()

export const isGuarded = (roles: readonly string[] | null | undefined): boolean =>
  guarded(roles).length > 0

export function useMay() {
  const { session } = useApp()
  return computed(() => {
    const now = session.value
    const { office = false, admin = false } = now.phase === 'enrolled' ? now.rights : {}
    const me = now.phase === 'enrolled' ? now.person : null
    return { me, people: office || admin, zones: office, accounts: admin }
  })
}
