/** What each function's package may weigh, and what must not be in it: a start reads all of it while somebody waits. */

export interface Budget {
  /** Of code, unzipped. */
  readonly kilobytes: number
  /** Sources that this package has no use for, by a part of their path. */
  readonly without: readonly string[]
}

/** In no package: what a bundler takes in by one careless import. */
const NOWHERE = [
  'zod/v4/locales',
  'zod/v4/classic',
  '@aws-sdk/credential-provider-ini',
  'tools/',
  'test/',
  '@alicloud/',
]
const CALLERS = ['lib/http/callers', 'lib/oidc/']
/** Each folder of them. */
export const VENDORS = ['lib/vendors/cec/', 'lib/vendors/live/', 'lib/vendors/oiap/'] as const
/** What a token that is only computed needs nothing of. */
const CALLED = ['lib/vendors/vendor-context', 'lib/vendors/live/message-token', 'lib/vendors/live/acs3']
const OUTBOUND = ['lib/outbound/']
const TOKEN_CACHE = ['lib/token-cache/', 'lib/circuit-breaker/']
const SIGNING = ['lib/jwt/sign.ts', 'lib/signing-keys/rotation']
const others = (own: (typeof VENDORS)[number]): readonly string[] => VENDORS.filter((part) => part !== own)

const budget = (kilobytes: number, ...without: readonly (readonly string[])[]): Budget => ({
  kilobytes,
  without: [...NOWHERE, ...without.flat()],
})

export const BUDGETS: Readonly<Record<string, Budget>> = {
  appCubeToken: budget(366, others('lib/vendors/oiap/'), SIGNING),
  applyToken: budget(382, others('lib/vendors/cec/'), SIGNING),
  auiLiveToken: budget(366, others('lib/vendors/live/'), SIGNING),
  auiRtcToken: budget(336, others('lib/vendors/live/'), CALLED, TOKEN_CACHE, SIGNING),
  batchUsers: budget(326, VENDORS, TOKEN_CACHE, SIGNING),
  chatCalls: budget(385, others('lib/vendors/cec/'), SIGNING),
  chatRelay: budget(386, others('lib/vendors/cec/'), SIGNING),
  doctor: budget(370, ['lib/http/', 'lib/directory/', '@middy/'], SIGNING),
  downloadFileStream: budget(385, others('lib/vendors/cec/'), SIGNING),
  issueAccessToken: budget(344, VENDORS),
  issueAgentToken: budget(333, VENDORS),
  issueEnterpriseToken: budget(342, VENDORS),
  jwks: budget(213, VENDORS, OUTBOUND, TOKEN_CACHE, CALLERS, SIGNING, ['client-dynamodb', 'lib/directory/']),
  listUsers: budget(316, VENDORS, TOKEN_CACHE, SIGNING),
  liveImToken: budget(334, others('lib/vendors/live/'), CALLED, TOKEN_CACHE, SIGNING),
  liveMessageToken: budget(362, others('lib/vendors/live/'), SIGNING),
  liveRtcToken: budget(333, others('lib/vendors/live/'), CALLED, TOKEN_CACHE, SIGNING),
  oiapThirdPartyToken: budget(366, others('lib/vendors/oiap/'), SIGNING),
  probe: budget(216, VENDORS, TOKEN_CACHE, CALLERS, SIGNING, [
    'client-dynamodb',
    'lib/http/',
    'lib/directory/',
    '@middy/',
  ]),
  prewarmTokens: budget(325, ['lib/vendors/live/', 'lib/directory/'], CALLERS, SIGNING),
  putUser: budget(324, VENDORS, TOKEN_CACHE, SIGNING),
  queryUsers: budget(317, VENDORS, TOKEN_CACHE, SIGNING),
  revokeEnterpriseTokens: budget(325, VENDORS, TOKEN_CACHE),
  rotateSigningKey: budget(280, VENDORS, OUTBOUND, TOKEN_CACHE, CALLERS, ['@middy/']),
  uploadFileStream: budget(385, others('lib/vendors/cec/'), SIGNING),
  validateAgentToken: budget(281, VENDORS, OUTBOUND, TOKEN_CACHE, CALLERS, SIGNING),
  validateEnterpriseToken: budget(281, VENDORS, OUTBOUND, TOKEN_CACHE, CALLERS, SIGNING),
}

/** A source's path within the project or within a package, whatever the folder is called that the project lies in. */
const withinProject = (source: string): string =>
  source.replace(/^.*(?=node_modules\/)/, '').replace(/^(\.\.\/)+/, '')

/** What is wrong with a package of `bundle` bytes made of these sources, in words; empty when nothing is. */
export const budgetFaults = (name: string, bundle: number, sources: readonly string[]): string[] => {
  const own = BUDGETS[name]
  if (own === undefined) return [`${name} has no budget`]
  const kilobytes = (bundle / 1000).toFixed(1)
  const found = own.without.flatMap((part) =>
    sources.filter((source) => withinProject(source).includes(part)),
  )
  return [
    ...(bundle > own.kilobytes * 1000 ? [`${name} has ${kilobytes} KB of ${own.kilobytes} KB`] : []),
    ...found.map((source) => `${name} holds ${source}`),
  ]
}
