// Why the server said no: its own words, in the language asked for.

import { ApiProblem } from '../../../app.ts'
import { codeOf } from '../useQueue.ts'

export const wordsOf = (error: unknown, problem: (code: string) => string): string =>
  error instanceof ApiProblem && error.detail !== '' ? error.detail : problem(codeOf(error))
