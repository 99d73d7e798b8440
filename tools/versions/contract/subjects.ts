/** The contract of the sources as they are: one entry of facts for each subject of docs/upgrade.md. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { itemKeysOf } from '../../../lib/callers/items.ts'
import { SETTING_NAMES, Settings } from '../../../lib/config.ts'
import * as items from '../../../lib/directory/items.ts'
import { BridgeError, ERRORS, type ErrorCode } from '../../../lib/errors.ts'
import { cecValidateErrors } from '../../../lib/http/error-formats.ts'
import { ERROR_KINDS } from '../../../lib/http/error-kinds.ts'
import * as format from '../../../lib/jwt/format.ts'
import { METRICS, OUTCOMES } from '../../../lib/metrics.ts'
import { AccessTokenClaims, accessAudience } from '../../../lib/schemas/access-token.ts'
import { AGENT_AUDIENCE_PREFIX, AgentTokenClaims } from '../../../lib/schemas/agent-token.ts'
import { AUDIENCE_PREFIX, EnterpriseTokenClaims } from '../../../lib/schemas/enterprise-token.ts'
import { LISTED } from '../../../lib/table/table.ts'
import { jsonSchema } from '../../interface/json-schema.ts'
import { secretSchemas } from '../../interface/secrets.ts'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { ALARMS } from '../../package/alarm-table.ts'
import { type Contract, type Facts, joined, type Value } from './facts.ts'
import { routeFacts } from './routes.ts'
import { givenFacts, takenFacts } from './schema-facts.ts'

const source = (path: string): string => readFileSync(join(PROJECT_ROOT, path), 'utf8')

const given = (names: readonly string[], value: Value = true): Partial<Facts> => ({
  gives: Object.fromEntries(names.map((name) => [name, value])),
})

/** What every format tells of each code. */
const errors = (): Facts =>
  joined(
    {
      gives: Object.fromEntries(
        Object.values(ERROR_KINDS).map(({ status, number, word }) => [
          `word ${word}`,
          `number ${number}, status ${status}`,
        ]),
      ),
    },
    {
      gives: Object.fromEntries(
        (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
          const error = new BridgeError(code, '')
          const { retCode } = cecValidateErrors(error, '').body as { readonly retCode: number }
          return [`code ${code}`, `${ERROR_KINDS[error.kind].word}, retCode ${retCode}`]
        }),
      ),
    },
  )

const secrets = (): Facts =>
  joined(...Object.entries(secretSchemas()).map(([name, schema]) => takenFacts(name, schema)))

