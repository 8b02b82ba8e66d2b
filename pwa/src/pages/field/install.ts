// Putting the app on the home screen. Only some browsers offer it; elsewhere the person is told where
// it hides.

import { shallowRef } from 'vue'

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>
}

const offered = shallowRef<InstallPrompt | null>(null)

/** The browser offers it itself. */
export const installOffered = offered

if (typeof window !== 'undefined') {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    offered.value = event as InstallPrompt
  })
  window.addEventListener('appinstalled', () => (offered.value = null))
}

export async function install(): Promise<void> {
  const prompt = offered.value
  offered.value = null
  await prompt?.prompt()
}

export function isInstalled(): boolean {
  const apple = (navigator as { standalone?: boolean }).standalone === true
  return apple || matchMedia('(display-mode: standalone)').matches
}

export function platform(): 'apple' | 'android' | 'desk' {
  const agent = navigator.userAgent
  if (/iPhone|iPad|iPod/.test(agent)) return 'apple'
  return /Android|HarmonyOS|Mobile/.test(agent) ? 'android' : 'desk'
}
