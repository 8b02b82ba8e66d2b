// The camera inside the page. Where there is none, or the person said no, the system camera remains.

import { shallowRef } from 'vue'
import type { Camera, CameraOutcome } from '../app.ts'
import { point } from './point.ts'

interface TorchTrack extends MediaStreamTrack {
  getCapabilities(): MediaTrackCapabilities & { torch?: boolean }
}

const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: 'environment' }, width: { ideal: 1920 }, height: { ideal: 1440 } },
}

/** What an old phone still encodes while it films. */
const FILMED: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 960 } }

export async function openCamera(video: HTMLVideoElement): Promise<CameraOutcome> {
  const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices
  if (!devices?.getUserMedia) return { ok: false, reason: 'none' }
  try {
    const stream = await devices.getUserMedia(WANTED)
    video.srcObject = stream
    video.muted = true
    video.playsInline = true
    await video.play()
    await point('camera_open')
    return { ok: true, camera: cameraOf(video, stream) }
  } catch (error) {
    return { ok: false, reason: reasonOf(error) }
  }
}

function reasonOf(error: unknown): 'refused' | 'none' | 'busy' {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'refused'
    case 'NotReadableError':
    case 'AbortError':
      return 'busy'
    default:
      return 'none'
  }
}

function cameraOf(video: HTMLVideoElement, stream: MediaStream): Camera {
  const track = stream.getVideoTracks()[0] as TorchTrack | undefined
  const hasTorch = track?.getCapabilities?.().torch === true
  const torch = shallowRef<boolean | null>(hasTorch ? false : null)
  return {
    torch,
    setTorch: async (on) => {
      if (!hasTorch || !track) return
      const advanced = [{ torch: on } as MediaTrackConstraintSet]
      await track.applyConstraints({ advanced }).then(
        () => (torch.value = on),
        () => (torch.value = null),
      )
    },
    freeze: async () => {
      // Drawn before anything is awaited: the frame is the one of the shutter.
      const canvas = document.createElement('canvas')
      canvas.width = video.videoWidth
      canvas.height = video.videoHeight
      canvas.getContext('2d')?.drawImage(video, 0, 0)
      video.pause()
      await point('shutter')
      return typeof createImageBitmap === 'function' ? createImageBitmap(canvas) : canvas
    },
    filmed: async () => {
      await track?.applyConstraints(FILMED).catch(() => undefined)
      const sound = await navigator.mediaDevices
        .getUserMedia({ audio: true })
        .catch(() => new MediaStream())
      return new MediaStream([...stream.getVideoTracks(), ...sound.getAudioTracks()])
    },
    filmDone: async () => {
      await track?.applyConstraints(WANTED.video as MediaTrackConstraints).catch(() => undefined)
    },
    size: () => ({ width: video.videoWidth, height: video.videoHeight }),
    thaw: () => video.play().catch(() => undefined),
    close: () => {
      for (const one of stream.getTracks()) one.stop()
      video.srcObject = null
    },
  }
}
