import { expect, test } from 'vitest'
import { own } from '../src/own.ts'
import { begin, lines } from '../src/turn.ts'
import { EPOCH, PERSON, Phone, ZONE } from './phone.ts'
import { Server } from './server.ts'

// Seed 10 of the simulator: what was asked in the middle of a step was believed after it, and a photo
// whose line had just got its receipt was never sent.
test('H07 what a step asks about lines it has changed is never an older answer', () => {
  const server = new Server(EPOCH, PERSON)
  server.grants = [ZONE]
  const phone = new Phone(server)
  phone.start()
  phone.capture({ kind: 'hazard', record: EPOCH, act: 'put', set: {} })
  const turn = begin(phone.state, 0)
  lines(turn)
  const before = own(turn.state).byRecord.get(EPOCH)?.[0]
  expect(before?.settled).toBe(false)
  if (before) lines(turn).set(before.n, { ...before, settled: true })
  expect(own(turn.state).byRecord.get(EPOCH)?.[0]?.settled).toBe(true)
})
