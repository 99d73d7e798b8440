/** Faults of which whoever tries a runbook knows the alarm's text alone: made by chance, with the lines that they have left. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { World } from '../support/world.ts'
import { FAULTS } from './faults.ts'
import { OBJECTIVE_FAULTS } from './objective-faults.ts'
import { PROBE_FAULTS } from './probe-faults.ts'
import { broken, type Fault, RESOURCES, type Rung } from './scene.ts'

const ALL: Readonly<Record<string, Fault>> = { ...FAULTS, ...OBJECTIVE_FAULTS, ...PROBE_FAULTS }
const MINUTE_MS = 60_000

export interface Trial {
  /** What the alarms that notify somebody say, with the time of each: all that is shown. */
  readonly told: readonly string[]
  readonly answer: string
  readonly rung: Rung
}

/** Numbers that look like chance, always the same for a seed (mulberry32). */
export const chance = (seed: number) => {
  let state = seed >>> 0
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many different faults that ring. */
export const chosen = (seed: number, many: number): readonly string[] => {
  const random = chance(seed)
  return Object.entries(ALL)
    .filter(([, { rings }]) => rings.length > 0)
    .map(([name]) => [random(), name] as const)
    .toSorted(([a], [b]) => a - b)
    .slice(0, many)
    .map(([, name]) => name)
}

/** Alarms that are part of another one tell nobody. */
const isLoud = (name: string): boolean => {
  const rules = Object.values(RESOURCES).map(
    ({ Properties }) => JSON.stringify(Properties['AlarmRule']) ?? '',
  )
  return !rules.some((rule) => rule.includes(`{${name}Alarm}`))
}

/** While another one rings that says the same. */
const isSuppressed = (name: string, rings: readonly string[]): boolean => {
  const { Ref = '' } = (RESOURCES[`${name}Alarm`]?.Properties['ActionsSuppressor'] ?? {}) as { Ref?: string }
  return rings.includes(Ref.replace(/Alarm$/, ''))
}

/** Of all that ring those that notify somebody. */
export const heard = (rings: readonly string[]): readonly string[] =>
  rings.filter((name) => isLoud(name) && !isSuppressed(name, rings))

const descriptionOf = (name: string): string =>
  String(RESOURCES[`${name}Alarm`]?.Properties['AlarmDescription'])

export const trialOf = async (routes: World, answer: string): Promise<Trial> => {
  const fault = ALL[answer] as Fault
  const rung = await broken(routes, { ...fault, quietAfter: 0 })
  const told = heard(fault.rings).map((name) => {
    const minute = rung.during.findIndex((names) => names.includes(name))
    const at = new Date(Math.floor(rung.brokenAt / MINUTE_MS) * MINUTE_MS + (minute + 1) * MINUTE_MS)
    return `${at.toISOString()}  ${name}\n  ${descriptionOf(name)}`
  })
  return { told, answer, rung }
}

/**
 * Writes for each fault `fault-<n>/alarm.txt`, `lines.jsonl` (what the functions' logs would hold), `access.jsonl` (the API's access log),
 * `invocations.csv` (what Lambda counts) and `ringing.txt` (all alarms that ring in the end, silent ones too), and all answers into `answers.txt`. Returns the alarms' texts.
 */
export const writeTrials = async (
  routes: World,
  { folder, seed, many }: { readonly folder: string; readonly seed: number; readonly many: number },
): Promise<readonly string[]> => {
  const texts: string[] = []
  const answers: string[] = []
  for (const [index, name] of chosen(seed, many).entries()) {
    const { told, answer, rung } = await trialOf(routes, name)
    const own = join(folder, `fault-${index + 1}`)
    mkdirSync(own, { recursive: true })
    const { lines, accessLines, invocations } = rung.stage
    const counted = invocations.map(({ at, function: of, ended, ms }) =>
      [new Date(at).toISOString(), of, ended, ms].join(),
    )
    writeFileSync(join(own, 'alarm.txt'), `${told.join('\n')}\n`)
    writeFileSync(join(own, 'lines.jsonl'), `${lines.join('\n')}\n`)
    writeFileSync(join(own, 'access.jsonl'), `${accessLines.join('\n')}\n`)
    writeFileSync(join(own, 'ringing.txt'), `${rung.during.at(-1)?.join('\n')}\n`)
    writeFileSync(join(own, 'invocations.csv'), `time,function,ended,ms\n${counted.join('\n')}\n`)
    texts.push(`Fault ${index + 1}\n${told.join('\n')}`)
    answers.push(`Fault ${index + 1}: ${answer}, from ${new Date(rung.brokenAt).toISOString()}`)
  }
  writeFileSync(join(folder, 'answers.txt'), `${answers.join('\n')}\n`)
  return texts
}
