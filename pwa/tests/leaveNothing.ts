// Pages share one document: whatever a test put into it goes with it.

import { disableAutoUnmount, enableAutoUnmount } from '@vue/test-utils'
import { afterEach, vi } from 'vitest'

// Registered first, so it is done last: after what a file itself ends.
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  document.body.innerHTML = ''
  localStorage.clear()
  sessionStorage.clear()
  history.replaceState(null, '', '/')
})
disableAutoUnmount()
enableAutoUnmount(afterEach)
