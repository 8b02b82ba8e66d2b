// From a frame to the picture that is kept: made smaller, stamped, JPEG. Runs in the worker, and on the
// page where a browser has no OffscreenCanvas. Canvas drops EXIF; its time and place are never read.

const LONG_SIDE = 1600
const QUALITY = 0.8
/** The platforms' own Chinese faces; the app ships none. */
const FACES = '"PingFang SC","Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",sans-serif'

export interface Developed {
  readonly bytes: ArrayBuffer
  readonly width: number
  readonly height: number
}

type Canvas = HTMLCanvasElement | OffscreenCanvas
type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export async function develop(
  frame: CanvasImageSource & { readonly width: number; readonly height: number },
  words: readonly string[],
  newCanvas: (width: number, height: number) => Canvas,
): Promise<Developed> {
  const { width, height } = fitted(frame.width, frame.height)
  const canvas = newCanvas(width, height)
  const pen = canvas.getContext('2d') as Pen | null
  if (!pen) throw new Error('no canvas')
  pen.drawImage(frame, 0, 0, width, height)
  drawStamp(pen, width, height, words)
  const jpeg = await encode(canvas)
  return { bytes: await jpeg.arrayBuffer(), width, height }
}

/** Never larger than it was. */
export function fitted(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONG_SIDE / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}

function drawStamp(pen: Pen, width: number, height: number, words: readonly string[]): void {
  if (words.length === 0) return
  const size = Math.max(12, Math.round(Math.min(width, height) * 0.03))
  const pad = Math.round(size * 0.5)
  pen.font = `600 ${size}px ${FACES}`
  pen.textBaseline = 'top'
  const lines = words.flatMap((line) =>
    wrapped(line, width - 2 * pad, (text) => pen.measureText(text).width),
  )
  const step = Math.round(size * 1.35)
  const strip = lines.length * step + pad * 2
  pen.fillStyle = 'rgba(0, 0, 0, 0.6)'
  pen.fillRect(0, height - strip, width, strip)
  pen.fillStyle = '#fff'
  lines.forEach((line, i) => pen.fillText(line, pad, height - strip + pad + i * step))
}

/** Chinese breaks anywhere. */
export function wrapped(text: string, room: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  for (const sign of text) {
    if (line !== '' && widthOf(line + sign) > room) {
      lines.push(line)
      line = sign.trim()
    } else line += sign
  }
  return line === '' ? lines : [...lines, line]
}

function encode(canvas: Canvas): Promise<Blob> {
  const type = 'image/jpeg'
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type, quality: QUALITY })
  return new Promise((resolve, reject) => {
    const give = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error('not encoded')))
    canvas.toBlob(give, type, QUALITY)
  })
}
