/** Deploys a release's template as it is, as a stack of an AWS CDK app: `npx cdk deploy`, after the packages are in the bucket. */

import { join } from 'node:path'
import { App, Stack } from 'aws-cdk-lib'
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include'

const wanted = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`${name}: expected in the environment`)
  return value
}

/** The values of this stack. A parameter that is not here keeps the release's own default. */
const VALUES = {
  PackagesBucket: wanted('PACKAGES_BUCKET'),
  /** What stands before `functions/` in the keys of the packages. */
  PackagesPrefix: process.env['PACKAGES_PREFIX'] ?? '',
  Issuer: wanted('ISSUER'),
  Stage: process.env['STAGE'] ?? 'prod',
}

const stack = new Stack(new App(), 'CecTokenBridge', {
  stackName: `cec-token-bridge-${VALUES.Stage}`,
  analyticsReporting: false,
})
/** `RELEASE` is the folder of the release. */
const release = new CfnInclude(stack, 'Release', { templateFile: join(wanted('RELEASE'), 'template.json') })
// As defaults: they stay parameters, and the template says what each must look like.
for (const [name, value] of Object.entries(VALUES)) release.getParameter(name).default = value