/** Each with its default: another one changes a stage whose operator has said nothing. */
const parameters = (): Facts => {
  const yml = source('serverless.yml')
  const block = /^params:\n {2}default:\n([\s\S]*?)^\w/m.exec(yml)?.[1] ?? ''
  const rows = [...block.matchAll(/^ {4}(\w+): (.*?)(?: +#.*)?$/gm)].map(([, name = '', value = '']) => [
    name,
    value.replace(/^'(.*)'$/, '$1'),
  ])
  const outputs = [...yml.matchAll(/^ {6}(\w+):\n {8}Description:/gm)].map(
    ([, name = '']) => `output ${name}`,
  )
  // While a stage is changed, new code may run with the old settings for a moment: a new one must have a default.
  const demands = SETTING_NAMES.filter((name) => !Settings.shape[name].safeParse(undefined).success)
  return joined(
    { takes: Object.fromEntries(rows), demands: demands.map((name) => `setting ${name}`) },
    given(['output HttpApiUrl', ...outputs]),
  )
}

/** What a release reads and another one has written: keys, and what each kind of item must have. */
const tables = (): Facts => {
  const schemas = {
    items,
    named: ['PresentUser', 'Tombstone', 'AgentItem', 'TenantItem', 'RevokedTokenItem', 'RevokedKeyItem'],
  } as const
  const keys = {
    user: items.userKey('T', 'U'),
    agent: items.agentKey('T', 'A'),
    tenant: items.tenantKey('T'),
    'revoked token': items.revokedTokenKey('T', 'J'),
    'revoked key': items.revokedKeyKey('K'),
    'copies of it': items.copiesOf(items.revokedKeyKey('K')).length,
    caller: itemKeysOf({ keys: [{ sha256: 'S' }] } as unknown as Parameters<typeof itemKeysOf>[0]).join(),
  }
  const yml = source('serverless/tables.yml')
  const structure: Record<string, Value> = {}
  let table = ''
  for (const line of yml.split('\n')) {
    table = /^ {2}(\w+Table):$/.exec(line)?.[1] ?? table
    const [, name, kind] = /AttributeName: (\w+), KeyType: (\w+)/.exec(line) ?? []
    const [, index] = /IndexName: (\w+)/.exec(line) ?? []
    const [, ends] = /TimeToLiveSpecification: \{ AttributeName: (\w+)/.exec(line) ?? []
    if (name !== undefined) structure[`${table} key ${name}`] = kind ?? ''
    if (index !== undefined) structure[`${table} index ${index}`] = true
    if (ends !== undefined) structure[`${table} time to live`] = ends
  }
  return joined(
    {
      gives: {
        ...structure,
        ...Object.fromEntries(Object.entries(keys).map(([name, key]) => [`key of ${name}`, key])),
      },
    },
    given(LISTED.map((name) => `TokensTable list shows ${name}`)),
    ...schemas.named.map((name) => takenFacts(`item ${name}`, jsonSchema(schemas.items[name]))),
  )
}

const tokens = (): Facts => {
  const header = format.headerFor('K', format.TOKEN_TYPE)
  return joined(
    {
      gives: {
        algorithm: format.ALGORITHM,
        'header members': Object.keys(header).join(),
        'enterprise typ': format.TOKEN_TYPE,
        'enterprise aud': `${AUDIENCE_PREFIX}<tenantSpaceId>`,
        'access typ': format.ACCESS_TOKEN_TYPE,
        'access aud': accessAudience('<issuer>'),
        'agent typ': format.AGENT_TOKEN_TYPE,
        'agent aud': `${AGENT_AUDIENCE_PREFIX}<tenantSpaceId>`,
        'longest life': format.MAX_LIFETIME_SECONDS,
        'longest life of access': format.MAX_ACCESS_LIFETIME_SECONDS,
        'published keys may be kept for': format.JWKS_MAX_AGE_SECONDS,
      },
    },
    ...Object.entries({
      enterprise: jsonSchema(EnterpriseTokenClaims),
      access: jsonSchema(AccessTokenClaims),
      agent: jsonSchema(AgentTokenClaims),
      // Others read the claims. A release takes tokens that the one before it has made.
    }).flatMap(([name, schema]) => [givenFacts(name, schema), takenFacts(name, schema)]),
  )
}

/** Types are no values: codes of events and fields are read from the source. */
const logs = (): Facts => {
  const text = source('lib/log.ts')
  const events = /type EventCode =([\s\S]*?)\n\n/.exec(text)?.[1] ?? ''
  const fields = /interface LogFields \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? ''
  return joined(
    given([...events.matchAll(/'(\w+)'/g)].map(([, code]) => `code ${code}`)),
    given(Object.keys(ERRORS).map((code) => `code ${code}`)),
    given([...fields.matchAll(/^ {2}readonly (\w+)/gm)].map(([, name]) => `field ${name}`)),
    given(['level', 'time', 'audit'].map((name) => `field ${name}`)),
  )
}

const metrics = (): Facts =>
  joined(
    given(
      METRICS.map(({ name }) => name),
      'stage',
    ),
    { gives: Object.fromEntries(Object.entries(OUTCOMES).map(([name, by]) => [name, by.join()])) },
  )

const alarms = (): Facts =>
  joined({
    gives: Object.fromEntries(Object.entries(ALARMS).map(([name, { severity }]) => [name, severity])),
  })

export const contractNow = (): Contract => ({
  ...{ routes: routeFacts(), errors: errors(), secrets: secrets(), parameters: parameters() },
  ...{ tables: tables(), tokens: tokens(), logs: logs(), metrics: metrics(), alarms: alarms() },
})
