// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, expect, test } from 'vitest'
import { defineComponent, h } from 'vue'
import { fakeApp } from '../../../../tests/fakeApp.ts'
import { APP, ApiProblem } from '../../../app.ts'
import { again } from '../fresh.ts'
import { forgetNames, useNames } from './names.ts'

const GAUGE = '01jdrdla00ek8bla6qh8eb6nqg'
const POST = '01jdrdla00ek8bla6qh8eb6nqh'

/** A table that names the two, and what it asked the office for. */
function table(answer: (path: string) => Promise<unknown>) {
  const asked: string[] = []
  const { app } = fakeApp()
  const api = {
    get: (path: string) => {
      asked.push(path)
      // Two lines of endless asking stand still here; one more would not.
      return asked.length > 50 ? new Promise(() => undefined) : answer(path)
    },
  }
  Object.assign(app, { api })
  const Cells = defineComponent(() => {
    const find = useNames()
    return () => h('p', [GAUGE, POST].map((id) => String(find(id)?.fields['name'])).join(' '))
  })
  const page = mount(Cells, { global: { provide: { [APP as symbol]: app } } })
  return { asked, page }
}

async function atRest() {
  for (let n = 0; n < 60; n++) await flushPromises()
}

beforeEach(forgetNames)

test('without network each name is asked for once, and again on the next turn', async () => {
  let isOn = false
  const body = { kind: 'object', fields: { name: '南河站' } }
  const { asked, page } = table((path) =>
    isOn ? Promise.resolve({ record: path, body }) : Promise.reject(new Error('offline')),
  )
  await atRest()
  expect(asked).toHaveLength(2)
  again()
  await atRest()
  expect(asked).toHaveLength(4)
  isOn = true
  again()
  await atRest()
  expect(asked).toHaveLength(6)
  expect(page.text()).toBe('南河站 南河站')
  again()
  await atRest()
  expect(asked).toHaveLength(6)
})

test('what is not there is not asked for again', async () => {
  const gone = new ApiProblem(404, 'not_found', '')
  const { asked } = table(() => Promise.reject(gone))
  await atRest()
  again()
  await atRest()
  expect(asked).toHaveLength(2)
})
