/** Which parameters of a stage are parameters of the release's template too, and by which values they are found in a packaged one. */

import type { RouteDescriptor } from '../../lib/http/route.ts'
import * as ROUTES from '../../lib/routes.ts'
import { type Parameter, parametersOf } from '../package/parameters/table.ts'
import type { TemplateRule } from '../package/parameters/template-rules.ts'
import { templateName } from './names.ts'

/** A value that a stage is packaged with, so that its places are known. */
export interface Mark {
  readonly value: string
  /** Only the whole value of this property is the mark: the value itself may stand elsewhere too. Default any part of any text. */
  readonly of?: string
  /** A list of one entry becomes the parameter's entries; where it is empty, this property is left out. */
  readonly listIn?: string
}

export type Marks = Readonly<Record<string, Mark>>

const pathOf = (name: string): string => {
  const [endpoint = ''] = allRoutes().find((route) => route.name === name)?.endpoints ?? []
  return endpoint.slice(endpoint.indexOf('/'))
}

const allRoutes = (): RouteDescriptor[] => Object.values<RouteDescriptor>(ROUTES)

export const REGION = 'eu-west-1'

/** By the parameter's name in `serverless.yml`. Each is a value that the parameter takes. */
export const MARKS: Marks = {
  stage: { value: 'release-stage' },
  issuer: { value: 'https://issuer.release.invalid' },
  // The documents' own paths: the framework calls a route after its path, and the names must be those of a stage that it deploys.
  validatePath: { value: pathOf('validateEnterpriseToken') },
  validateAgentPath: { value: pathOf('validateAgentToken') },
  cecSourceCidrs: { value: '203.0.113.251' },
  corsOrigins: { value: 'https://page.release.invalid', listIn: 'CorsConfiguration' },
  alarmActions: { value: `arn:aws:sns:${REGION}:123456789012:release-alarms`, listIn: 'AlarmActions' },
  logRetentionInDays: { value: '3288', of: 'RetentionInDays' },
  logLevel: { value: 'WARN', of: 'LOG_LEVEL' },
}

/** What a parameter is when nothing is said, as in `serverless.yml`. The issuer must be said. */
const DEFAULTS: Readonly<Record<string, string>> = {
  stage: 'prod',
  validatePath: pathOf('validateEnterpriseToken'),
  validateAgentPath: pathOf('validateAgentToken'),
  cecSourceCidrs: '',
  corsOrigins: '',
  alarmActions: '',
  logRetentionInDays: '90',
  logLevel: 'INFO',
  accountConcurrency: '1000',
  probe: 'false',
  dashboard: 'true',
  tracing: 'false',
}

type Definition = Readonly<Record<string, unknown>>

/** Parameters of the template alone. */
const OWN: Readonly<Record<string, Definition>> = {
  PackagesBucket: {
    Type: 'String',
    Description: "the S3 bucket with the functions' packages, in the region of the stack",
    AllowedPattern: '[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]',
    ConstraintDescription: "expected a bucket's name.",
  },
  PackagesPrefix: {
    Type: 'String',
    Description:
      'what stands before functions/ in the keys of the packages; empty, or with a slash at its end',
    Default: '',
    AllowedPattern: "(?:[A-Za-z0-9!_.*'()/-]{1,199}/)?",
    ConstraintDescription: 'expected nothing, or a text that ends in a slash. Example: releases/.',
  },
  Stage: {
    Type: 'String',
    Description: 'part of every name; the stack is best called cec-token-bridge-<stage>',
    Default: DEFAULTS['stage'],
    AllowedPattern: '(?!(?:local|default)$)[A-Za-z0-9-]{1,23}',
    ConstraintDescription: 'expected 1 to 23 letters, digits and hyphens, and not local or default.',
  },
}

/** `Parameters` of the template, in the order in which a person is asked for them. */
export const templateParameters = (): Readonly<Record<string, Definition>> => {
  const routes = allRoutes()
  const moved = ['validateEnterpriseToken', 'validateAgentToken']
  const table = parametersOf({
    stage: MARKS['stage']?.value ?? '',
    region: REGION,
    paths: routes
      .filter(({ name }) => !moved.includes(name))
      .flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.slice(endpoint.indexOf('/')))),
    functions: routes.map(({ name }) => name),
  })
  const released = Object.entries(table).flatMap(([name, row]) =>
    row.rule === undefined ? [] : [[templateName(name), definitionOf(name, row, row.rule)] as const],
  )
  return { ...OWN, ...Object.fromEntries(released) }
}

/** Says what packaging says of the same mistake: of "x", which no parameter with a rule takes. */
const definitionOf = (
  name: string,
  { meaning, shape, example }: Parameter,
  rule: TemplateRule,
): Definition => ({
  Type: 'String',
  Description: meaning,
  ...(name in DEFAULTS ? { Default: DEFAULTS[name] } : {}),
  ...rule,
  ConstraintDescription:
    'AllowedValues' in rule
      ? `expected ${rule.AllowedValues.join(', ')}.`
      : `${shape.safeParse('x').error?.issues[0]?.message}. Example: ${example}.`,
})
