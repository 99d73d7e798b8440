import { describe, expect, it } from 'vitest'
import { isForeign } from '../../../tools/local/aws-environment.ts'

describe('tools/local/aws-environment: isForeign', () => {
  it.each([
    'AWS_PROFILE',
    'AWS_SESSION_TOKEN',
    'AWS_ENDPOINT_URL',
    'AWS_ENDPOINT_URL_STS',
    'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
    'AWS_USE_FIPS_ENDPOINT',
    'AWS_USE_DUALSTACK_ENDPOINT',
    'AWS_ACCOUNT_ID_ENDPOINT_MODE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CA_BUNDLE',
    'HTTPS_PROXY',
    'http_proxy',
    'ALL_PROXY',
    'NODE_USE_ENV_PROXY',
  ])('takes %s out of the environment of the local stage', (name) => {
    expect(isForeign(name)).toBe(true)
  })

  it.each(['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL_SECRETS_MANAGER', 'PATH', 'STAGE', 'PORT'])(
    'leaves %s in it',
    (name) => {
      expect(isForeign(name)).toBe(false)
    },
  )
})
