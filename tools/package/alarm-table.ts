/** Every alarm of a stage, a row each. `alarms.ts` makes resources of them, and docs/operate.md has a section for each. */

import type { AlarmTable } from './alarm-rows.ts'

export const VALIDATING: readonly string[] = ['validateEnterpriseToken', 'validateAgentToken']
export const ISSUING: readonly string[] = ['issueEnterpriseToken', 'issueAccessToken', 'issueAgentToken']
const EACH = [...VALIDATING, ...ISSUING]
const VALIDATED = {
  objectivePercent: 99.95,
  functions: VALIDATING,
  leastFailed: 5,
} as const

const UNANSWERED: readonly string[] = ['AnswersFailed', 'Crashing', 'Throttled']

export const ALARMS: AlarmTable = {
  // The schedule. Its metrics have a value for each of its runs.
  TokensEndangered: {
    severity: 2,
    says: 'Machine tokens are about to end or have ended, and cannot be renewed.',
    metric: 'TokensEndangered',
    statistic: 'Maximum',
    periodSeconds: 60,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'ignore',
  },
  RenewalsFailing: {
    severity: 3,
    says: 'Renewals of machine tokens have failed for a quarter of an hour.',
    metric: 'TokensFailed',
    statistic: 'Maximum',
    periodSeconds: 60,
    atLeast: 1,
    lasting: '14 of 15',
    missing: 'ignore',
  },
  TokensWithoutKey: {
    severity: 2,
    says: 'The secret token-store-key cannot be used, and no machine token can be renewed ahead.',
    metric: 'TokensWithoutKey',
    statistic: 'Maximum',
    periodSeconds: 60,
    atLeast: 1,
    lasting: '3 of 5',
    missing: 'ignore',
  },
  TokensLeft: {
    severity: 3,
    says: 'The schedule cannot see to all tokens in its minute.',
    metric: 'TokensLeft',
    statistic: 'Maximum',
    periodSeconds: 60,
    atLeast: 1,
    lasting: '5 of 5',
    missing: 'ignore',
  },
  // A list that fails is asked for again after two minutes.
  TenantsNotListed: {
    severity: 3,
    says: "The list of the tenants' secrets cannot be had, and new tenants are not found.",
    metric: 'TenantsNotListed',
    statistic: 'Maximum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '3 of 3',
    missing: 'ignore',
  },
  // No permission, no table, no time. It then reports nothing of the tokens either.
  PrewarmFailing: {
    severity: 2,
    says: 'The schedule fails.',
    metric: 'Errors',
    percentOf: 'Invocations',
    functions: ['prewarmTokens'],
    isOfShares: true,
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 60,
    lasting: '1 of 1',
    missing: 'notBreaching',
  },
  // A throttled invocation does not count as one.
  PrewarmNotRunning: {
    severity: 2,
    says: 'The schedule does not run, or is throttled.',
    metric: 'Invocations',
    functions: ['prewarmTokens'],
    isOfShares: true,
    statistic: 'Sum',
    periodSeconds: 300,
    below: 3,
    lasting: '2 of 2',
    missing: 'breaching',
  },

  // The keys
  // The next try is a month away: it rings for a day.
  RotationFailing: {
    severity: 2,
    says: 'The signing keys are not rotated.',
    metric: 'Errors',
    functions: ['rotateSigningKey'],
    statistic: 'Sum',
    periodSeconds: 3600,
    atLeast: 1,
    lasting: '1 of 24',
    missing: 'notBreaching',
  },

  // The tokens table. One line for each time that somebody meets the fault
  // Tampering is an event, not a state: it rings for an hour.
  StoredTokensRejected: {
    severity: 1,
    says: 'Items of the tokens table were altered, or older ones put back.',
    metric: 'StoredTokensRejected',
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '1 of 12',
    missing: 'notBreaching',
  },
  TokenStoreUnavailable: {
    severity: 2,
    says: 'The tokens table or its key cannot be used, and each sandbox asks the vendors for itself.',
    metric: 'TokenStoreUnavailable',
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 3,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },

  // The secrets
  // After 900 s they are used no more.
  SecretsStale: {
    severity: 1,
    says: 'Secrets Manager cannot be reached, and all routes stop a quarter of an hour after that began.',
    metric: 'SecretsStale',
    statistic: 'Sum',
    periodSeconds: 60,
    atLeast: 1,
    lasting: '3 of 5',
    missing: 'notBreaching',
  },
  // Written when a sandbox starts or reads another version: it rings for six hours after the last.
  CallersLeftOut: {
    severity: 3,
    says: 'An entry of the callers is left out, and whoever it names is refused.',
    metric: 'CallersLeftOut',
    statistic: 'Sum',
    periodSeconds: 3600,
    atLeast: 1,
    lasting: '1 of 6',
    missing: 'notBreaching',
  },

  // Of whom anybody may show a token: so it says nothing of ours.
  IssuersFailing: {
    severity: 2,
    says: "The keys of a customer's identity provider cannot be had: its users and back ends are refused.",
    metric: 'IssuersFailed',
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 3,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },

  // Validating and issuing
  // RetCode 6 and 5xx of ours.
  AnswersFailed: {
    severity: 1,
    says: 'Questions or requests for tokens go unanswered by a fault of ours.',
    metric: 'AnswersFailed',
    functions: EACH,
    statistic: 'Sum',
    percentOf: 'Invocations',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },
  // No start, a time-out, a process that ends: no line of ours is written.
  Crashing: {
    severity: 1,
    says: 'The function does not start, or ends before it answers.',
    metric: 'Errors',
    functions: EACH,
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },
  // By the reserved concurrency or the account's.
  Throttled: {
    severity: 1,
    says: 'Lambda runs no more executions of the function.',
    metric: 'Throttles',
    functions: EACH,
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },
  ValidatingDown: {
    severity: 1,
    says: 'CEC cannot have tokens checked, and visitors or agents are refused.',
    ...{ anyOf: UNANSWERED, functions: VALIDATING, isEachApart: true },
    quietWhile: 'BurningFast',
  },
  IssuingDown: {
    severity: 1,
    says: 'Back ends or pages get no tokens.',
    ...{ anyOf: UNANSWERED, functions: ISSUING },
  },
  // 429 that no function of ours has written.
  RoutesThrottled: {
    severity: 2,
    says: 'API Gateway refuses requests before they reach a function.',
    metric: 'RoutesThrottled',
    accessLog: '{ $.status = "429" && $.lambdaStatus != "200" }',
    statistic: 'Sum',
    periodSeconds: 300,
    atLeast: 10,
    lasting: '2 of 3',
    missing: 'notBreaching',
  },

  // The objective: of CEC's questions 99.95 % are answered, without retCode 6. Over 30 days that leaves 21 minutes.
  // An hour of this uses 2 % of the month's.
  BurningFast: {
    severity: 1,
    says: "CEC's questions go unanswered, many in the last hour and still now: visitors or agents are refused.",
    ...VALIDATED,
    times: 14.4,
    seconds: { Long: 3600, Short: 900 },
  },
  // Six hours of this use 5 % of it.
  BurningSlow: {
    severity: 2,
    says: "Some of CEC's questions go unanswered, for hours and still now: visitors or agents are refused.",
    quietWhile: 'BurningFast',
    ...VALIDATED,
    times: 6,
    seconds: { Long: 21_600, Short: 1800 },
  },
  // Without the start of a new sandbox, which Lambda counts apart.
  Slow: {
    severity: 2,
    says: "One in a hundred of CEC's questions takes the function more than a second.",
    metric: 'Duration',
    functions: VALIDATING,
    statistic: 'p99',
    periodSeconds: 300,
    atLeast: 1000,
    lasting: '3 of 3',
    missing: 'notBreaching',
  },

  // The prober, every five minutes. It asks from outside, and also where nobody else does.
  ProbeFailing: {
    severity: 1,
    isOfProber: true,
    says: 'The stage answers wrongly from outside: to CEC, or to a back end.',
    metric: 'ProbeFailed',
    statistic: 'Maximum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'ignore',
  },
  ProbeRefused: {
    severity: 2,
    isOfProber: true,
    says: 'The prober is refused: one of its keys, or its user.',
    metric: 'ProbeRefused',
    statistic: 'Maximum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'ignore',
  },
  ProbeVendorFailing: {
    severity: 3,
    isOfProber: true,
    says: "The prober gets no token of OIAP's: the vendor is down, or a tenant's secret for it is wrong.",
    metric: 'ProbeVendorFailed',
    statistic: 'Maximum',
    periodSeconds: 300,
    atLeast: 1,
    lasting: '2 of 3',
    missing: 'ignore',
  },
  ProbeSilent: {
    severity: 3,
    isOfProber: true,
    says: 'The prober does not report.',
    metric: 'ProbeFailed',
    statistic: 'SampleCount',
    periodSeconds: 300,
    below: 1,
    lasting: '3 of 3',
    missing: 'breaching',
  },
}
