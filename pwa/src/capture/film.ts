// A short video: recorded in pieces, each of which is handed over while the next one is filmed, so that
// whatever ends the page leaves what there was until then. Ends by itself at 30 seconds, before 20 MB, and
// when the page is put away: a call, another app, a locked screen.

import { mono } from '../ports.ts'

export const SECONDS_MAX = 30
export const BYTES_MAX = 20 * 1024 * 1024
/** 30 s of it are about 10 MB: sharp enough for a sign, and still sent over a bad line. */
const BITS_A_SECOND = 2_500_000
const PIECE_MS = 1000
/**
 * mp4 as every desk plays it, which phones encode in hardware. An mp4 of anything else is slower to make
 * than a webm and no easier to play.
 */
const TYPES = [
  'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  'video/mp4;codecs=avc1.42E01F',
  'video/webm;codecs=vp8,opus',
  'video/webm;codecs=vp8',
  'video/mp4',
  'video/webm',
]

export interface Piece {
  readonly bytes: ArrayBuffer
  /** How long it has been filming when this piece ended, ms. */
  readonly upTo: number
}

export interface Film {
  /** Without its codecs: video/mp4, video/webm. */
  readonly type: string
  stop(): void
  /** Every piece has been taken; what was filmed before a fault is kept. */
  readonly ended: Promise<void>
}

/** Whether this browser can record at all; else the system camera remains. */
export const canFilm = (): boolean => typeof MediaRecorder !== 'undefined'

export function startFilm(
  stream: MediaStream,
  take: (piece: Piece) => Promise<void>,
  tick: (ms: number) => void,
): Film {
  const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type))
  const recorder = new MediaRecorder(stream, {
    ...(mimeType === undefined ? {} : { mimeType }),
    videoBitsPerSecond: BITS_A_SECOND,
    // Chromium writes mp4 from one key frame to the next: without this a page killed after 8 s has nothing.
    videoKeyFrameIntervalDuration: PIECE_MS,
  } as MediaRecorderOptions)
  const began = mono()
  const elapsed = () => Math.min(SECONDS_MAX * 1000, mono() - began)
  let size = 0
  let largest = 0
  let taking: Promise<void> = Promise.resolve()

  const stop = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
  }
  const awayOnly = (): void => {
    if (document.visibilityState === 'hidden') stop()
  }

  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size === 0) return
    const upTo = elapsed()
    size += data.size
    largest = Math.max(largest, data.size)
    // The next one may be larger than any before.
    if (size + 2 * largest > BYTES_MAX) stop()
    // A piece that cannot be kept ends the film; those before it stay.
    taking = taking.then(async () => take({ bytes: await data.arrayBuffer(), upTo })).catch(stop)
  })

  const ended = new Promise<void>((resolve) => {
    const over = (): void => {
      clearInterval(clock)
      document.removeEventListener('visibilitychange', awayOnly)
      removeEventListener('pagehide', stop)
      for (const track of stream.getVideoTracks()) track.removeEventListener('ended', stop)
      resolve()
    }
    recorder.addEventListener('stop', over)
    recorder.addEventListener('error', stop)
  })

  const clock = setInterval(() => {
    tick(elapsed())
    if (elapsed() >= SECONDS_MAX * 1000) stop()
  }, 100)
  document.addEventListener('visibilitychange', awayOnly)
  addEventListener('pagehide', stop)
  for (const track of stream.getVideoTracks()) track.addEventListener('ended', stop)
  recorder.start(PIECE_MS)

  const type = (recorder.mimeType || mimeType || 'video/webm').split(';')[0]!
  return { type, stop, ended: ended.then(() => taking) }
}

export function joined(pieces: readonly ArrayBuffer[]): ArrayBuffer {
  const whole = new Uint8Array(pieces.reduce((sum, it) => sum + it.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(new Uint8Array(piece), at)
    at += piece.byteLength
  }
  return whole.buffer
}

/** To a tenth, as the record has it; never nothing and never more than it may be. */
export const secondsOf = (ms: number): number =>
  Math.min(SECONDS_MAX, Math.max(0.1, Math.round(ms / 100) / 10))
