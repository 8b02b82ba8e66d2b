// Time that moves each second, for what a person watches run; `App.now` is for everything else.

import { onScopeDispose, shallowRef, type Ref } from 'vue'
import { now } from '../../ports.ts'

export function useSecond(): Readonly<Ref<number>> {
  const moment = shallowRef(now())
  const timer = setInterval(() => (moment.value = now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return moment
}
