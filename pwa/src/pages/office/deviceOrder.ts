// Which phone to look after first.

import type { Id } from '@hushui/sync'
import type { DeskDevice } from './wire.ts'

/** Who owes lines, then who was never heard, then the longest silent; what is revoked comes last. */
export const byNeed =
  (nameOf: (person: Id) => string) =>
  (a: DeskDevice, b: DeskDevice): number =>
    Number(a.revoked) - Number(b.revoked) ||
    b.missing - a.missing ||
    (a.last_contact ?? 0) - (b.last_contact ?? 0) ||
    nameOf(a.person).localeCompare(nameOf(b.person), 'zh-CN')
