// A machine that is busy with other work is no fault of what is tested: whoever waits for something
// waits for it, and not for a second.

import { vi } from 'vitest'

const { waitFor } = vi
vi.waitFor = (call, options = { timeout: 15_000 }) => waitFor(call, options)
