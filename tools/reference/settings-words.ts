/** What the page of settings says of each parameter: its default where `serverless.yml` has none, and what it means. */

export interface ParameterWords {
  /** Where the default is no value of `serverless.yml`. */
  readonly preset?: string
  readonly meaning: string
}

const NONE = 'none'

export const PARAMETER_WORDS: Readonly<Record<string, ParameterWords>> = {
  issuer: {
    preset: '`https://<stage>.cec-token-bridge.invalid`',
    meaning: 'the `iss` of every token: an https URL that is yours and never changes',
  },
  directory: {
    meaning: '`on-issue`: a caller with scope `users:vouch` enters and renames users by asking',
  },
  justInTimeUserDays: {
    meaning:
      'with `on-issue`: days without a token after which such a user is removed, up to 3650; 0: never ([users](../privacy.md#users-entered-by-asking))',
  },
  tokenLifetimeSeconds: { meaning: 'life of an enterprise token, 30 to 3600' },
  accessTokenLifetimeSeconds: { meaning: 'life of an access token, 30 to 900' },
  accountConcurrency: {
    meaning:
      'what the account runs at once (`aws lambda get-account-settings`); a new account has 10. From 500 on, validating, issuing and revoking have parts of it to themselves, so that chats cannot stop them',
  },
  routeRates: {
    preset: '`serverless/throttling.yml`',
    meaning:
      'requests a second by function, such as `validateEnterpriseToken=1000,chatRelay=500`; the burst is twice that. Packaging says where rates, polls and executions do not fit together ([scale](../scale.md))',
  },
  directoryWarmReadUnits: {
    preset: '12,000 of a new table',
    meaning:
      'reads a second that the directory takes at once, 12000 to 40000: three for each validation. It costs once, and cannot be lowered',
  },
  prewarmShares: { meaning: 'runs of the schedule in a minute, each for its share of the tenants, 1 to 16' },
  pollSeconds: {
    meaning: 'how long the chat relay lets a poll hang, 0.1 to 25; everyone who waits occupies one execution',
  },
  longestPollSeconds: {
    meaning: 'the same for a page that asks for more with `Prefer: wait=<seconds>`, 0.1 to 25',
  },
  shortestPollSeconds: {
    meaning:
      'how short a poll may become where executions run short, 0.1 to 25; above `pollSeconds` no shorter than that. [Lower it](../scale.md#how-long-a-poll-lasts) only when you know that CEC keeps a message whose poll is cut',
  },
  chatReservedConcurrency: {
    preset: 'unset',
    meaning: 'a cap for the chat relay, and so for the chats at a time',
  },
  corsOrigins: {
    preset: NONE,
    meaning:
      "origins of the pages that may call from a browser, exactly as a browser sends them; `*` is refused, and on a deployed stage a page of this machine. Without it the API has no CORS configuration. A back end's credential is refused from a browser all the same",
  },
  issuesPerUserAndMinute: {
    meaning: 'tokens for one user, enterprise and access tokens together; 1 to 6000',
  },
  vpcSubnetIds: {
    preset: NONE,
    meaning:
      'the VPC of the functions that call vendors, for a fixed address and for vendors on private lines ([what it needs](../network.md))',
  },
  vpcSecurityGroupIds: { preset: NONE, meaning: 'the security groups of those functions' },
  domainName: { preset: NONE, meaning: '[a domain of your own](../network.md#an-own-domain) before the API' },
  domainCertificateArn: { preset: NONE, meaning: "that domain's certificate in ACM, in the stage's region" },
  domainTruststoreUri: {
    preset: NONE,
    meaning: 'mutual TLS at that domain: `s3://<bucket>/<key>` with the CAs of client certificates',
  },
  disableExecuteApiEndpoint: { meaning: 'no other entrance beside that domain' },
  alarmActions: {
    preset: NONE,
    meaning: "ARNs of the SNS topics that the alarms notify, in the stage's region",
  },
  probe: {
    meaning: "[the prober](../operate.md#the-prober) asks the stage's own address every five minutes",
  },
  dashboard: {
    meaning:
      'a [CloudWatch dashboard](../operate.md#dashboard-queries-and-traces) of the stage, for 3 dollars a month',
  },
  tracing: { meaning: 'X-Ray traces of every function' },
  userIdCharacters: {
    preset: 'every visible text',
    meaning:
      'narrows what a userId may be made of: characters and ranges, such as `a-zA-Z0-9._-`, a hyphen first or last',
  },
  userIdMaxLength: { meaning: 'narrows its length, 1 to 32 characters' },
  cecSourceCidrs: {
    preset: 'anybody',
    meaning:
      'addresses that may call the validate routes, such as `203.0.113.0/24,198.51.100.7`, as API Gateway sees them; private ones are refused, since it never sees any',
  },
  validatePath: {
    preset: 'the documented path',
    meaning: 'for instance one with a random segment; letters, digits and `._~-` between slashes',
  },
  validateAgentPath: { preset: 'the documented path', meaning: 'the same for agents' },
  validateReservedConcurrency: {
    preset: 'a tenth of the account',
    meaning: 'executions of each public function: for itself, and at most these. 0 stops the routes',
  },
  secretsKmsKeyArns: {
    preset: NONE,
    meaning:
      "the KMS keys that tenants' secrets are under, by ARN. The functions that read those secrets may then decrypt them, through Secrets Manager alone",
  },
  tablesKmsKeyArn: {
    preset: "AWS's own",
    meaning: 'a KMS key for all tables; who deploys needs `kms:CreateGrant` and `kms:DescribeKey` on it',
  },
  logsKmsKeyArn: {
    preset: "AWS's own",
    meaning: 'a KMS key for all log groups; its policy must let `logs.<region>.amazonaws.com` use it',
  },
  logLevel: {
    meaning:
      'WARN and ERROR leave daily business out, such as each poll. Audit lines and all that an alarm or [runbook](../operate.md) points to are written all the same',
  },
  logUserIds: {
    meaning:
      'hashed: logs name users by [a keyed hash](../privacy.md#ids-in-logs) of their ids, under the secret `log-key`',
  },
  logRetentionInDays: { meaning: 'how long the logs are kept, audit lines among them' },
  deletionProtection: {
    meaning: 'whether the directory and the callers table refuse to be deleted',
  },
}
