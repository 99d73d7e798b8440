/** `npm run tenant`: puts a tenant's settings for the vendors, checks them, and lists which there are. */

import { TenantSpaceId } from '../../lib/schemas/ids.ts'
import type { SystemName } from '../../lib/vendors/registry.ts'
import { failureText } from '../local/next-step.ts'
import { parseCommandLine, refuseOthers, STAGE_OPTIONS, stageArguments, usageError } from './arguments.ts'
import type { Command, Say } from './command.ts'
import { openPrompt, type Terminal } from './prompt.ts'
import { faultsOfAll, isSystem, SYSTEMS } from './tenant/check.ts'
import { askedSettings, type Settings, settingsFrom } from './tenant/sources.ts'
import { openTenants, type TenantsStage, tenantRights } from './tenant/stage.ts'
import { aligned } from './tokens/report.ts'

const USAGE =
  'npm run tenant -- add <tenantSpaceId> | check <tenantSpaceId> | list [--system <system>] [--from <file>] [--replace] [--kms-key <arn>] [--json] [--stage <stage>] [--region <region>]'

const HELP = `Keeps the tenants' settings for the vendors: a secret for each system of a tenant. No value is ever shown.
  add <tenantSpaceId>     asks for each value, hides what is secret while it is typed, and checks all before it writes anything
  check <tenantSpaceId>   holds what is there (or a file) against what the functions take, without a call to a vendor
  list                    shows which tenants have settings for which systems, and since when
  --system <system>       with add: what to ask for, default cec; one of ${SYSTEMS.join(', ')}. May be repeated.
                          With --from it must name what the file has
  --from <file>           JSON {"<system>": {…}} instead of questions; "-" for the standard input
  --replace               with add: put new values in the place of those that are there
  --kms-key <arn>         with add: the KMS key of the new secrets, not of one that is replaced; name it in the parameter secretsKmsKeyArns too
  --json                  with list and check: the same as JSON
  --stage, --region       a deployed stage; without them the local one that runs
Afterwards npm run doctor -- --tenant <tenantSpaceId> tries the vendors themselves.`

const OPTIONS = {
  ...STAGE_OPTIONS,
  system: { type: 'string', multiple: true },
  from: { type: 'string' },
  replace: { type: 'boolean' },
  'kms-key': { type: 'string' },
  json: { type: 'boolean' },
} as const

interface Asked {
  readonly tenantSpaceId: string
  readonly systems: readonly SystemName[]
  /** Whether the command line names them. */
  readonly isNamed: boolean
  readonly from: string | undefined
  readonly isReplacing: boolean
  readonly kmsKey: string | undefined
  readonly isJson: boolean
}

type Work = (stage: TenantsStage, asked: Asked, say: Say) => Promise<void>

