/** Keys made of several fields. */

/** No two different lists of fields share a key, whatever characters they hold. Lengths are in UTF-16 units. */
export const lengthPrefixed = (...fields: readonly string[]): string =>
  fields.map((field) => `${field.length}:${field}`).join('')
