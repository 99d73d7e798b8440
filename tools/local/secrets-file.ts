/** `LOCAL_SECRETS_FILE`: a developer's or a test's own secrets, laid over the seeds. */

import { readFileSync } from 'node:fs'
import { repeatedMember } from '../../lib/json-text.ts'
import { jsonFault } from './json-fault.ts'
import { secretFault } from './local-secrets.ts'

/**
 * Reads `{"<secret name>": <value>}`. A value that is a string is stored as it is, any other as its JSON. Each must be what the
 * functions read, by name and by shape: with a name that none reads, the emulator's account would be used, and nobody notice.
 * Throws an error that names the file, each fault in a line and what to do about it, never a value.
 */
export const readSecretsFile = (path: string): Record<string, string> => {
  const values = parse(path, read(path))
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw fault(path, 'is not a JSON object', 'write {"<secret name>": <value>}')
  }
  const secrets = Object.entries(values).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  const faults = secrets.flatMap(([name, text]) => secretFault(name, text) ?? [])
  if (faults.length > 0) {
    const list = faults.map((sentence) => `\n  ${sentence}`).join('')
    throw new Error(`LOCAL_SECRETS_FILE: ${path} holds what no function can use:${list}`)
  }
  return Object.fromEntries(secrets)
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw fault(path, `cannot be read (${code})`, 'correct the path, or unset LOCAL_SECRETS_FILE')
  }
}

const parse = (path: string, text: string): unknown => {
  // Editors put a byte order mark in front.
  const json = text.replace(/^\ufeff/, '').trimEnd()
  const place = jsonFault(json)
  if (place !== undefined)
    throw fault(path, 'is not JSON', `look at line ${place.line}, column ${place.column}`)
  const repeated = repeatedMember(json)
  if (repeated !== undefined)
    throw fault(path, 'gives a member of an object twice', 'take one of the two out')
  return JSON.parse(json)
}

const fault = (path: string, what: string, remedy: string): Error =>
  new Error(`LOCAL_SECRETS_FILE: ${path} ${what}. To go on, ${remedy}.`)