/** `terminal` is for tests. Default the process's own. */
const add =
  (terminal?: Terminal): Work =>
  async (stage, asked, say) => {
    const { tenantSpaceId, from, isReplacing, kmsKey } = asked
    const there = new Set((await stage.list(tenantSpaceId)).map(({ system }) => system))
    // Before a person types all of it.
    if (from === undefined) refuseThere(asked.systems, there, asked)
    const settings = from === undefined ? await answered(asked, say, terminal) : settingsFrom(from)
    const faults = faultsOfAll(settings)
    if (faults.length > 0)
      throw new Error(`Nothing was written:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    const systems = Object.keys(settings)
    if (from !== undefined) refuseOtherSystems(systems, asked)
    refuseThere(systems, there, asked)
    for (const system of systems) {
      const made = { tenantSpaceId, system, text: JSON.stringify(settings[system]) }
      if (isReplacing && there.has(system)) await stage.replace(made)
      else await stage.create(made, kmsKey)
      say(`${there.has(system) ? 'Replaced' : 'Made'}: ${system} of ${tenantSpaceId}.`)
    }
    say(
      `The functions take it within five minutes. Try it: npm run doctor -- --tenant ${tenantSpaceId} ${stage.options}`.trimEnd(),
    )
  }

const answered = async ({ systems }: Asked, say: Say, terminal?: Terminal): Promise<Settings> => {
  const prompt = openPrompt(terminal)
  try {
    return await askedSettings(prompt, systems, say)
  } finally {
    prompt.close()
  }
}

const refuseThere = (
  systems: readonly string[],
  there: ReadonlySet<string>,
  { tenantSpaceId, isReplacing, kmsKey }: Asked,
) => {
  const known = systems.filter((system) => there.has(system))
  if (known.length === 0) return
  const has = `${tenantSpaceId} has settings for ${known.join(' and ')} already. Nothing was written.`
  if (!isReplacing) throw new Error(`${has} To put new ones, add --replace.`)
  if (kmsKey !== undefined)
    throw new Error(
      `--kms-key: expected new settings alone: those that are replaced keep their key. ${has} ` +
        'Leave --kms-key out, or change the key itself: aws secretsmanager update-secret --kms-key-id.',
    )
}

/** `--system` beside a file says what the person takes the file for. */
const refuseOtherSystems = (systems: readonly string[], { systems: asked, isNamed }: Asked) => {
  const isSame = systems.length === new Set(asked).size && asked.every((system) => systems.includes(system))
  if (isNamed && !isSame)
    throw new Error(
      '--system: expected the systems that the file has, and no others. Nothing was written. With --from, --system may be left out.',
    )
}

const check: Work = async (stage, { tenantSpaceId, from, isJson }, say) => {
  const settings = from === undefined ? await settingsThere(stage, tenantSpaceId) : settingsFrom(from)
  const faults = faultsOfAll(settings)
  const systems = Object.keys(settings)
  if (isJson) say(JSON.stringify({ tenantSpaceId, systems, faults }, null, 2))
  else if (faults.length === 0)
    say(
      `Well: ${systems.join(', ')} of ${tenantSpaceId}. Whether the vendors agree: npm run doctor -- --tenant ${tenantSpaceId} ${stage.options}`.trimEnd(),
    )
  if (faults.length > 0)
    throw new Error(`The functions do not take this:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

const settingsThere = async (stage: TenantsStage, tenantSpaceId: string): Promise<Settings> => {
  const listed = (await stage.list(tenantSpaceId)).filter(({ system }) => isSystem(system))
  if (listed.length === 0)
    throw new Error(
      `${tenantSpaceId} has no settings for any system. Put them: npm run tenant -- add ${tenantSpaceId} ${stage.options}`.trimEnd(),
    )
  const all: Record<string, unknown> = {}
  for (const { system } of listed) all[system] = jsonOf(await stage.read(tenantSpaceId, system))
  return all
}

/** What is no JSON is no object either, and the schema says so. */
const jsonOf = (text = ''): unknown => {
  try {
    return JSON.parse(text.trim())
  } catch {
    return text
  }
}

const HEADS = ['tenant', 'system', 'changed']

const list: Work = async (stage, { isJson }, say) => {
  const found = [...(await stage.list())].sort((one, other) =>
    `${one.tenantSpaceId}/${one.system}` < `${other.tenantSpaceId}/${other.system}` ? -1 : 1,
  )
  if (isJson) return say(JSON.stringify(found, null, 2))
  const rows = found.map(({ tenantSpaceId, system, changedAt }) => [
    tenantSpaceId,
    isSystem(system) ? system : `${system} (no system of this release)`,
    new Date(changedAt).toISOString(),
  ])
  say(rows.length === 0 ? 'No tenants.' : aligned([HEADS, ...rows]))
}

interface Word {
  readonly work: Work
  readonly isOfTenant: boolean
  /** Its options, beside the stage's. */
  readonly takes: readonly string[]
}

const wordsOf = (terminal?: Terminal): Readonly<Record<string, Word>> => ({
  add: {
    work: add(terminal),
    isOfTenant: true,
    takes: ['system', 'from', 'replace', 'kms-key'],
  },
  check: { work: check, isOfTenant: true, takes: ['from', 'json'] },
  list: { work: list, isOfTenant: false, takes: ['json'] },
})

/** `terminal` is for tests. Default the process's own. */
export const tenantCommandAt = (terminal?: Terminal): Command => ({
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values, positionals } = parseCommandLine(line, {
      options: OPTIONS,
      allowPositionals: true,
      usage: USAGE,
    })
    const [name = '', tenantSpaceId = '', ...more] = positionals
    const words = wordsOf(terminal)
    const word = Object.hasOwn(words, name) ? words[name] : undefined
    if (word === undefined)
      throw usageError(`Say what to do: expected one of ${Object.keys(words).join(', ')}.`, USAGE)
    refuseOthers(values, { word: name, takes: word.takes }, USAGE)
    if (more.length > 0 || word.isOfTenant !== (tenantSpaceId !== ''))
      throw usageError(
        `${name}: expected ${word.isOfTenant ? 'a tenantSpaceId' : 'nothing'} behind it.`,
        USAGE,
      )
    if (word.isOfTenant && !TenantSpaceId.safeParse(tenantSpaceId).success)
      throw usageError('<tenantSpaceId>: expected 1 to 64 letters, digits, underscores or hyphens.', USAGE)
    const systems = values.system ?? ['cec']
    if (!systems.every(isSystem)) throw usageError(`--system: expected one of ${SYSTEMS.join(', ')}.`, USAGE)
    const named = stageArguments(values, USAGE)
    const stage = openTenants(named)
    const asked = {
      ...{
        tenantSpaceId,
        systems: systems.filter(isSystem),
        from: values.from,
        isNamed: values.system !== undefined,
        isReplacing: values.replace === true,
      },
      ...{ kmsKey: values['kms-key'], isJson: values.json === true },
    }
    try {
      if (!asked.isJson) say(`Stage ${stage.name} (${stage.place}):`)
      await word.work(stage, asked, say)
    } catch (error) {
      throw new Error(failureText(error, stage.name, tenantRights(stage.name)))
    } finally {
      stage.close()
    }
  },
})

export const tenantCommand = tenantCommandAt()
