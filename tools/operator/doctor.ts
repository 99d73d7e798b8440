/** `npm run doctor`: tries a stage and its tenants' systems from where the functions run, and says what is wrong and who can mend it. */

import { type Finding, finding } from '../../lib/doctor/findings.ts'
import { TenantSpaceId } from '../../lib/schemas/ids.ts'
import { type SystemName, systemNames } from '../../lib/vendors/registry.ts'
import { failureText } from '../local/next-step.ts'
import { parseCommandLine, STAGE_OPTIONS, stageArguments, usageError } from './arguments.ts'
import { findCallers } from './callers/find.ts'
import { openCallers } from './callers/stage.ts'
import type { Command, Say } from './command.ts'
import { type Doctor, doctorRights, openDoctor } from './doctor/invoke.ts'
import { type Examined, report, told } from './doctor/report.ts'
import { progress } from './progress.ts'
import { openTenants, type TenantsStage } from './tenant/stage.ts'
import { span } from './tokens/report.ts'

const USAGE =
  'npm run doctor -- [--tenant <id>] [--system <system>] [--channel <channelId>] [--user <userId>] [--json] [--stage <stage>] [--region <region>]'

const HELP = `Tries the stage, and each system that a tenant has settings for, once: from where the functions run, with the functions' own
circuit breaker. Says what is wrong, what to do, and who can mend it. A password that OIAP has refused is not shown to it again.
  --tenant <id>        that tenant alone; without it all tenants that have settings
  --system <system>    that system alone: ${systemNames().join(', ')}. May be repeated. Without --tenant
                       tenants that have none of them are left out
  --channel <id>       the channelId that the page of --tenant uses with CEC. Without it, no channel is tried
  --user <userId>      whether a user's id of this form fits everywhere; no vendor is shown it
  --json               the findings as JSON, with stable causes
  --stage, --region    a deployed stage; without them the local one that runs
Ends with 0 when nothing is wrong, with 1 when something is.`

const OPTIONS = {
  ...STAGE_OPTIONS,
  tenant: { type: 'string' },
  system: { type: 'string', multiple: true },
  channel: { type: 'string' },
  user: { type: 'string' },
  json: { type: 'boolean' },
} as const

interface Asked {
  readonly tenantSpaceId: string | undefined
  readonly systems: readonly string[] | undefined
  readonly channelId: string | undefined
  readonly userId: string | undefined
}

