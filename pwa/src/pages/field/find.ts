// Which records a person means by the words he typed: by what stands in them and by what they are called.

import type { HsRecord } from '../../app.ts'
import { kinds, type Field, type FieldType, type KindCode } from '../../generated/kinds.ts'
import { chainage } from '../../text/format.ts'

export interface Names {
  /** Of a kind, a choice. */
  named(it: { readonly zh: string; readonly en: string }): string
  /** Of a zone or a person, by its id; '' when it is not here. */
  of(id: string): string
}

type Test = (record: HsRecord) => boolean

const READ: readonly FieldType[] = ['text', 'choice', 'choices', 'ref', 'refs']

/**
 * Every word must stand in the record: in its kind, its number, its text, the name of a choice, a
 * zone or a person, or its chainage. What a word can mean is worked out once for each kind and not for
 * each record: there may be ten thousand.
 */
export function finder(words: string, names: Names): Test {
  const tests = words
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => wordTest(plain(word), names))
  return (record) => tests.every((test) => test(record))
}

const plain = (text: string): string => text.normalize('NFKC').toLowerCase()

function wordTest(word: string, names: Names): Test {
  const isIn = (text: string): boolean => plain(text).includes(word)
  const known = new Map<string, boolean>()
  /** A name is looked at once. */
  const isNamed = (id: string): boolean => {
    const found = known.get(id) ?? isIn(names.of(id))
    known.set(id, found)
    return found
  }
  const ofKinds = new Map<KindCode, Test>()
  const isAlong = /[\dk+]/.test(word)

  function ofKind(code: KindCode): Test {
    const kind = kinds[code]
    if (isIn(names.named(kind))) return () => true
    const tests: ((fields: Readonly<Record<string, unknown>>) => boolean)[] = []
    for (const [name, field] of Object.entries<Field>(kind.fields)) {
      if (!READ.includes(field.type)) continue
      const meant = new Set(
        (field.choices ?? []).filter((it) => isIn(names.named(it))).map((it) => it.code),
      )
      if (field.choices && meant.size === 0) continue
      const holds = (value: unknown): boolean =>
        typeof value === 'string' &&
        (field.choices ? meant.has(value) : field.type === 'text' ? isIn(value) : isNamed(value))
      tests.push(({ [name]: value }) => (Array.isArray(value) ? value.some(holds) : holds(value)))
    }
    if (isAlong) {
      tests.push(({ chainage: at }) => typeof at === 'number' && isIn(chainage(at)))
    }
    return ({ fields }) => tests.some((test) => test(fields as Readonly<Record<string, unknown>>))
  }

  return (record) => {
    if (record.number !== null && record.number.includes(word)) return true
    let test = ofKinds.get(record.kind)
    if (!test) ofKinds.set(record.kind, (test = ofKind(record.kind)))
    return test(record)
  }
}
