/** How busy the machine was while something was measured on it: who reads a figure must know. */

import { loadavg } from 'node:os'

export const loadSentence = (): string =>
  `The load of the last quarter of an hour was ${loadavg()[2]?.toFixed(1)}, where this alone makes about 1.`
