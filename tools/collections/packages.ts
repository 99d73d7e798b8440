/** The packages of this folder's own package.json, which are there once `npm run collections -- --install` has run. */

import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)

/** Throws a sentence when it is not installed. */
export const installed = <Package>(name: string): Package => {
  try {
    return load(name) as Package
  } catch (cause) {
    const sentence = `${name} is not installed yet. Run this first: npm run collections -- --install`
    throw new Error(sentence, { cause })
  }
}
