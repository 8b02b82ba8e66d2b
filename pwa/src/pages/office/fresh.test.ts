import { expect, test } from 'vitest'
import { oneAtATime } from './fresh.ts'

test('a storm of hints asks one at a time, and once more after the last', async () => {
  const answers: (() => void)[] = []
  const follow = oneAtATime(() => new Promise((resolve) => answers.push(resolve)))
  const rest = () => new Promise((resolve) => setTimeout(resolve))
  const done = follow()
  void follow()
  void follow()
  expect(answers).toHaveLength(1)
  answers[0]?.()
  await rest()
  expect(answers).toHaveLength(2)
  answers[1]?.()
  await done
  expect(answers).toHaveLength(2)
  void follow()
  expect(answers).toHaveLength(3)
})

test('a failure does not stop the next', async () => {
  let asked = 0
  const follow = oneAtATime(() => Promise.reject(new Error(String(++asked))))
  await expect(follow()).rejects.toThrow('1')
  await expect(follow()).rejects.toThrow('2')
})
