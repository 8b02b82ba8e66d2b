// Files put into one, as they are: photos are packed already, and every system opens a ZIP.

export interface Packed {
  readonly name: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
/** Of the format that a reader must know. */
const VERSION = 20
/** Names are UTF-8. */
const UTF8 = 0x0800

export function zipOf(files: readonly Packed[]): Blob {
  const zip = newZip()
  for (const file of files) zip.add(file)
  return zip.end()
}

/** Of a member beyond its bytes: both headers, and its name twice. */
export const aroundOf = (name: string): number => 76 + 2 * new TextEncoder().encode(name).length

export interface Zip {
  /** From here on its bytes are the browser's to keep: many large ones need not stay in memory. */
  add(file: Packed): void
  end(): Blob
}

export function newZip(): Zip {
  const parts: Blob[] = []
  const directory: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  let files = 0
  return {
    add: ({ name, bytes }) => {
      const path = new TextEncoder().encode(name)
      const about = aboutOf(bytes, path.length)
      const header = join(numbers([4, LOCAL], ...about), path)
      directory.push(join(numbers([4, CENTRAL], [2, VERSION], ...about, ...beside(at)), path))
      parts.push(new Blob([header, bytes]))
      at += header.length + bytes.length
      files++
    },
    end: () => {
      const size = directory.reduce((sum, { length }) => sum + length, 0)
      const count: Figure = [2, files]
      const end = numbers([4, END], [2, 0], [2, 0], count, count, [4, size], [4, at], [2, 0])
      return new Blob([...parts, ...directory, end], { type: 'application/zip' })
    },
  }
}

/** How many bytes, and what they say, the lowest first. */
type Figure = readonly [bytes: 2 | 4, value: number]

/** What both headers say of a file: stored, without a time of its own. */
const aboutOf = (bytes: Uint8Array, path: number): readonly Figure[] => [
  ...([
    [2, VERSION],
    [2, UTF8],
    [2, 0],
  ] as const),
  ...([
    [2, 0],
    [2, FIRST_DAY],
  ] as const),
  ...([
    [4, crc32(bytes)],
    [4, bytes.length],
    [4, bytes.length],
  ] as const),
  ...([
    [2, path],
    [2, 0],
  ] as const),
]

/** Only in the directory: no comment, the first disk, no marks; and where the file begins. */
const beside = (at: number): readonly Figure[] => [
  [2, 0],
  [2, 0],
  [2, 0],
  [4, 0],
  [4, at],
]

/** 1980-01-01, the first that the format knows. */
const FIRST_DAY = (1 << 5) | 1

function numbers(...figures: readonly Figure[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(figures.reduce((sum, [bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [bytes, value] of figures) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let it = byte
  for (let bit = 0; bit < 8; bit++) it = it & 1 ? (it >>> 1) ^ 0xedb88320 : it >>> 1
  return it
})

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 255] ?? 0)
  return (sum ^ 0xffffffff) >>> 0
}
