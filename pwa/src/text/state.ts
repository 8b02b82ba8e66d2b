/** Where a record is, with what its words need. */
export type RecordStanding =
  | { readonly state: 'draft' }
  | { readonly state: 'saved_local' }
  | { readonly state: 'uploading'; readonly done: number; readonly total: number }
  | { readonly state: 'received_partial'; readonly missing: number; readonly filmed?: boolean }
  | { readonly state: 'received'; readonly time: string }
  | { readonly state: 'unaccepted'; readonly reason: string }
  | { readonly state: 'returned'; readonly reason: string }
  | { readonly state: 'photo_lost' }

type Translate = (key: string, values: Record<string, unknown>) => string

export function stateWords(t: Translate, standing: RecordStanding): string {
  const isFilmed = standing.state === 'received_partial' && standing.filmed === true
  return t(isFilmed ? 'state.partialFilmed' : `state.${standing.state}`, standing)
}
