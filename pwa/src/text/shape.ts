import type zhCN from './zh-CN.ts'

type Words<T> = T extends string ? string : { readonly [K in keyof T]: Words<T[K]> }

/** What every language must say. */
export type Messages = Words<typeof zhCN>
