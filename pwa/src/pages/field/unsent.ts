// What of somebody is only on this phone, in words of the rarer pages.

interface Unsent {
  readonly lines: number
  readonly photos: number
}

type Say = (key: string, values?: Record<string, unknown>) => string

export const isUnsent = ({ lines, photos }: Unsent): boolean => lines + photos > 0

/** 2 条、1 张照片 */
export function unsentWords(t: Say, { lines, photos }: Unsent): string {
  const parts = [
    ...(lines > 0 ? [t('people.lines', { n: lines })] : []),
    ...(photos > 0 ? [t('people.photos', { n: photos })] : []),
  ]
  return parts.join(t('people.and'))
}
