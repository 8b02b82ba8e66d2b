// Which records are about somebody: written by him, added to by him, or naming him.

import type { Id } from '@hushui/sync'
import type { HsRecord } from '../../app.ts'

export const isAbout = ({ id, author, fields, adds, review }: HsRecord, person: Id): boolean =>
  person !== '' && (id === person || author === person || names([fields, adds, review], person))

function names(value: unknown, person: Id): boolean {
  if (typeof value !== 'object' || value === null) return value === person
  return Object.values(value).some((it) => names(it, person))
}
