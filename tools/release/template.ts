/** The release's template, made of one that was packaged with marks. */

import { capacityPlan } from '../package/capacity.ts'
import type { Output, Resource, Template } from '../package/template.ts'
import { listConditions, replaceMarks } from './marks.ts'
import { templateName } from './names.ts'
import { MARKS, templateParameters } from './parameters.ts'
import { addSwitches, switchConditions } from './switches.ts'

export interface ReleaseTemplate extends Template {
  readonly Parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly Conditions: Readonly<Record<string, unknown>>
}

export interface TemplateOptions {
  readonly version: string
  /** The file name of each function's package. */
  readonly packages: Readonly<Record<string, string>>
}

/** Of the framework, which keeps its packages there. A release's are wherever its user has put them. */
const BUCKET = /^ServerlessDeploymentBucket(Policy|Name)?$/

/** Throws an error that says what of the packaged template is not as expected. */
export const releaseTemplate = (
  packaged: Template,
  { version, packages }: TemplateOptions,
): ReleaseTemplate => {
  const { Resources, Outputs, ...rest } = structuredClone(packaged)
  const kept = <T>(members: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(members).filter(([id]) => !BUCKET.test(id)))
  const resources: Record<string, Resource> = kept(Resources)
  const outputs: Record<string, Output> = kept(Outputs)
  for (const resource of Object.values(resources)) {
    if (resource.Type === 'AWS::Lambda::Function') prepareFunction(resource, packages)
    if (resource.Type === 'AWS::ApiGatewayV2::Stage') limitByDefault(resource)
  }
  addSwitches(resources)
  return {
    ...rest,
    ...{ Description: `cec-token-bridge ${version}: the server side of customer-contact tokens` },
    Metadata: { 'AWS::CloudFormation::Interface': FORM },
    Parameters: templateParameters(),
    Conditions: { ...listConditions(MARKS), ...switchConditions(), [IS_SHARED_OUT]: SHARED_OUT },
    ...replaceMarks({ Resources: resources, Outputs: outputs }, MARKS),
  } as ReleaseTemplate
}

/** What the console shows above the parameters. */
const FORM = {
  ParameterGroups: [
    { Label: { default: 'Where the packages are' }, Parameters: ['PackagesBucket', 'PackagesPrefix'] },
    { Label: { default: 'The stage' }, Parameters: ['Stage', 'Issuer', 'AccountConcurrency'] },
    {
      Label: { default: 'Who may call' },
      Parameters: ['ValidatePath', 'ValidateAgentPath', 'CecSourceCidrs', 'CorsOrigins'],
    },
    {
      Label: { default: 'What is kept and told' },
      Parameters: ['LogRetentionInDays', 'LogLevel', 'AlarmActions', 'Probe', 'StageDashboard', 'Tracing'],
    },
  ],
}

/** CloudFormation cannot count: an account is shared out as one of 1,000 executions, or as a new one, which has 10. */
const IS_SHARED_OUT = 'IsSharedOut'
const SHARED_OUT = { 'Fn::Equals': [{ Ref: templateName('accountConcurrency') }, '1000'] }
const ifSharedOut = (value: unknown, otherwise: unknown) => ({ 'Fn::If': [IS_SHARED_OUT, value, otherwise] })
const OF_A_NEW_ACCOUNT = { accountConcurrency: 10, given: {}, limits: {}, pollSeconds: 0 }

const prepareFunction = ({ Properties }: Resource, packages: TemplateOptions['packages']): void => {
  const { S3Key } = Properties['Code'] as { readonly S3Key: string }
  const name = S3Key.replace(/^.*\/|\.zip$/g, '')
  const file = packages[name]
  if (file === undefined) throw new Error(`there is no package of ${name}`)
  Properties['Code'] = {
    S3Bucket: { Ref: 'PackagesBucket' },
    S3Key: { 'Fn::Sub': `\${PackagesPrefix}functions/${file}` },
  }
  const reserved = Properties['ReservedConcurrentExecutions']
  if (reserved !== undefined)
    Properties['ReservedConcurrentExecutions'] = ifSharedOut(reserved, { Ref: 'AWS::NoValue' })
  const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> }
  const { pollExecutions } = capacityPlan(OF_A_NEW_ACCOUNT)
  Variables['POLL_EXECUTIONS'] = ifSharedOut(Variables['POLL_EXECUTIONS'], String(pollExecutions))
}

/**
 * Routes whose path is a parameter have the limits that the stage gives to all others: a limit of their own stands under the
 * route's key, where CloudFormation takes no parameter.
 */
const limitByDefault = ({ Properties }: Resource): void => {
  const settings = Properties['RouteSettings'] as Record<string, object>
  const paths = [MARKS['validatePath'], MARKS['validateAgentPath']].map((mark) => mark?.value ?? '')
  const moved = Object.keys(settings).filter((key) => paths.some((path) => key.endsWith(` ${path}`)))
  const [limits, ...others] = moved.map((key) => JSON.stringify(settings[key]))
  if (limits === undefined || others.some((other) => other !== limits))
    throw new Error(`${moved.join(' and ')}: expected one limit for both, in serverless/throttling.yml`)
  for (const key of moved) delete settings[key]
  Properties['DefaultRouteSettings'] = {
    ...(Properties['DefaultRouteSettings'] as object),
    ...(JSON.parse(limits) as object),
  }
}
