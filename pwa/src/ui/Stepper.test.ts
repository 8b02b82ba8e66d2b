// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { createText } from '../text/index.ts'
import Stepper from './Stepper.vue'

function show(modelValue: number | null, more: Record<string, unknown> = {}) {
  const stepper = mount(Stepper, {
    props: {
      modelValue,
      label: '清淤方量',
      unit: '立方米',
      decimals: 1,
      'onUpdate:modelValue': (value: number | null) => stepper.setProps({ modelValue: value }),
      ...more,
    },
    global: { plugins: [createText()] },
    attachTo: document.body,
  })
  return {
    stepper,
    figure: stepper.get('[role=spinbutton]'),
    less: stepper.get('[aria-label="减"]'),
    more: stepper.get('[aria-label="加"]'),
    value: () => stepper.props('modelValue'),
  }
}

const keyOfPad = (words: string) =>
  [...document.querySelectorAll<HTMLButtonElement>('.keypad button')].find(
    (it) => it.textContent.trim() === words || it.getAttribute('aria-label') === words,
  )

test('steps without the dust of binary fractions', async () => {
  const { more, value } = show(0.1, { step: 0.1 })
  await more.trigger('click')
  await more.trigger('click')
  expect(value()).toBe(0.3)
})

test('stops at its limits', async () => {
  const { less, more, value } = show(1, { min: 1, max: 2 })
  expect(less.attributes('aria-disabled')).toBe('true')
  await less.trigger('click')
  expect(value()).toBe(1)
  await more.trigger('click')
  await more.trigger('click')
  expect(value()).toBe(2)
})

test('the first step from nothing begins at the least', async () => {
  const { more, value } = show(null, { min: 5 })
  await more.trigger('click')
  expect(value()).toBe(5)
})

test('a tap on the figure opens the keypad, and typing replaces the figure', async () => {
  const { stepper, figure, value } = show(120)
  await figure.trigger('click')
  keyOfPad('1')?.click()
  keyOfPad('2')?.click()
  keyOfPad('小数点')?.click()
  keyOfPad('5')?.click()
  await stepper.vm.$nextTick()
  expect(value()).toBe(12.5)
  keyOfPad('完成')?.click()
  await stepper.vm.$nextTick()
  expect(document.querySelector('.keypad')).toBeNull()
})

test('a figure out of range is said, not changed', async () => {
  const { stepper, figure, value } = show(1, { max: 10 })
  await figure.trigger('click')
  keyOfPad('9')?.click()
  keyOfPad('9')?.click()
  await stepper.vm.$nextTick()
  expect(value()).toBe(99)
  expect(stepper.text()).toContain('最多 10.0 立方米')
  expect(figure.attributes('aria-invalid')).toBe('true')
})

test('emptied, it is nothing, not zero', async () => {
  const { stepper, figure, value } = show(5, { decimals: 0 })
  await figure.trigger('click')
  keyOfPad('退格')?.click()
  await stepper.vm.$nextTick()
  expect(value()).toBeNull()
})

test('speaks its figure with the unit and answers the keys', async () => {
  const { figure, value } = show(118)
  expect(figure.attributes('aria-valuetext')).toBe('118.0 立方米')
  await figure.trigger('keydown', { key: 'ArrowUp' })
  expect(value()).toBe(119)
  await figure.trigger('keydown', { key: 'ArrowDown' })
  expect(value()).toBe(118)
  await figure.trigger('keydown', { key: '7' })
  expect(value()).toBe(7)
})

test('says what else is wrong with it, in the place of its own limit', async () => {
  const { stepper, figure } = show(1, { max: 0.5 })
  await stepper.setProps({ wrong: '打捞每船至少两人' })
  expect(stepper.get('.said').text()).toBe('打捞每船至少两人')
  expect(figure.attributes('aria-invalid')).toBe('true')
  await stepper.setProps({ wrong: undefined, max: 9 })
  expect(stepper.get('.said').text()).toBe('')
})
