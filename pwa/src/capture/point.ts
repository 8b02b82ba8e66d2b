// Named moments of a capture, so that a test can end the browser exactly there.

export type PointName =
  | 'after_draft'
  | 'camera_open'
  | 'shutter'
  | 'hashing'
  | 'blob_written'
  | 'film_piece'
  | 'before_line'
  | 'after_line'

type Hook = (name: PointName) => Promise<void> | void

/** Nothing where no test set the hook. */
export const point = (name: PointName): Promise<void> | void =>
  (globalThis as { __hushuiPoint?: Hook }).__hushuiPoint?.(name)
