/** Where a tenant's settings come from: a file or a pipe with JSON, or a person's answers. */

import { readFileSync } from 'node:fs'
import { repeatedMember } from '../../../lib/json-text.ts'
import type { SystemName } from '../../../lib/vendors/registry.ts'
import { textOfFile } from '../files.ts'
import type { Prompt } from '../prompt.ts'
import { faultsIn } from './check.ts'
import { MEMBERS, type Member } from './members.ts'

export type Settings = Readonly<Record<string, unknown>>

/** `{"cec": {…}, "oiap": {…}}` of a file, or of the standard input for `-`. Throws one sentence, which never quotes the text. */
export const settingsFrom = (file: string): Settings => {
  const text = textOfFile(file)
  const value = (() => {
    try {
      return JSON.parse(text.trim()) as unknown
    } catch {
      throw new Error(`${file}: expected JSON.`)
    }
  })()
  if (repeatedMember(text) !== undefined) throw new Error(`${file}: expected each member once.`)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    throw new Error(`${file}: expected an object with a member for each system, such as {"cec": {…}}.`)
  return value as Settings
}

/** Asks for each member, and again for what the functions would not take. */
export const askedSettings = async (
  { ask }: Prompt,
  systems: readonly SystemName[],
  say: (line: string) => void,
): Promise<Settings> => {
  const all: Record<string, unknown> = {}
  for (const system of systems) {
    say(`${system}:`)
    const settings: Record<string, unknown> = {}
    for (const member of MEMBERS[system]) await askMember(ask, { system, settings, member }, say)
    all[system] = settings
  }
  return all
}

interface Place {
  readonly system: SystemName
  /** What was answered so far. */
  readonly settings: Record<string, unknown>
  readonly member: Member
}

const askMember = async (
  ask: Prompt['ask'],
  { system, settings, member }: Place,
  say: (line: string) => void,
): Promise<void> => {
  const { name, meaning, isSecret = false, isOptional = false, isFile = false } = member
  const text = `  ${name} (${meaning}${isOptional ? '; empty for none' : ''}${isSecret ? '; not shown' : ''})`
  for (;;) {
    const answer = await ask({ text, isHidden: isSecret })
    if (answer === '' && isOptional) return
    try {
      settings[name] = isFile ? readFileSync(answer, 'utf8') : answer
    } catch (error) {
      say(`  ${name}: that file cannot be read (${(error as NodeJS.ErrnoException).code}).`)
      continue
    }
    const fault = faultsIn(system, settings).find((one) => one.startsWith(`${name}: `))
    if (fault === undefined) return
    say(`  ${fault}`)
    delete settings[name]
  }
}
