// What a draft still lacks: judged by its form, so it does not come with the shell.

import type { DraftSummary } from '../../app.ts'
import { missingPhotos, wrongs, type Slot } from '../../forms/engine.ts'
import { fieldOf } from '../../forms/field.ts'

/** What is added to a record that is out has its photos already. */
export function lacksOf(draft: DraftSummary): {
  readonly fields: readonly string[]
  readonly slots: readonly Slot[]
} {
  const { kind, fields, isNew, photos } = draft
  return {
    fields: wrongs(kind, fields)
      .filter((it) => it.code === 'required' && fieldOf(kind, it.field) !== undefined)
      .map((it) => it.field),
    slots: isNew && photos === 0 ? missingPhotos(kind, fields, []) : [],
  }
}
