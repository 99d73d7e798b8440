/** What a doctor has found, in plain words: a line for each system that was tried, and what to do about each cause. */

import type { Finding } from '../../../lib/doctor/findings.ts'
import { aligned, span } from '../tokens/report.ts'
import { type Mender, WORDS } from './words.ts'

/** What was tried of one tenant, or of the stage. */
export interface Examined {
  readonly tenantSpaceId?: string
  readonly tried: readonly string[]
  readonly findings: readonly Finding[]
}

export interface Told extends Finding {
  readonly wrong: string
  readonly todo: string
  /** Who can mend it, the likeliest first. */
  readonly who: readonly string[]
}

interface Vendor {
  readonly name: string
  readonly operators: string
}

const ALIBABA: Vendor = { name: 'Alibaba', operators: 'Alibaba (who administers your account there)' }
const OIAP: Vendor = { name: 'OIAP', operators: "AppCube's operators (OIAP)" }
const VENDORS: Readonly<Record<string, Vendor>> = {
  cec: { name: 'CEC', operators: "CEC's operators" },
  oiap: OIAP,
  'oiap-third-party': OIAP,
  live: ALIBABA,
  'live-im': ALIBABA,
  'live-rtc': ALIBABA,
}
const NO_VENDOR: Vendor = { name: 'The stage', operators: 'you' }

const MENDERS: Readonly<Record<Exclude<Mender, 'vendor'>, string>> = {
  you: 'you',
  network: 'your network',
  provider: 'the operators of the identity provider',
  aws: 'AWS',
}

/** In the words of the table. `options` leads the commands that are named to the same stage again. */
export const told = (finding: Finding, options = ''): Told => {
  const { wrong, todo, who } = WORDS[finding.cause]
  const vendor = VENDORS[finding.system] ?? NO_VENDOR
  const names = { ...DEFAULTS, ...finding, vendor: vendor.name, tenant: finding.tenantSpaceId ?? '<tenant>' }
  return {
    ...finding,
    wrong: filled(wrong, names) + remembered(finding),
    todo: withOptions(filled(todo, names), options),
    who: who.map((mender) => (mender === 'vendor' ? vendor.operators : MENDERS[mender])),
  }
}

/** Behind `npm run <command> --`. */
const withOptions = (text: string, options: string): string =>
  options === ''
    ? text
    : text.replace(/(npm run (?:tenant|tokens|callers|caller-key) -- [^:.]*[^:. ])/g, `$1 ${options.trim()}`)

const DEFAULTS = {
  field: 'its address',
  secret: 'of this system',
  reason: 'no reason given',
  expected: 'another value',
}

/** Names in braces. A part in brackets goes where one of its names is not known. */
const filled = (text: string, names: Readonly<Record<string, unknown>>): string => {
  const isKnown = (part: string): boolean =>
    [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => names[name] !== undefined)
  return text
    .replace(/\[([^\]]*)\]/g, (_, part: string) => (isKnown(part) ? part : ''))
    .replace(/\{(\w+)\}/g, (_, name: string) => String(names[name] ?? ''))
}

const NOT_AGAIN = 'not tried again'

const remembered = ({ reason, retryAfterSeconds }: Finding): string => {
  if (reason !== NOT_AGAIN) return ''
  const until = retryAfterSeconds === undefined ? '' : ` for ${span(retryAfterSeconds * 1000)}`
  return ` It was refused before: the same credentials are not shown again${until}.`
}

const HEADS = ['tenant', 'system', 'result']

/** The whole report: all that was tried, and each thing that is wrong or worth knowing. */
export const report = (examined: readonly Examined[], options: string): string => {
  const rows = examined.flatMap(({ tenantSpaceId = '–', tried, findings }) =>
    tried.map((system) => [tenantSpaceId, system, resultOf(system, findings)]),
  )
  const all = examined.flatMap(({ findings }) => findings)
  const parts = [...all].sort(byLevel).map((finding) => paragraph(told(finding, options)))
  return [aligned([HEADS, ...rows]), ...parts].join('\n\n')
}

/** What is wrong comes first. */
const byLevel = (one: Finding, other: Finding): number =>
  Number(one.level === 'note') - Number(other.level === 'note')

const resultOf = (system: string, findings: readonly Finding[]): string => {
  const own = findings.filter((finding) => finding.system === system).map(({ cause }) => cause)
  const ofStage = findings.some(({ system: of, level }) => of === 'stage' && level === 'wrong')
  if (own.length > 0) return own.join(', ')
  return ofStage && system !== 'stage' ? 'not known: see the stage' : 'well'
}

const paragraph = ({ system, tenantSpaceId, cause, level, wrong, todo, who }: Told): string => {
  const of = tenantSpaceId === undefined ? system : `${system} of ${tenantSpaceId}`
  return [
    `${level === 'note' ? 'Note' : 'Wrong'}: ${of} (${cause})`,
    `  What: ${wrong}`,
    `  Do:   ${todo}`,
    `  Who:  ${who.join(', ')}`,
  ].join('\n')
}
