import { expect, test } from 'vitest'
import vectors from '../../../sync/vectors/tables.json' with { type: 'json' }
import { tables } from '../generated/tables.ts'
import { decide, type Values } from './cel.ts'

test.each(vectors)('$table of $values is $row', ({ table, values, row }) => {
  const asked = tables[table as keyof typeof tables]
  expect(decide(asked, values as Values)?.code ?? null).toBe(row)
})
