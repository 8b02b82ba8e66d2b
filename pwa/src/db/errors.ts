/** There is no room. Nothing of this call was written; everything older is safe. */
export class StorageFull extends Error {
  override readonly name = 'StorageFull'
  readonly code = 'storage_full'
}

/** The database cannot be read or written; what was told to be saved before is still in it. */
export class StorageBroken extends Error {
  override readonly name = 'StorageBroken'
  readonly code = 'storage_broken'
}

/** The feed goes on under another device (P05): nothing was written here, and nothing will be. */
export class MovedOn extends Error {
  override readonly name = 'MovedOn'
  readonly code = 'moved_on'
}

const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : ''

export const isQuota = (error: unknown): boolean => /quota/i.test(nameOf(error))

/** The browser closed the connection under us (storage pressure, a bug, another tab's upgrade). */
export const isClosed = (error: unknown): boolean =>
  ['InvalidStateError', 'AbortError', 'UnknownError'].includes(nameOf(error))
