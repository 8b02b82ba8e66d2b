// What the app of a copied tree makes of a kind: bundled and run there by test_one_place.py. Reads
// asked.json of a folder, writes app.json beside it.

import { readFileSync, writeFileSync } from 'node:fs'
import { visible } from '../../pwa/src/forms/engine.ts'
import { validate } from '../../pwa/src/forms/validate.ts'
import { kinds, type KindCode } from '../../pwa/src/generated/kinds.ts'
import { titles } from '../../pwa/src/generated/titles.ts'
import { WORK_ICONS } from '../../pwa/src/pages/field/workIcons.ts'
import { columnsOf, startColumns } from '../../pwa/src/pages/office/table/columns.ts'
import { groupedKinds } from '../../pwa/src/pages/office/table/kindGroups.ts'
import {
  choiceFields,
  filterOfTable,
  paramsOfTable,
} from '../../pwa/src/pages/office/table/tableQuery.ts'

type Values = Readonly<Record<string, unknown>>

const folder = process.argv[2]!
const { kind, right, wrong, filters } = JSON.parse(
  readFileSync(`${folder}/asked.json`, 'utf8'),
) as {
  readonly kind: KindCode
  readonly right: Values
  readonly wrong: readonly Values[]
  readonly filters: string[]
}

const { fields } = kinds[kind]
const faultOf = (values: Values) => {
  const fault = validate(fields, values, { isNew: true })
  return fault && [fault.code, fault.field]
}
const form = visible(kind, right)

writeFileSync(
  `${folder}/app.json`,
  JSON.stringify({
    form: Object.fromEntries(form.map((it) => [it.id, it.fields.map(({ name }) => name)])),
    drawn: Object.fromEntries(
      form.flatMap((section) => section.fields.map((it) => [it.name, it.field])),
    ),
    faults: [right, ...wrong].map(faultOf),
    columns: columnsOf(kind).map(({ id }) => id),
    start: startColumns(kind, [{ body: { fields: right } }]),
    filters: choiceFields(kind).map(([name]) => name),
    asked: paramsOfTable(filterOfTable({ kind, where: filters }))['where'],
    group: groupedKinds.find(([, codes]) => codes.includes(kind))?.[0],
    title: titles[kind].zh,
    icons: Object.keys(WORK_ICONS),
    works: kinds.work.fields.work_kind.choices.map(({ code }) => code),
  }),
)
