// Whether opening the app anew would take away what somebody has typed.

const WAIT_MS = 2000

/** `keep` writes the drafts. What is typed at the desk is not in one. */
export async function isLost(keep: () => Promise<boolean>): Promise<boolean> {
  if (document.documentElement.dataset['surface'] === 'desk') return isTyping()
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, WAIT_MS, false))
  return !(await Promise.race([keep().catch(() => false), late]))
}

const TYPES = ['text', 'tel', 'number', 'date', 'time', 'datetime-local']

function isTyping(): boolean {
  const places = document.querySelectorAll<Place>('textarea, select, input')
  return [...places].some(isSet)
}

type Place = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

function isSet(it: Place): boolean {
  // The first choice is none, or the usual one.
  if (it instanceof HTMLSelectElement) return it.selectedIndex > 0
  if (it instanceof HTMLInputElement && it.type === 'checkbox') return it.checked
  const isText = it instanceof HTMLTextAreaElement || TYPES.includes(it.type)
  return isText && it.value !== '' && !it.readOnly
}
