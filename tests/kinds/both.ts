// The phone's side of test_both.py: reads what it is to judge from one file, writes its verdicts to
// another. The descriptions come with the file, so only the two engines are compared.

import { readFileSync, writeFileSync } from 'node:fs'
import { decide, holds, inputs, type Fields, type Values } from '../../pwa/src/forms/cel.ts'
import { broken, validate } from '../../pwa/src/forms/validate.ts'
import type { Kind, Table } from '../../pwa/src/generated/kinds.ts'

interface Record {
  readonly kind: string
  readonly values: Values
  readonly after: Values | null
}

interface Questions {
  readonly kinds: Readonly<{ [code: string]: Kind }>
  readonly tables: Readonly<{ [code: string]: Table }>
  readonly records: readonly Record[]
  readonly decisions: readonly { readonly table: string; readonly values: Values }[]
  readonly conditions: readonly {
    readonly when: string
    readonly fields: Fields
    readonly values: Values
  }[]
}

function judged(kind: Kind, { values, after }: Record) {
  const writing = after === null ? { isNew: true } : { isNew: false, after }
  const variables = inputs(kind.fields, after ?? values)
  const fault = validate(kind.fields, values, writing)
  return {
    fault: fault && [fault.code, fault.field],
    rules: broken(kind, values, writing).map((rule) => rule.code),
    photos: kind.photos.map(({ when }) => when == null || holds(when, variables)),
  }
}

const [from, to] = process.argv.slice(2) as [string, string]
const { kinds, tables, records, decisions, conditions } = JSON.parse(
  readFileSync(from, 'utf8'),
) as Questions

writeFileSync(
  to,
  JSON.stringify({
    records: records.map((record) => judged(kinds[record.kind]!, record)),
    decisions: decisions.map(({ table, values }) => decide(tables[table]!, values)?.code ?? null),
    conditions: conditions.map(({ when, fields, values }) => holds(when, inputs(fields, values))),
  }),
)
