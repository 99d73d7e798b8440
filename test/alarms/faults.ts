/** What goes wrong in a stage, and which alarms ring then; and what must ring none. Objectives and the prober have tables of their own. */

import { BridgeError } from '../../lib/errors.ts'
import { UpstreamFailure } from '../../lib/outbound/failures.ts'
import { SecretSourceError } from '../../lib/secrets/source.ts'
import { MINUTE_MS } from '../support/schedule-world.ts'
import { type Fault, failing, vendorAnswers, vendorFails, without } from './scene.ts'

const unavailable = vendorFails(() => new UpstreamFailure('unavailable', {}))
const refused = vendorFails(() => new UpstreamFailure('credential', {}))

export const FAULTS: Readonly<Record<string, Fault>> = {
  'a vendor is down': {
    ...{ minutes: 40, begin: unavailable, mend: vendorAnswers },
    rings: ['TokensEndangered', 'RenewalsFailing'],
  },
  'a vendor refuses a tenant’s credentials': {
    ...{ minutes: 40, begin: refused },
    mend: (scene) => {
      vendorAnswers(scene)
      const corrected = { url: 'https://oiap.example.com/token', appKey: 'new', appSecret: 'new' }
      scene.stage.world.put('t0/oiap', corrected)
    },
    quietAfter: 20,
    rings: ['TokensEndangered', 'RenewalsFailing'],
  },
  'the tokens table’s key cannot be used': {
    minutes: 30,
    begin: ({ stage }) => {
      stage.world.ring = () => {
        throw new BridgeError('SECRET_UNAVAILABLE', 'no key', { detail: { secret: 'test/token-store-key' } })
      }
    },
    mend: ({ stage, ring }) => {
      stage.world.ring = ring
    },
    rings: ['TokensEndangered', 'RenewalsFailing', 'TokensWithoutKey'],
  },
  'ListSecrets is denied': {
    minutes: 60,
    running: () => ({
      // biome-ignore lint/correctness/useYield: it fails before its first page
      list: async function* () {
        throw new SecretSourceError('final', 'AccessDeniedException')
      },
    }),
    quietAfter: 20,
    rings: ['TenantsNotListed'],
  },
  'the schedule has no time for what is due': {
    minutes: 6,
    running: () => ({ ms: 9_000 }),
    rings: ['TokensLeft'],
  },
  'the tokens table is down for the schedule': {
    minutes: 20,
    running: ({ stage }) => ({ table: without(stage.world.table) }),
    rings: ['PrewarmFailing', 'TokenStoreUnavailable'],
  },
  'the schedule is not called': {
    ...{ minutes: 20, running: () => ({ isCalled: 'no' }), rings: ['PrewarmNotRunning'] },
  },
  'the schedule is throttled': {
    ...{ minutes: 20, running: () => ({ isCalled: 'throttled' }), rings: ['PrewarmNotRunning'] },
  },
  'a rotation fails': {
    minutes: 90,
    begin: ({ stage }) => stage.called('rotateSigningKey', 'failed'),
    quietAfter: 24 * 60,
    rings: ['RotationFailing'],
  },
  'an item of the tokens table was altered': {
    minutes: 30,
    begin: async ({ stage: { world } }) => {
      const pk = String(world.table.dump().find(({ sealed }) => sealed)?.['pk'])
      await world.table.change(pk, { set: { sealed: 'AAAA' } }, world.within(1_000))
      await world.request('t0')
    },
    quietAfter: 61,
    rings: ['StoredTokensRejected'],
  },
  'requests cannot use the tokens table': {
    minutes: 20,
    between: ({ stage: { world } }) => world.request('t0', without(world.table)).catch(() => undefined),
    rings: ['TokenStoreUnavailable'],
  },
  'Secrets Manager cannot be reached': {
    minutes: 12,
    begin: async ({ stage, reader }) => {
      reader.holds('{"callers":[]}')
      await reader.read()
      reader.becomes(failing('TimeoutError', 'transient'))
      stage.world.at += 6 * MINUTE_MS
    },
    between: ({ reader }) => reader.read(),
    rings: ['SecretsStale'],
  },
  'an entry of the callers is left out': {
    minutes: 120,
    begin: ({ reader }) => {
      reader.holds('{"callers":[{"callerId":"shop","keys":"none"}]}')
      return reader.read()
    },
    quietAfter: 6 * 60,
    rings: ['CallersLeftOut'],
  },
  'no question of CEC’s can be answered': {
    minutes: 20,
    between: ({ request }) => request('validateEnterpriseToken', failing('AccessDeniedException')),
    quietAfter: 35,
    rings: ['AnswersFailed', 'ValidatingDown', 'BurningFast', 'BurningSlow'].map(
      (row) => `ValidateEnterpriseToken${row}`,
    ),
  },
  'nothing can be issued': {
    minutes: 20,
    between: ({ request }) => request('issueEnterpriseToken', failing('AccessDeniedException')),
    rings: ['IssueEnterpriseTokenAnswersFailed', 'IssuingDown'],
  },
  'a customer’s identity provider is down': {
    minutes: 20,
    between: ({ stage }) => {
      const failed = { code: 'OIDC_KEYS_UNAVAILABLE', function: 'issueEnterpriseToken', status: 503 } as const
      stage.called('issueEnterpriseToken')
      stage.world.requestLog('ERROR', failed)
    },
    rings: ['IssuersFailing'],
  },
  'a function does not start': {
    ...{ minutes: 20, between: ({ stage }) => stage.called('issueAccessToken', 'failed') },
    rings: ['IssueAccessTokenCrashing', 'IssuingDown'],
  },
  'a function is throttled': {
    ...{ minutes: 20, between: ({ stage }) => stage.called('validateAgentToken', 'throttled') },
    quietAfter: 35,
    rings: ['Throttled', 'ValidatingDown', 'BurningFast', 'BurningSlow'].map(
      (row) => `ValidateAgentToken${row}`,
    ),
  },
  'API Gateway refuses requests': {
    ...{ minutes: 20, between: ({ access }) => access('429', '-'), rings: ['RoutesThrottled'] },
  },

  // what must ring nothing
  'users are refused for being too many (no fault)': {
    ...{ minutes: 20, between: ({ access }) => access('429', '200'), rings: [] },
  },
  'foreign tokens are shown (no fault)': {
    ...{ minutes: 20, between: ({ request }) => request('validateEnterpriseToken'), rings: [] },
  },
  'a caller’s requests are wrong (no fault)': {
    ...{ minutes: 20, between: ({ request }) => request('issueEnterpriseToken'), rings: [] },
  },
  'one question in a hundred minutes goes unanswered (no fault)': {
    ...{ minutes: 20, rings: [] },
    begin: ({ request }) => request('validateEnterpriseToken', failing('AccessDeniedException')),
  },
  'a vendor is down for two minutes (no fault)': {
    ...{ minutes: 2, begin: unavailable, mend: vendorAnswers, rings: [] },
  },
}
