/**
 * Every parameter of a stage, each one row: what it means, what it must look like, an example. `serverless.yml` has the same
 * names with their defaults, and `tools/reference/settings-words.ts` the same for operators; a test holds the three together.
 */

import type * as z from 'zod/mini'
import { MOST_SHARES } from '../../../lib/prewarm/share.ts'
import { VALIDATE_AGENT_TOKEN, VALIDATE_ENTERPRISE_TOKEN } from '../../../lib/routes.ts'
import { ISSUER_PATTERN } from './issuer.ts'
import { keyFault } from './kms-keys.ts'
import { certificateFault, domainFault, securityGroupFault, subnetFault, truststoreFault } from './network.ts'
import { ORIGINS_PATTERN, originFault } from './origins.ts'
import { LONGEST_PATH, pathFault, pathPattern } from './paths.ts'
import { routeRateFault } from './route-rates.ts'
import {
  DECIMAL,
  flag,
  list,
  numberSetting,
  oneOf,
  orUnset,
  text,
  textSetting,
  wholeNumber,
} from './shapes.ts'
import { SOURCES_PATTERN, sourceFault, sourceWarning } from './source-addresses.ts'
import type { TemplateRule } from './template-rules.ts'
import { TOPICS_PATTERN, topicFault } from './topics.ts'

/** Where the parameters are to hold. */
export interface Place {
  readonly stage: string
  readonly region: string
  /** The paths of all routes but those that have a parameter. */
  readonly paths: readonly string[]
  /** The functions that have a route. */
  readonly functions: readonly string[]
}

export interface Parameter {
  readonly meaning: string
  readonly shape: z.ZodMiniType
  readonly example: string
  /** What CloudFormation holds a value against, where the release's template has the parameter. */
  readonly rule?: TemplateRule
  /** What is allowed and probably not meant, as the end of a sentence. */
  readonly warning?: (value: unknown) => string | undefined
}

/** CloudWatch Logs takes no other numbers of days (PutRetentionPolicy). */
const RETENTIONS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827],
  ...[2192, 2557, 2922, 3288, 3653],
]

const keyExample = (region: string): string =>
  `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`

/** The path of the documents, which the route has unless a parameter gives it another one. */
const pathOf = ({ endpoints: [endpoint] }: { readonly endpoints: readonly [string] }): string =>
  endpoint.slice(endpoint.indexOf('/'))

const reservedConcurrency = (meaning: string): Parameter => ({
  meaning,
  shape: orUnset(wholeNumber(0, 1_000_000)),
  example: '5',
  warning: (value) => (Number(value) === 0 ? 'it stops the route, which refuses every call' : undefined),
})

const FLAG_RULE: TemplateRule = { AllowedValues: ['true', 'false'] }

