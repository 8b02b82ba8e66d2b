// One phone with its stores, a clock and a wire that a test can cut.

import { initial, load, step, uuid7 } from './support.ts'
import type {
  Draft,
  Effect,
  Event,
  Identity,
  JsonObject,
  Line,
  Notice,
  Op,
  Request,
  State,
} from './support.ts'
import { Stores } from './stores.ts'
import type { Answer, Server } from './server.ts'

export type Send = Extract<Effect, { type: 'send' }>
type Store = Extract<Effect, { type: 'store' }>

export const EPOCH = '06ft0000000000000000000000'
export const ZONE = 'zone:06fz0000000000000000000000'
export const ORG = 'org:06fo0000000000000000000000'
export const PERSON = '06fp0000000000000000000000'

export function identity(device = '06fu0000000000000000000000'): Identity {
  return {
    device,
    person: PERSON,
    org: ORG.slice(4),
    epoch: EPOCH,
    contact: `${EPOCH}:0`,
    app: '1.0',
  }
}

export class Phone {
  state: State
  now = 0
  wall = 1_795_500_000_000
  timer: number | null = null
  readonly sends: Send[] = []
  readonly stores: Store[] = []
  readonly notices: Notice[] = []
  readonly requests: Request[] = []
  private minted = 0

  constructor(
    readonly server: Server,
    readonly disk = new Stores(identity()),
  ) {
    this.state = initial(disk.identity)
  }

  // ---- what happens --------------------------------------------------------------------------

  event(event: Event): void {
    const { state, effects } = step(this.state, event)
    this.state = state
    for (const effect of effects) {
      switch (effect.type) {
        case 'send':
          this.sends.push(effect)
          this.requests.push(effect.request)
          break
        case 'store':
          this.stores.push(effect)
          break
        case 'timer':
          this.timer = effect.at
          break
        case 'notify':
          this.notices.push(effect.notice)
      }
    }
  }

  start(online = true): void {
    this.event({ type: 'start', now: this.now, online })
  }

  /** The page dies: the stores stay, whatever was under way is forgotten. */
  restart(online = true): void {
    this.sends.length = 0
    this.stores.length = 0
    this.timer = null
    this.now = 0
    this.state = load(this.disk.persisted)
    this.start(online)
  }

  id(): string {
    this.minted += 1
    const random = new Uint8Array(10)
    random[9] = this.minted % 256
    random[8] = this.minted >> 8
    return uuid7(this.wall, random)
  }

  capture(op: Partial<Op> & { record: string }, more: Partial<Draft> = {}): Line {
    const ops: Op[] = [{ kind: 'hazard', act: 'put', set: { type: 'piping' }, base: {}, ...op }]
    const { contact, meta } = this.state
    const at = { wall: this.wall, mono: this.now, boot: EPOCH, offset: meta.offset, contact }
    const line = this.disk.capture(at, { id: this.id(), ops, blobs: [], ...more })
    this.event({ type: 'captured', line, now: this.now })
    return line
  }

  photo(sha256: string, size: number): void {
    this.event({ type: 'blob_added', sha256, size, mime: 'image/jpeg', now: this.now })
  }

  // ---- the edge ------------------------------------------------------------------------------

  save(): void {
    const effect = this.stores.shift()
    if (!effect) return
    this.disk.write(effect.writes)
    this.event({ type: 'stored', id: effect.id, now: this.now })
  }

  ask({ request }: Send): Answer {
    const { server, disk } = this
    const { device } = disk.identity
    switch (request.type) {
      case 'hello':
        return server.hello(request.body as unknown as JsonObject)
      case 'push': {
        const lines = []
        for (let n = request.from; n <= request.to; n++) {
          const line = disk.lines.get(n)
          if (line) lines.push(line.bytes)
        }
        return server.push(device, request.from, lines, request.lost)
      }
      case 'pull':
        return server.pull(request.body as unknown as Parameters<Server['pull']>[0])
      case 'check':
        return server.check(request.body)
      case 'blob_create':
        return server.createBlob(device, request.sha256, request.size)
      case 'blob_head':
        return server.headBlob(request.sha256)
      case 'blob_patch':
        return server.patchBlob(device, request.sha256, request.offset, request.length)
    }
  }

  answer({ id }: Send, { status, headers = {}, body }: Answer): void {
    this.event({ type: 'answer', id, status, headers, body, now: this.now, wall: this.wall })
  }

  fail({ id }: Send, reason: 'network' | 'timeout' = 'network'): void {
    this.event({ type: 'failed', id, reason, now: this.now })
  }

  take(): Send | undefined {
    return this.sends.shift()
  }

  /** Everything under way comes to its end. */
  settle(steps = 10_000): this {
    for (let i = 0; i < steps; i++) {
      if (this.stores.length > 0) this.save()
      else {
        const sent = this.take()
        if (!sent) return this
        this.answer(sent, this.ask(sent))
      }
    }
    throw new Error('does not come to rest')
  }

  /** Lets time pass, timers and all. */
  pass(ms: number): this {
    const end = this.now + ms
    while (this.timer !== null && this.timer <= end) {
      const passed = Math.max(0, this.timer - this.now)
      this.now += passed
      this.wall += passed
      this.server.now += passed
      this.timer = null
      this.event({ type: 'tick', now: this.now })
      this.settle()
    }
    this.wall += end - this.now
    this.server.now += end - this.now
    this.now = end
    return this
  }
}
