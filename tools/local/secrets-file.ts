/** `LOCAL_SECRETS_FILE`: a developer's or a test's own secrets, laid over the seeds. */

import { readFileSync } from 'node:fs'
import { LOCAL_SECRETS_PREFIX } from './constants.ts'

/**
 * Reads `{"<secret name>": <value>}`. A value that is a string is stored as it is, any other as its JSON.
 * Does not check the values: a malformed secret is something one may want to try.
 * Throws an error that names the file and what to do about it, never a value.
 */
export const readSecretsFile = (path: string): Record<string, string> => {
  const values = parse(path, read(path))
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw fault(path, 'is not a JSON object', 'write {"<secret name>": <value>}')
  }
  const foreign = Object.keys(values).filter((name) => !name.startsWith(`${LOCAL_SECRETS_PREFIX}/`))
  if (foreign.length > 0) {
    throw fault(
      path,
      `names ${foreign.map((name) => JSON.stringify(name)).join(', ')}, which no function reads here`,
      `start every name with "${LOCAL_SECRETS_PREFIX}/"`,
    )
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
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
  try {
    return JSON.parse(text.trim())
  } catch {
    // The parser's own message quotes the text around the fault, which may be part of a secret.
    throw fault(path, 'is not JSON', `find the fault with: node -e 'JSON.parse(fs.readFileSync("${path}"))'`)
  }
}

const fault = (path: string, what: string, remedy: string): Error =>
  new Error(`LOCAL_SECRETS_FILE: ${path} ${what}. To go on, ${remedy}.`)
