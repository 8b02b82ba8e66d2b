// The system camera's video, or one that somebody was sent: taken as it is, or refused with what to do.

import { sha256 } from '../ports.ts'
import { BYTES_MAX, SECONDS_MAX, secondsOf } from './film.ts'
import { mediaType } from './mediaType.ts'

export interface Filmed {
  readonly bytes: ArrayBuffer
  readonly sha256: string
  readonly type: string
  readonly width: number
  readonly height: number
  readonly seconds: number
}

export type FilmFault = 'video_too_long' | 'video_too_large' | 'video_unknown'

/** Cameras stop a little late. */
const SLACK_S = 0.5
const ANSWER_MS = 10_000

export class NotTaken extends Error {
  override readonly name = 'NotTaken'
  constructor(readonly fault: FilmFault) {
    super(fault)
  }
}

export async function filmOfFile(file: Blob): Promise<Filmed> {
  const head = await file.slice(0, 16).arrayBuffer()
  const type = mediaType(head)
  if (!type.startsWith('video/')) throw new NotTaken('video_unknown')
  const { seconds, width, height } = await measured(file)
  if (seconds > SECONDS_MAX + SLACK_S) throw new NotTaken('video_too_long')
  if (file.size > BYTES_MAX) throw new NotTaken('video_too_large')
  const bytes = await file.arrayBuffer()
  const name = await sha256(bytes)
  return { bytes, sha256: name, type, width, height, seconds: secondsOf(seconds * 1000) }
}

/** As the browser reads it; what it cannot open it could not show either. */
export function measured(
  file: Blob,
): Promise<{ readonly seconds: number; readonly width: number; readonly height: number }> {
  const video = document.createElement('video')
  const address = URL.createObjectURL(file)
  return new Promise<{ seconds: number; width: number; height: number }>((resolve, reject) => {
    const fail = (): void => reject(new NotTaken('video_unknown'))
    const timer = setTimeout(fail, ANSWER_MS)
    const answer = (): void => {
      if (!Number.isFinite(video.duration)) return
      clearTimeout(timer)
      const { duration: seconds, videoWidth: width, videoHeight: height } = video
      if (width === 0 || height === 0) fail()
      else resolve({ seconds, width, height })
    }
    video.addEventListener('error', fail)
    video.addEventListener('durationchange', answer)
    video.addEventListener('loadedmetadata', () => {
      // What was recorded by a browser does not say how long it is until its end was looked for.
      if (Number.isFinite(video.duration)) answer()
      else video.currentTime = 1e7
    })
    video.muted = true
    video.preload = 'metadata'
    video.src = address
  }).finally(() => {
    video.removeAttribute('src')
    URL.revokeObjectURL(address)
  })
}
