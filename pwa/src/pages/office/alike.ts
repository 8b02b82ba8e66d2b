// What tells apart those who are called the same: two 李四, two zones of one short code.

import type { Id } from '@hushui/sync'
import { useApp, type HsRecord } from '../../app.ts'
import { useSpeech } from './table/useSpeech.ts'
import { moment } from './table/valueWords.ts'

export interface Named {
  readonly id: Id
  readonly name: string
  /** What it is found by beside its name. */
  readonly code?: string
  /** What tells it from others of its name, the best first; '' where it has no such. */
  readonly marks?: readonly string[]
}

/** The same ones in the same order, each with a name of its own as far as anything tells them apart. */
export function apart<N extends Named>(all: readonly N[]): readonly N[] {
  const same = new Map<string, N[]>()
  for (const it of all) same.set(it.name, [...(same.get(it.name) ?? []), it])
  return all.map((it) => {
    const others = same.get(it.name)!.filter((one) => one !== it)
    if (others.length === 0) return it
    return { ...it, name: [it.name, markOf(it, others)].filter(Boolean).join(' ') }
  })
}

/** The first that no other has; else the first there is. */
function markOf({ marks = [] }: Named, others: readonly Named[]): string {
  const own = marks.find((mark, n) => mark !== '' && others.every((it) => it.marks?.[n] !== mark))
  return own ?? marks.find(Boolean) ?? ''
}

type Its = Pick<HsRecord, 'id' | 'kind' | 'captured'> & {
  readonly fields: Readonly<Record<string, unknown>>
}

const shortOf = (code: unknown): string => String(code ?? '').replace(/^.*-/, '')

export function useAlike() {
  const { records } = useApp()
  const speech = useSpeech()
  const zones = records.list('zone', (it) => !it.deleted)

  const isShared = (code: string): boolean =>
    zones.value.filter((it) => shortOf(it.fields.code) === shortOf(code)).length > 1

  function called({ id, kind, captured, fields }: Its): Named {
    const code = typeof fields['code'] === 'string' ? fields['code'] : ''
    const own = speech.title(kind, fields)
    const isWhole = kind === 'zone' && code !== '' && isShared(code)
    const name = isWhole ? [code, fields['name']].filter(Boolean).join(' ') : own
    const team = typeof fields['team'] === 'string' ? speech.name(fields['team']) : ''
    return { id, name, code, marks: [code, team, moment(captured)] }
  }

  const byName = (one: Named, other: Named) =>
    one.name.localeCompare(other.name, 'zh-CN', { numeric: true })

  return { called, byName }
}
