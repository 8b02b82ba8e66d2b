// A file out of the phone: to another app where the phone can, else saved.

/** Some phones read it only after the press is over. */
const READ_MS = 60_000

export function saveFile(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), READ_MS)
}

export const canShare = (file: File): boolean =>
  'share' in navigator && 'canShare' in navigator && navigator.canShare({ files: [file] })

/**
 * `closed`: by the person, who wanted that. `pressAgain`: making the file took longer than a press
 * lasts. Many phones share no ZIP whatever they say before: for them it is saved.
 */
export async function handOver(file: File): Promise<'shared' | 'saved' | 'closed' | 'pressAgain'> {
  if (canShare(file)) {
    try {
      await navigator.share({ files: [file], title: file.name })
      return 'shared'
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      if (name === 'AbortError') return 'closed'
      const press = (navigator as { userActivation?: UserActivation }).userActivation
      if (name === 'NotAllowedError' && press?.isActive === false) return 'pressAgain'
    }
  }
  saveFile(file)
  return 'saved'
}
