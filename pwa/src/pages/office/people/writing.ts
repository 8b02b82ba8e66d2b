// Records about people leave by the outbox like every other line; what became of them in words.

import type { Id, Op } from '@hushui/sync'
import { shallowRef } from 'vue'
import { StorageFull, useApp, type Saved } from '../../../app.ts'
import type { KindCode } from '../../../generated/kinds.ts'
import { useDeskWords } from '../deskWords.ts'
import { again } from '../fresh.ts'

interface Told {
  readonly kind: 'good' | 'warn' | 'quiet'
  readonly words: string
  /** The line that was not taken: it can be given up. */
  readonly entry: Id | null
}

export type Fate = 'done' | 'waiting' | 'refused' | 'not_saved'

const WAIT_MS = 2_000
const WAIT_LONG_MS = 6 * 3_600_000

/** Outlives the page, so that a late answer still finds its words. */
const told = shallowRef<Told | null>(null)

export function useWriting() {
  const app = useApp()
  const { t, refusal } = useDeskWords()

  /** `what`: what was done, in words. */
  const write = (what: string, ops: readonly Op[]): Promise<Fate> =>
    follow(what, app.submit({ ops }), kindOf(ops))

  async function follow(
    what: string,
    saving: Promise<Saved>,
    kind: KindCode = 'member',
  ): Promise<Fate> {
    let saved: Saved
    try {
      saved = await saving
    } catch (error) {
      const key = error instanceof StorageFull ? 'roster.said.full' : 'roster.said.notSaved'
      told.value = { kind: 'warn', words: t(key, { what }), entry: null }
      return 'not_saved'
    }
    const fate = await judged(what, saved, kind, WAIT_MS)
    if (fate !== 'waiting') return fate
    const waiting: Told = {
      ...{ kind: 'quiet', entry: null },
      words: t('roster.said.waiting', { what }),
    }
    told.value = waiting
    void app.receiptOf(saved, WAIT_LONG_MS).then((late) => {
      if (late && told.value === waiting) void judged(what, saved, kind, WAIT_MS)
    })
    return 'waiting'
  }

  async function judged(what: string, saved: Saved, kind: KindCode, ms: number): Promise<Fate> {
    const receipt = await app.receiptOf(saved, ms)
    if (receipt === null) return 'waiting'
    again()
    if (TAKEN.includes(receipt.verdict)) {
      told.value = { kind: 'good', words: t('roster.said.done', { what }), entry: null }
      return 'done'
    }
    const why = refusal(receipt.code ?? 'unknown', kind, receipt.field)
    const words = t('roster.said.refused', { what, why })
    told.value = { kind: 'warn', words, entry: saved.entry }
    return 'refused'
  }

  return { told, write, follow }
}

const TAKEN: readonly string[] = ['applied', 'merged', 'noop']

const kindOf = (ops: readonly Op[]): KindCode => (ops.at(-1)?.kind ?? 'member') as KindCode
