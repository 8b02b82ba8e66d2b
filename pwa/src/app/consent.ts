// What the person at the phone agreed to: the newest own answer to the notice as it reads now.

import type { Ref } from 'vue'
import type { App, HsRecord, Session } from '../app.ts'
import type { Views } from './views.ts'

/** Of the words under `notice` in text/rare/; whoever changes what they promise gives them a new one. */
export const NOTICE = '2026-11'

export function createConsent(views: Views, session: Readonly<Ref<Session>>): App['consent'] {
  const all = views.records.list('consent')
  return (purpose) =>
    all.value.reduce<HsRecord<'consent'> | null>((newest, it) => {
      const { fields, author, deleted } = it
      const isOwn = session.value.phase === 'enrolled' && author === session.value.person
      const counts = isOwn && !deleted && fields.purpose === purpose && fields.version === NOTICE
      return counts && (fields.at ?? 0) > (newest?.fields.at ?? -1) ? it : newest
    }, null)
}