export const doctorCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const { values } = parseCommandLine(line, { options: OPTIONS, usage: USAGE })
    const asked = {
      ...{ tenantSpaceId: values.tenant, systems: values.system },
      ...{ channelId: values.channel, userId: values.user },
    }
    refuse(asked)
    const named = stageArguments(values, USAGE)
    const tenants = openTenants(named)
    const wrong = await examined(tenants, asked, { say, isJson: values.json === true, named }).catch(
      (error: unknown) => {
        throw new Error(failureText(error, named.stage, doctorRights(named.stage)))
      },
    )
    if (wrong > 0) throw new Error(wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`)
  },
}

const refuse = ({ tenantSpaceId, systems = [], channelId }: Asked): void => {
  const known: readonly string[] = systemNames()
  if (tenantSpaceId !== undefined && !TenantSpaceId.safeParse(tenantSpaceId).success)
    throw usageError('--tenant: expected 1 to 64 letters, digits, underscores or hyphens.', USAGE)
  if (systems.some((system) => !known.includes(system)))
    throw usageError(`--system: expected one of ${known.join(', ')}.`, USAGE)
  if (channelId !== undefined && tenantSpaceId === undefined)
    throw usageError('--channel needs --tenant: a channel belongs to one tenant.', USAGE)
}

interface Output {
  readonly say: Say
  readonly isJson: boolean
  readonly named: ReturnType<typeof stageArguments>
}

/** Returns how many things are wrong. */
const examined = async (
  tenants: TenantsStage,
  asked: Asked,
  { say, isJson, named }: Output,
): Promise<number> => {
  const doctor = await openDoctor(tenants.name)
  const bar = progress(isJson)
  try {
    bar.show('the stage')
    const table = await inTable(named)
    const { findings, ...facts } = (await doctor.ask({ issuers: [...table.issuers] })) as Examined & Facts
    const stage = [...findings, ...table.findings]
    const results: Examined[] = [{ tried: ['stage'], findings: stage }]
    const all = await systemsOf(tenants, asked)
    for (const [tenantSpaceId, systems] of all) {
      bar.show(`tenant ${tenantSpaceId} (${results.length} of ${all.size})`)
      results.push(await ofTenant(doctor, { ...asked, tenantSpaceId }, systems))
    }
    bar.end()
    const found = results.flatMap((result) => result.findings)
    if (isJson) say(JSON.stringify(jsonOf(results, facts, tenants), null, 2))
    else
      say(
        [`Stage ${tenants.name} (${tenants.place}):`, factText(facts), report(results, tenants.options)].join(
          '\n',
        ),
      )
    return found.filter(({ level }) => level === 'wrong').length
  } finally {
    bar.end()
    doctor.close()
    tenants.close()
  }
}

interface Facts {
  readonly keys: readonly {
    readonly kid: string
    readonly publishedAt: number
    readonly verifyUntil?: number
  }[]
  readonly sweptAt?: number
}

/** What is tried: of a tenant that was named the systems that were named, of all tenants those of their secrets. */
const systemsOf = async (
  tenants: TenantsStage,
  { tenantSpaceId, systems }: Asked,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const known: readonly string[] = systemNames()
  const listed = (await tenants.list(tenantSpaceId)).filter(({ system }) => known.includes(system))
  const byTenant = Map.groupBy(listed, (one) => one.tenantSpaceId)
  if (tenantSpaceId !== undefined) {
    const own = byTenant.get(tenantSpaceId)?.map(({ system }) => system) ?? []
    return new Map([[tenantSpaceId, systems ?? own]])
  }
  const isAsked = (system: string): boolean => systems?.includes(system) ?? true
  return new Map(
    [...byTenant.keys()].sort().flatMap((tenant): [string, readonly string[]][] => {
      const own = byTenant.get(tenant)?.map(({ system }) => system) ?? []
      // A tenant need not have each system.
      return own.some(isAsked) ? [[tenant, own.filter(isAsked)]] : []
    }),
  )
}

const ofTenant = async (
  doctor: Doctor,
  { tenantSpaceId = '', channelId, userId }: Asked,
  systems: readonly string[],
): Promise<Examined> => {
  // Nothing to try: a tenant that was named must have something.
  if (systems.length === 0)
    return {
      tenantSpaceId,
      tried: ['cec'],
      findings: [finding({ system: 'cec', tenantSpaceId }, 'SECRET_ABSENT')],
    }
  const question = {
    ...{ tenantSpaceId, systems: systems as SystemName[] },
    ...(channelId === undefined ? {} : { channelId }),
    ...(userId === undefined ? {} : { userId }),
  }
  const { findings } = await doctor.ask(question)
  return { tenantSpaceId, tried: systems, findings }
}

/** What the callers table says. The functions may not list it: an operator may. */
const inTable = async (
  named: Output['named'],
): Promise<{ readonly findings: readonly Finding[]; readonly issuers: readonly string[] }> => {
  const stage = openCallers(named)
  try {
    const held = await stage.readSecret()
    if (!held.lists.table) return NOTHING_IN_TABLE
    const { wrong, listed } = await findCallers(stage, held)
    const isInTable = ({ pk }: { readonly pk?: string | undefined }): boolean => pk !== undefined
    return {
      findings: wrong
        .filter(isInTable)
        .map(({ place, expected }) =>
          finding({ system: 'stage', field: place }, 'CALLERS_ENTRY_LEFT_OUT', { expected }),
        ),
      issuers: [...new Set(listed.filter(isInTable).flatMap(({ issuer }) => issuer ?? []))].slice(
        0,
        MOST_ISSUERS,
      ),
    }
  } catch {
    // What is wrong with the secret, the function says. Whoever may not list the table goes without.
    return NOTHING_IN_TABLE
  } finally {
    stage.close()
  }
}

const NOTHING_IN_TABLE = { findings: [], issuers: [] }
/** Of one question. */
const MOST_ISSUERS = 100

const factText = ({ keys, sweptAt }: Facts): string => {
  const ago = (ms: number): string => `${span(Date.now() - ms)} ago`
  const [active, next] = keys.filter(({ verifyUntil }) => verifyUntil === undefined)
  const one = (name: string, key: Facts['keys'][number] | undefined): string =>
    key === undefined ? `no ${name} key` : `${name} key public since ${ago(key.publishedAt * 1000)}`
  const schedule = sweptAt === undefined ? 'no run yet' : `last run over all tenants begun ${ago(sweptAt)}`
  return `Keys: ${one('signing', active)}, ${one('next', next)}. Schedule: ${schedule}.\n`
}

const jsonOf = (results: readonly Examined[], facts: Facts, { name, options }: TenantsStage) => ({
  stage: name,
  ...facts,
  results: results.map(({ findings, ...result }) => ({
    ...result,
    findings: findings.map((one) => told(one, options)),
  })),
})
