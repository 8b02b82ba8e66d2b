// What bytes are, by their first ones, never by the name of their file.

const MARKS: readonly (readonly [at: number, mark: readonly number[], type: string])[] = [
  [0, [0xff, 0xd8, 0xff], 'image/jpeg'],
  [0, [0x89, 0x50, 0x4e, 0x47], 'image/png'],
  [8, [0x57, 0x45, 0x42, 0x50], 'image/webp'],
  [4, [0x66, 0x74, 0x79, 0x70], 'video/mp4'],
  [0, [0x1a, 0x45, 0xdf, 0xa3], 'video/webm'],
]

export function mediaType(bytes: ArrayBuffer): string {
  const head = new Uint8Array(bytes, 0, Math.min(16, bytes.byteLength))
  const found = MARKS.find(([at, mark]) => mark.every((byte, n) => head[at + n] === byte))
  return found?.[2] ?? 'application/octet-stream'
}
