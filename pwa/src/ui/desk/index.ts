import '../theme/index.ts'

export { default as DayField } from './DayField.vue'
export { dayBefore, nextDay } from './day.ts'
export { default as DeskFrame, type DeskGroup } from './DeskFrame.vue'
export { default as Key } from './Key.vue'
