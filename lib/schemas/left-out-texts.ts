/** What an entry that was left out still says: a back end that it meant to list must not become a user meanwhile. */

import { isObject } from './pasted.ts'

/**
 * The texts and numbers of an entry, alone or in lists, whatever its members are called: `subjects` may be the misspelled one.
 * Blanks and invisible characters are taken off, since they may be what is wrong. What is no object has none.
 */
export const textsIn = (entry: unknown): readonly string[] =>
  Object.values(isObject(entry) ? entry : {})
    .flat()
    .filter((item) => typeof item === 'string' || typeof item === 'number')
    .map((item) => String(item).replace(/[\s\p{C}]/gu, ''))
