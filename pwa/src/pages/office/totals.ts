// The numbers beside the places of the desk; they outlive a page.

import { ref } from 'vue'

export const pendingCount = ref<number>()
export const unacceptedCount = ref<number>()

export function forgetTotals(): void {
  pendingCount.value = undefined
  unacceptedCount.value = undefined
}
