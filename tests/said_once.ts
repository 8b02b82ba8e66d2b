// What the app says that the server says too, for test_said_once.py: written to the file named.

import { writeFileSync } from 'node:fs'
import { kinds, type KindCode } from '../pwa/src/generated/kinds.ts'
import { COMMON, columnsOf, labelOf, unitOver } from '../pwa/src/pages/office/table/columns.ts'
import { ELSEWHERE, MAKERS } from '../pwa/src/pages/office/forms/makes.ts'
import { GUARDED } from '../pwa/src/pages/office/people/rights.ts'
import { PASSWORD_LENGTH } from '../pwa/src/pages/office/password.ts'
import en from '../pwa/src/text/desk/en.ts'
import zh from '../pwa/src/text/desk/zh-CN.ts'

const said = ({ office, password }: typeof zh | typeof en) => ({
  columns: office.table.column,
  reviews: office.stand,
  password: [password.rule, password.short],
})

/** Over each column of a kind's table: its id, its words, and the unit beside them. */
const heads = (kind: KindCode) =>
  columnsOf(kind).map((it) => {
    if ('common' in it) {
      const [chinese, english] = [zh, en].map(({ office }) => office.table.column[it.common])
      return [it.id, chinese, english, null]
    }
    const own = labelOf(it, kind, (id) => zh.office.table.column[id])
    const said = (words: string, { office }: typeof zh | typeof en) =>
      it.part === 'whole' ? words : office.table[it.part].replace('{place}', words)
    return [it.id, said(own.zh, zh), said(own.en, en), unitOver(it) ?? null]
  })

writeFileSync(
  process.argv[2]!,
  JSON.stringify({
    ...{ columns: COMMON, guarded: GUARDED, passwordLength: PASSWORD_LENGTH },
    ...{ makers: MAKERS, elsewhere: Object.keys(ELSEWHERE) },
    heads: Object.fromEntries((Object.keys(kinds) as KindCode[]).map((it) => [it, heads(it)])),
    words: { zh: said(zh), en: said(en) },
  }),
)
