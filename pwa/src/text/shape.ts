import type deskZhCN from './desk/zh-CN.ts'
import type zhCN from './zh-CN.ts'

export type Words<T> = T extends string ? string : { readonly [K in keyof T]: Words<T[K]> }

/** What every language must say. */
export type Messages = Words<typeof zhCN>

/** And at the desk. */
export type DeskMessages = Words<typeof deskZhCN>
