/** Where a rehearsal works. */

import { tmpdir } from 'node:os'
import { makeRunFolder } from '../local/run-folder.ts'

/**
 * A folder of this process, removed with it. Outside the project, whose packages and package.json Node would find from below:
 * a function must bring along all that it needs.
 */
export const rehearsalFolder = (): string => makeRunFolder(tmpdir(), 'cec-token-bridge-rehearsal')
