// Seconds until something is taken again, counted down where a person watches.

import { computed, onScopeDispose, ref, type Ref } from 'vue'
import { now } from '../../ports.ts'

const TICK_MS = 250

export interface Wait {
  /** 0: it is taken. */
  readonly seconds: Readonly<Ref<number>>
  /** From now on for so long. */
  begin(ms: number): void
  /** Until this moment of the phone's clock. */
  until(at: number): void
}

export function useWait(): Wait {
  const end = ref(0)
  const moment = ref(now())
  const timer = setInterval(() => (moment.value = now()), TICK_MS)
  onScopeDispose(() => clearInterval(timer))

  function until(at: number): void {
    moment.value = now()
    end.value = at
  }

  return {
    seconds: computed(() => Math.max(0, Math.ceil((end.value - moment.value) / 1000))),
    begin: (ms) => until(now() + ms),
    until,
  }
}
