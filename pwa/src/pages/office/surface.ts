// The desk as a surface: its density, its width.

import { onBeforeUnmount, onMounted, onScopeDispose, ref, type Ref } from 'vue'

let desks = 0

/** The desk's density, while a page of the desk is open. */
export function useDeskSurface(): void {
  onMounted(() => {
    desks++
    document.documentElement.dataset['surface'] = 'desk'
  })
  onBeforeUnmount(() => {
    if (--desks === 0) delete document.documentElement.dataset['surface']
  })
}

export function useNarrow(width: number): Readonly<Ref<boolean>> {
  const query = window.matchMedia(`(max-width: ${width}px)`)
  const isNarrow = ref(query.matches)
  const onChange = () => (isNarrow.value = query.matches)
  query.addEventListener('change', onChange)
  onScopeDispose(() => query.removeEventListener('change', onChange))
  return isNarrow
}
