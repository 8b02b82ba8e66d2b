// The sections of a form, in the order of the kind's description.

import { groups, type Field, type Group, type KindCode } from '../generated/kinds.ts'
import { kindOf } from './field.ts'

export interface Section extends Group {
  readonly fields: readonly string[]
}

/** `isDrawn`: which of its fields stand in this form. */
export function sections(
  kind: KindCode,
  isDrawn: (name: string, field: Field) => boolean = isOnPhone,
): readonly Section[] {
  const fields = Object.entries(kindOf(kind).fields).filter(([name, it]) => isDrawn(name, it))
  return groups
    .map((group) => ({
      ...group,
      fields: fields.filter(([, it]) => it.group === group.code).map(([name]) => name),
    }))
    .filter((section) => section.fields.length > 0)
    .sort((a, b) => place(fields, a.fields) - place(fields, b.fields))
}

const place = (fields: readonly (readonly [string, Field])[], [first]: readonly string[]) =>
  fields.findIndex(([name]) => name === first)

/** What the page asks in its own way: where, what work, the photos, and why it is corrected. */
const BY_PAGE_GROUPS = ['place', 'photos', 'correction']
const BY_PAGE = ['work_kind']

/** Kinds of which a phone holds what there is to choose from. */
const PICKED = ['member', 'object', 'boat']

function isOnPhone(name: string, field: Field): boolean {
  const byPage = BY_PAGE_GROUPS.includes(field.group ?? '') && name !== 'structure'
  if (byPage || BY_PAGE.includes(name)) return false
  switch (field.type) {
    case 'text':
    case 'number':
    case 'integer':
    case 'bool':
    case 'choice':
    case 'choices':
    case 'time':
    case 'rows':
      return true
    case 'ref':
    case 'refs':
      return PICKED.includes(field.kind ?? '')
    case 'geo':
    case 'polygon':
    case 'line':
    case 'sha256':
      return false
  }
}
