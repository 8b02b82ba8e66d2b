// The code that the camera sees: a small frame now and then, read in a worker, all on this phone.

export interface ScanTask {
  /** RGBA of a square. */
  readonly pixels: ArrayBuffer
  readonly size: number
}

export interface ScanAnswer {
  readonly text: string | null
}

/** A label that fills a third of the frame has four pixels for each of its squares. */
const SIZE = 480
const EACH_MS = 160

/** `onText`: of every frame with a code in it. Returns what ends it. */
export function scan(
  video: HTMLVideoElement,
  onText: (text: string) => void,
  onTrouble: () => void,
): () => void {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = SIZE
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  let worker: Worker | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  const later = () => {
    if (!isOver) timer = setTimeout(look, EACH_MS)
  }

  function look(): void {
    const side = Math.min(video.videoWidth, video.videoHeight)
    if (!pen || !worker || side === 0 || video.readyState < video.HAVE_CURRENT_DATA) {
      later()
      return
    }
    const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2]
    pen.drawImage(video, x, y, side, side, 0, 0, SIZE, SIZE)
    const pixels = pen.getImageData(0, 0, SIZE, SIZE).data.buffer as ArrayBuffer
    worker.postMessage({ pixels, size: SIZE } satisfies ScanTask, [pixels])
  }

  async function begin(): Promise<void> {
    try {
      const { default: ScanWorker } = await import('./scan.worker.ts?worker')
      if (isOver) return
      worker = new ScanWorker()
      worker.addEventListener('message', ({ data }: MessageEvent<ScanAnswer>) => {
        if (isOver) return
        if (data.text !== null) onText(data.text)
        later()
      })
      worker.addEventListener('error', onTrouble)
      look()
    } catch {
      onTrouble()
    }
  }

  void begin()
  return () => {
    isOver = true
    clearTimeout(timer)
    worker?.terminate()
  }
}
