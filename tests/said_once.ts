// What the app says that the server says too, for test_said_once.py: written to the file named.

import { writeFileSync } from 'node:fs'
import { COMMON } from '../pwa/src/pages/office/table/columns.ts'
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

writeFileSync(
  process.argv[2]!,
  JSON.stringify({
    ...{ columns: COMMON, guarded: GUARDED, passwordLength: PASSWORD_LENGTH },
    ...{ makers: MAKERS, elsewhere: Object.keys(ELSEWHERE) },
    words: { zh: said(zh), en: said(en) },
  }),
)
