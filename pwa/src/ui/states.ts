import {
  IconArrowBackUp,
  IconCircleCheck,
  IconDeviceMobile,
  IconPencil,
  IconPhotoUp,
  IconPhotoX,
  IconShieldX,
  IconUpload,
} from '@tabler/icons-vue'
import type { Component } from 'vue'

/** Where a record is on its way to the office. */
export type RecordState =
  | 'draft'
  | 'saved_local'
  | 'uploading'
  | 'received_partial'
  | 'received'
  | 'unaccepted'
  | 'returned'
  | 'photo_lost'

/** What the office thinks of it; `doubted` is shown to the office only. */
export type ReviewState = 'pending' | 'passed' | 'returned' | 'rejected' | 'corrected' | 'doubted'

export type Tone = 'draft' | 'local' | 'up' | 'part' | 'done' | 'back'

/** How many of the four blocks of the staff gauge are filled. */
export type Blocks = 0 | 1 | 2 | 3 | 4

export type Level = 'general' | 'larger' | 'major' | 'extraordinary'

export interface StateLook {
  readonly tone: Tone
  readonly blocks: Blocks
  readonly icon: Component
}

export const stateLook: Readonly<Record<RecordState, StateLook>> = {
  draft: { tone: 'draft', blocks: 0, icon: IconPencil },
  saved_local: { tone: 'local', blocks: 1, icon: IconDeviceMobile },
  uploading: { tone: 'up', blocks: 2, icon: IconUpload },
  received_partial: { tone: 'part', blocks: 3, icon: IconPhotoUp },
  received: { tone: 'done', blocks: 4, icon: IconCircleCheck },
  unaccepted: { tone: 'back', blocks: 2, icon: IconShieldX },
  returned: { tone: 'back', blocks: 2, icon: IconArrowBackUp },
  photo_lost: { tone: 'back', blocks: 3, icon: IconPhotoX },
}
