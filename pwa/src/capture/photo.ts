// A frame or a file becomes a stored picture with its name, the SHA-256 of its bytes.

import { sha256 } from '../ports.ts'
import { develop } from './develop.ts'
import type { Developed } from './develop.ts'
import { point } from './point.ts'

export interface Photograph extends Developed {
  readonly sha256: string
}

export interface WorkerTask {
  readonly id: number
  readonly frame: ImageBitmap
  readonly words: readonly string[]
}

export type WorkerAnswer =
  | { readonly id: number; readonly photo: Photograph }
  | { readonly id: number; readonly error: string }

/** A picture this browser cannot open. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export async function photograph(
  frame: ImageBitmap | HTMLCanvasElement,
  words: readonly string[],
): Promise<Photograph> {
  await point('hashing')
  if (frame instanceof Object && 'close' in frame) {
    // The worker takes the frame with it: a copy stays for the page, should the worker fail.
    const photo = await inWorker(frame, words)
    if (photo) return photo
  }
  const developed = await develop(frame, words, newCanvas)
  return { ...developed, sha256: await sha256(developed.bytes) }
}

/** What the system camera gave: upright by its EXIF, which is read for nothing else. */
export async function fromFile(
  file: Blob,
  words: readonly string[],
): Promise<Photograph & { readonly original_sha256: string }> {
  const original_sha256 = await sha256(await file.arrayBuffer())
  return { ...(await photograph(await upright(file), words)), original_sha256 }
}

async function upright(file: Blob): Promise<ImageBitmap | HTMLCanvasElement> {
  if (typeof createImageBitmap === 'function') {
    try {
      return await createImageBitmap(file, { imageOrientation: 'from-image' })
    } catch {
      // Safari before 15 knows no options; an <img> turns the picture by itself.
    }
  }
  const address = URL.createObjectURL(file)
  try {
    const image = new Image()
    image.src = address
    await image.decode()
    const canvas = newCanvas(image.naturalWidth, image.naturalHeight)
    canvas.getContext('2d')?.drawImage(image, 0, 0)
    return canvas
  } catch (error) {
    throw new Unreadable('not a picture', { cause: error })
  } finally {
    URL.revokeObjectURL(address)
  }
}

function newCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}

// ---- the worker ----------------------------------------------------------------------------

const SECONDS_MAX = 20
let worker: Promise<Worker | undefined> | undefined
let tasks = 0
const waiting = new Map<number, (answer: WorkerAnswer | undefined) => void>()

/** undefined: no worker here, or it failed; the page can do it. */
async function inWorker(
  frame: ImageBitmap,
  words: readonly string[],
): Promise<Photograph | undefined> {
  worker ??= start()
  const at = await worker
  if (!at) return undefined
  const copy = await createImageBitmap(frame)
  const id = ++tasks
  const answer = await new Promise<WorkerAnswer | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), SECONDS_MAX * 1000)
    waiting.set(id, (said) => {
      clearTimeout(timer)
      resolve(said)
    })
    at.postMessage({ id, frame: copy, words } satisfies WorkerTask, [copy])
  })
  waiting.delete(id)
  return answer && 'photo' in answer ? answer.photo : undefined
}

async function start(): Promise<Worker | undefined> {
  if (typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined') return undefined
  try {
    const { default: PhotoWorker } = await import('./photo.worker.ts?worker')
    const started = new PhotoWorker()
    started.addEventListener('message', ({ data }: MessageEvent<WorkerAnswer>) =>
      waiting.get(data.id)?.(data),
    )
    started.addEventListener('error', () => {
      worker = Promise.resolve(undefined)
      for (const resolve of waiting.values()) resolve(undefined)
    })
    return started
  } catch {
    return undefined
  }
}