export const parametersOf = ({
  stage,
  region,
  paths,
  functions,
}: Place): Readonly<Record<string, Parameter>> => ({
  issuer: {
    meaning: 'the "iss" of every token',
    shape: textSetting('ISSUER'),
    rule: { AllowedPattern: ISSUER_PATTERN, MaxLength: 200 },
    example: 'https://tokens.example.com',
  },
  directory: {
    meaning: 'how users come into the directory',
    shape: textSetting('DIRECTORY'),
    example: 'on-issue',
  },
  tokenLifetimeSeconds: {
    meaning: 'life of an enterprise token',
    shape: numberSetting('TOKEN_LIFETIME_SECONDS'),
    example: '300',
  },
  accessTokenLifetimeSeconds: {
    meaning: 'life of an access token',
    shape: numberSetting('ACCESS_TOKEN_LIFETIME_SECONDS'),
    example: '300',
  },
  justInTimeUserDays: {
    meaning: 'days without a token after which a just-in-time user is removed',
    shape: numberSetting('JUST_IN_TIME_USER_DAYS'),
    example: '90',
  },
  validatePath: {
    meaning: 'path of the validate route',
    shape: text(pathFault([...paths, pathOf(VALIDATE_AGENT_TOKEN)])),
    rule: {
      AllowedPattern: pathPattern([...paths, pathOf(VALIDATE_AGENT_TOKEN)]),
      MaxLength: LONGEST_PATH,
    },
    example: '/4f9a2c/chatThirdPartyValidate',
  },
  validateAgentPath: {
    meaning: 'path of the validate route for agents',
    shape: text(pathFault([...paths, pathOf(VALIDATE_ENTERPRISE_TOKEN)])),
    rule: {
      AllowedPattern: pathPattern([...paths, pathOf(VALIDATE_ENTERPRISE_TOKEN)]),
      MaxLength: LONGEST_PATH,
    },
    example: '/4f9a2c/thirdPartyValidate',
  },
  issuesPerUserAndMinute: {
    meaning: 'tokens for one user in a minute',
    shape: numberSetting('ISSUES_PER_USER_AND_MINUTE'),
    example: '30',
  },
  userIdCharacters: {
    meaning: 'what a userId may be made of',
    shape: textSetting('USER_ID_CHARACTERS', { orEmpty: true }),
    example: 'a-zA-Z0-9._-',
  },
  userIdMaxLength: {
    meaning: 'characters of a userId at most',
    shape: numberSetting('USER_ID_MAX_LENGTH'),
    example: '32',
  },
  pollSeconds: {
    meaning: 'how long a poll hangs',
    shape: numberSetting('POLL_SECONDS', DECIMAL),
    example: '5',
  },
  longestPollSeconds: {
    meaning: 'how long a poll hangs at most',
    shape: numberSetting('LONGEST_POLL_SECONDS', DECIMAL),
    example: '25',
  },
  shortestPollSeconds: {
    meaning: 'how short a poll may become where executions run short',
    shape: numberSetting('SHORTEST_POLL_SECONDS', DECIMAL),
    example: '1',
  },
  corsOrigins: {
    meaning: 'pages that may call from a browser',
    shape: list(originFault(stage)),
    rule: { AllowedPattern: ORIGINS_PATTERN },
    example: 'https://www.example.com',
  },
  logLevel: {
    meaning: 'the least level that is logged',
    shape: textSetting('LOG_LEVEL'),
    rule: { AllowedValues: ['INFO', 'WARN', 'ERROR'] },
    example: 'INFO',
  },
  logUserIds: { meaning: 'how logs name users', shape: textSetting('LOG_USER_IDS'), example: 'hashed' },
  logRetentionInDays: {
    meaning: 'how long logs are kept',
    shape: oneOf(...RETENTIONS),
    rule: { AllowedValues: RETENTIONS.map(String) },
    example: '90',
  },
  cecSourceCidrs: {
    meaning: 'addresses that may call the validate route',
    shape: list(sourceFault),
    rule: { AllowedPattern: SOURCES_PATTERN },
    example: '203.0.113.0/24,198.51.100.7',
    warning: sourceWarning,
  },
  validateReservedConcurrency: reservedConcurrency('a cap for the validate route'),
  chatReservedConcurrency: reservedConcurrency('a cap for the chat relay'),
  alarmActions: {
    meaning: 'topics that the alarms notify',
    shape: list(topicFault(region)),
    rule: { AllowedPattern: TOPICS_PATTERN },
    example: `arn:aws:sns:${region}:123456789012:alarms`,
  },
  probe: {
    meaning: "whether the prober asks the stage's own address",
    shape: flag,
    rule: FLAG_RULE,
    example: 'true',
  },
  dashboard: {
    meaning: 'whether the stage has a dashboard',
    shape: flag,
    rule: FLAG_RULE,
    example: 'false',
  },
  tracing: {
    meaning: 'whether X-Ray traces the functions',
    shape: flag,
    rule: FLAG_RULE,
    example: 'true',
  },
  vpcSubnetIds: {
    meaning: 'subnets of the functions that call vendors',
    shape: list(subnetFault),
    example: 'subnet-0a1b2c3d4e5f60718,subnet-1a2b3c4d5e6f70819',
  },
  vpcSecurityGroupIds: {
    meaning: 'their security groups',
    shape: list(securityGroupFault),
    example: 'sg-0a1b2c3d4e5f60718',
  },
  domainName: { meaning: 'a domain before the API', shape: text(domainFault), example: 'tokens.example.com' },
  domainCertificateArn: {
    meaning: "the domain's certificate",
    shape: text(certificateFault(region)),
    example: `arn:aws:acm:${region}:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab`,
  },
  accountConcurrency: {
    meaning: 'executions that the account may run at once',
    shape: wholeNumber(10, 1_000_000),
    rule: { AllowedValues: ['10', '1000'] }, // CloudFormation cannot share out any other number
    example: '3000',
  },
  routeRates: {
    meaning: 'requests a second for routes, by function',
    shape: list(routeRateFault(functions)),
    example: 'validateEnterpriseToken=1000,chatRelay=500',
  },
  directoryWarmReadUnits: {
    meaning: "reads a second that the directory's table takes at once",
    shape: text((value) =>
      value === '' ? undefined : wholeNumber(12_000, 1_000_000).safeParse(value).error?.issues[0]?.message,
    ),
    example: '40000',
    warning: (value) =>
      Number(value) > 40_000
        ? 'an account lets a table have 40000 unless AWS has raised that quota'
        : undefined,
  },
  prewarmShares: {
    meaning: 'runs of the schedule in a minute, each for its share of the tenants',
    shape: wholeNumber(1, MOST_SHARES),
    example: '4',
  },
  domainTruststoreUri: {
    meaning: 'the CAs of client certificates',
    shape: text(truststoreFault),
    example: 's3://certificates/clients.pem',
  },
  disableExecuteApiEndpoint: {
    meaning: 'whether the domain is the only entrance',
    shape: flag,
    example: 'true',
  },
  secretsKmsKeyArns: {
    meaning: "KMS keys of the tenants' secrets",
    shape: list(keyFault(region)),
    example: keyExample(region),
  },
  tablesKmsKeyArn: {
    meaning: 'a KMS key for all tables',
    shape: text((key) => (key === '' ? undefined : keyFault(region)(key))),
    example: keyExample(region),
  },
  logsKmsKeyArn: {
    meaning: 'a KMS key for all log groups',
    shape: text((key) => (key === '' ? undefined : keyFault(region)(key))),
    example: keyExample(region),
  },
  deletionProtection: { meaning: 'whether the directory cannot be deleted', shape: flag, example: 'true' },
})
