// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest'
import { filmOfFile } from './filmFile.ts'
import { mediaType } from './mediaType.ts'

const MP4 = new Uint8Array([
  0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x69, 0x73, 0x6f, 0x6d, 0, 0, 0, 0,
])
const film = (size = 100) => new File([MP4, new Uint8Array(size)], 'x.mp4', { type: 'video/mp4' })

/** As a browser answers about its length. */
function lasting(duration: number, width = 1280) {
  const create = document.createElement.bind(document)
  vi.spyOn(document, 'createElement').mockImplementation((name: string) => {
    const made = create(name)
    if (name !== 'video') return made
    Object.defineProperties(made, {
      ...{ duration: { value: duration }, videoWidth: { value: width } },
      ...{ videoHeight: { value: 720 }, currentTime: { value: 0, writable: true } },
      src: { set: () => setTimeout(() => made.dispatchEvent(new Event('loadedmetadata'))) },
    })
    return made
  })
}

afterEach(() => vi.restoreAllMocks())

it('takes what is short and small enough, with its length and its size', async () => {
  lasting(20.04)
  const taken = await filmOfFile(film())
  expect(taken).toMatchObject({ seconds: 20, width: 1280, height: 720, type: 'video/mp4' })
  expect(taken.bytes.byteLength).toBe(116)
})

it('a camera that stopped a little late is no reason to film again', async () => {
  lasting(30.4)
  expect((await filmOfFile(film())).seconds).toBe(30)
})

it('says what is wrong: too long, too large, no video, one that this browser cannot open', async () => {
  lasting(30.6)
  await expect(filmOfFile(film())).rejects.toMatchObject({ fault: 'video_too_long' })
  vi.restoreAllMocks()
  lasting(20)
  const large = film(20 * 1024 * 1024)
  await expect(filmOfFile(large)).rejects.toMatchObject({ fault: 'video_too_large' })
  const text = new File(['no film at all'], 'x.mp4', { type: 'video/mp4' })
  await expect(filmOfFile(text)).rejects.toMatchObject({ fault: 'video_unknown' })
  vi.restoreAllMocks()
  lasting(20, 0)
  await expect(filmOfFile(film())).rejects.toMatchObject({ fault: 'video_unknown' })
})

it('tells bytes by their first ones', () => {
  expect(mediaType(MP4.buffer)).toBe('video/mp4')
  expect(mediaType(new Uint8Array([0x1a, 0x45, 0xdf, 0xa3]).buffer)).toBe('video/webm')
  expect(mediaType(new Uint8Array([0xff, 0xd8, 0xff, 0xe0]).buffer)).toBe('image/jpeg')
  expect(mediaType(new ArrayBuffer(0))).toBe('application/octet-stream')
})
