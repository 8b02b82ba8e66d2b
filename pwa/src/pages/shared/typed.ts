// Whether opening the app anew would take away what somebody has typed.

const WAIT_MS = 2000

/** `keep` writes the drafts. What is typed at the desk is not in one. */
export async function isLost(keep: () => Promise<boolean>): Promise<boolean> {
  if (document.documentElement.dataset['surface'] === 'desk') return isTyping()
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, WAIT_MS, false))
  return !(await Promise.race([keep().catch(() => false), late]))
}

function isTyping(): boolean {
  const places = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    'textarea, input:not([type]), input[type="text"], input[type="tel"], input[type="number"]',
  )
  return [...places].some(({ value, readOnly }) => value !== '' && !readOnly)
}
