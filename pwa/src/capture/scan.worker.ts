// Reads the code in a frame away from the page, which would stand still for it.

import '../older.ts'
import decodeQR from 'qr/decode.js'
import type { ScanAnswer, ScanTask } from './scan.ts'

/** A phone of the year 2018 needs as much for a frame with a dirty label. */
const FRAME_MS_MAX = 120

addEventListener('message', ({ data }: MessageEvent<ScanTask>) => {
  postMessage({ text: read(data) } satisfies ScanAnswer)
})

function read({ pixels, size }: ScanTask): string | null {
  const data = new Uint8ClampedArray(pixels)
  try {
    return decodeQR({ width: size, height: size, data }, { timeLimit: FRAME_MS_MAX })
  } catch {
    // No code in this frame; the next one comes.
    return null
  }
}
