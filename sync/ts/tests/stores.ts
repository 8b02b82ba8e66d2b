// The stores of one phone, in memory: what survives when the page dies.

import { START, capture } from '../src/index.ts'
import type {
  At,
  Draft,
  Head,
  Identity,
  Line,
  Meta,
  Persisted,
  StoredBlob,
  StoredCursor,
  StoredLine,
  StoredMember,
  StoredReceipt,
  StoredRow,
  Write,
} from '../src/index.ts'

export class Stores {
  readonly lines = new Map<number, StoredLine>()
  readonly receipts = new Map<number, StoredReceipt>()
  readonly rows = new Map<string, StoredRow>()
  readonly members = new Map<string, StoredMember>()
  readonly cursors = new Map<string, StoredCursor>()
  readonly blobs = new Map<string, StoredBlob>()
  readonly bytes = new Map<string, Uint8Array>()
  meta: Partial<Meta> = {}

  constructor(readonly identity: Identity) {}

  /** Some may be gone (P11). */
  get last(): StoredLine | undefined {
    return [...this.lines.values()].at(-1)
  }

  get head(): Head {
    const line = this.last
    return line ? { n: line.n, hash: line.hash } : START
  }

  /** C02: head read, line written, in one go. */
  capture(at: At, draft: Draft): Line {
    const line = capture(this.head, this.identity.device, at, draft)
    const { n, hash, id, bytes } = line
    this.lines.set(n, { n, hash, id, bytes })
    return line
  }

  /** One transaction. */
  write(writes: readonly Write[]): void {
    for (const write of writes) {
      switch (write.store) {
        case 'receipts':
          put(this.receipts, write.key, write.value)
          break
        case 'rows':
          put(this.rows, write.key, write.value)
          break
        case 'members':
          put(this.members, write.key.join(' '), write.value)
          break
        case 'cursors':
          put(this.cursors, write.key, write.value)
          break
        case 'blobs':
          put(this.blobs, write.key, write.value)
          break
        case 'meta':
          this.meta = { ...this.meta, [write.key]: write.value }
      }
    }
  }

  get persisted(): Persisted {
    return {
      identity: this.identity,
      lines: this.lines.values(),
      receipts: this.receipts.values(),
      rows: this.rows.values(),
      members: this.members.values(),
      cursors: this.cursors.values(),
      blobs: this.blobs.values(),
      meta: this.meta,
    }
  }
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}
