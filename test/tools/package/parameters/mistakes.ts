/** Mistyped values of parameters, each with what is said of it, and beside it the same value without its one fault. */

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms'
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const CERTIFICATE = 'arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab'
const DOMAIN = 'expected one name in lower case, without https://'
const PUBLIC = 'expected public addresses, the only ones API Gateway sees: this one is'
const PATH = 'expected a path that begins with "/", of letters, digits and ._~-'
const ORIGIN = 'expected https:// and a host'
const THIS_MACHINE = 'expected no page of this machine, which only npm start lets in'
const ADDRESSES = 'expected an IP address or a block of them'
const TOPIC_EXPECTED = 'expected the ARN of an SNS topic'
const RATE = 'expected <function>=<requests a second>'
const LIST = 'expected a list, or a text with commas between the entries'
const SECONDS = 'expected a whole number of seconds'
const RETENTION =
  'expected 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653'

/** Parameter, mistaken value, what is said of it, its twin. */
export type Mistake = readonly [name: string, value: unknown, fault: string, twin: unknown]

export const MISTAKES: readonly Mistake[] = [
  ['issuer', '', 'expected an https URL', 'https://tokens.example.com'],
  ['issuer', 'tokens.example.com', 'expected an https URL', 'https://tokens.example.com'],
  ['issuer', 'http://tokens.example.com', 'expected an https URL', 'https://tokens.example.com'],
  ['issuer', `https://${'a'.repeat(193)}`, 'expected at most 200 characters', `https://${'a'.repeat(192)}`],
  ['issuer', true, 'expected an https URL', 'https://tokens.example.com'],

  ['directory', 'none', 'expected "table" or "on-issue"', 'table'],
  ['directory', 'on_issue', 'expected "table" or "on-issue"', 'on-issue'],
  ['directory', '', 'expected "table" or "on-issue"', 'table'],

  ['tokenLifetimeSeconds', 29, 'expected at least 30', 30],
  ['tokenLifetimeSeconds', '3601', 'expected at most 3600', '3600'],
  ['tokenLifetimeSeconds', 300_000, 'expected at most 3600, in seconds and not in milliseconds', 300],
  ['tokenLifetimeSeconds', '5m', SECONDS, '300'],
  ['tokenLifetimeSeconds', '300 s', SECONDS, '300'],
  ['tokenLifetimeSeconds', 300.5, SECONDS, 300],
  ['tokenLifetimeSeconds', '-300', SECONDS, '300'],
  ['tokenLifetimeSeconds', '3e2', SECONDS, '300'],
  ['tokenLifetimeSeconds', '0x12c', SECONDS, '300'],
  ['tokenLifetimeSeconds', '', SECONDS, '300'],
  ['tokenLifetimeSeconds', [300], SECONDS, 300],
  ['accessTokenLifetimeSeconds', '5', 'expected at least 30', '30'],
  ['accessTokenLifetimeSeconds', 901, 'expected at most 900', 900],
  ['accessTokenLifetimeSeconds', '300000', 'expected at most 900, in seconds and not in milliseconds', '300'],

  ['validateAgentPath', '/v/', 'expected a name behind every "/"', '/v'],
  ['validateAgentPath', '/users', 'expected a path that no other route has', '/users2'],
  [
    'validateAgentPath',
    '/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate',
    'expected a path that no other route has',
    '/rest/cc-management/v1/thirdparty/thirdPartyValidate',
  ],

  ['vpcSubnetIds', 'vpc-0a1b2c3d', 'expected ids such as subnet-0a1b2c3d', 'subnet-0a1b2c3d'],
  ['vpcSubnetIds', ' , ', 'expected ids such as subnet-0a1b2c3d', 'subnet-0a1b2c3d, '],
  [
    'vpcSubnetIds',
    'subnet-0a1b2c3d,,subnet-0a1b2c3e',
    'expected ids such as subnet-0a1b2c3d ("")',
    'subnet-0a1b2c3d,subnet-0a1b2c3e',
  ],
  ['vpcSecurityGroupIds', 'default', 'expected ids such as sg-0a1b2c3d', 'sg-0a1b2c3d'],
  ['domainName', 'https://tokens.example.com', DOMAIN, 'tokens.example.com'],
  ['domainName', 'Tokens.example.com', DOMAIN, 'tokens.example.com'],
  ['domainName', 'tokens', DOMAIN, ''],
  ['domainCertificateArn', 'tokens.example.com', 'expected the ARN of a certificate of ACM', CERTIFICATE],
  [
    'domainCertificateArn',
    CERTIFICATE.replace('eu-west-1', 'us-east-1'),
    'expected the ARN of a certificate in eu-west-1, the region of the stage',
    CERTIFICATE,
  ],
  [
    'domainTruststoreUri',
    'https://bucket/clients.pem',
    'expected s3://<bucket>/<key>',
    's3://bucket/clients.pem',
  ],
  ['disableExecuteApiEndpoint', 'yes', 'expected true or false', 'true'],

  ['accountConcurrency', 9, 'expected a whole number from 10 to 1000000', 10],
  ['accountConcurrency', '1,000', 'expected a whole number from 10 to 1000000', '1000'],
  ['routeRates', 'validateEnterpriseToken', RATE, 'validateEnterpriseToken=1000'],
  ['routeRates', 'validateEnterpriseToken=0', RATE, 'validateEnterpriseToken=1'],
  ['routeRates', 'validateEnterpriseToken=1.5', RATE, 'validateEnterpriseToken=2'],
  [
    'routeRates',
    'validate=1000',
    'expected one of validateEnterpriseToken, chatRelay, jwks before the "="',
    'validateEnterpriseToken=1000,',
  ],
  ['routeRates', 'jwks=100001', 'expected at most 100000 requests a second', 'jwks=100000'],
  ['routeRates', { jwks: 5 }, LIST, ''],
  ['directoryWarmReadUnits', '11999', 'expected a whole number from 12000 to 1000000', '12000'],
  ['directoryWarmReadUnits', 'fast', 'expected a whole number from 12000 to 1000000', ''],
  ['prewarmShares', '0', 'expected a whole number from 1 to 16', '1'],
  ['prewarmShares', 17, 'expected a whole number from 1 to 16', 16],

  ['secretsKmsKeyArns', 'alias/tenants', 'expected the ARN of a KMS key', KEY],
  [
    'secretsKmsKeyArns',
    KEY.replace('key/', 'alias/'),
    'expected the ARN of a KMS key itself, not of an alias',
    KEY,
  ],
  [
    'secretsKmsKeyArns',
    KEY.replace('eu-west-1', 'us-east-1'),
    'expected the ARN of a KMS key in eu-west-1, the region of the stage',
    [KEY, KEY],
  ],
  [
    'secretsKmsKeyArns',
    KEY.replace('arn:aws:', 'arn:aws-cn:'),
    'expected arn:aws: in front for eu-west-1',
    KEY,
  ],
  ['tablesKmsKeyArn', `${KEY},${KEY}`, 'expected the ARN of a KMS key', KEY],
  ['tablesKmsKeyArn', '1234abcd-12ab-34cd-56ef-1234567890ab', 'expected the ARN of a KMS key', ''],
  ['logsKmsKeyArn', KEY.replace(':kms:', ':sns:'), 'expected the ARN of a KMS key', KEY],

  ['validatePath', '/', 'expected a name behind every "/"', '/v'],
  ['validatePath', '/{proxy+}', 'expected a path without a variable in braces', '/proxy'],
  ['validatePath', '/v/{id}', 'expected a path without a variable in braces', '/v/id'],
  ['validatePath', '/v?a=b', 'expected a path without a query or fragment', '/v'],
  ['validatePath', '/v#a', 'expected a path without a query or fragment', '/v'],
  ['validatePath', '/v/../w', 'expected no segment of dots alone', '/v/..w'],
  ['validatePath', '/./v', 'expected no segment of dots alone', '/v'],
  ['validatePath', '//v', 'expected a name behind every "/"', '/v'],
  ['validatePath', '/v//w', 'expected a name behind every "/"', '/v/w'],
  ['validatePath', '/v/', 'expected a name behind every "/"', '/v'],
  ['validatePath', 'v', PATH, '/v'],
  ['validatePath', '', PATH, '/v'],
  ['validatePath', '/v w', PATH, '/v-w'],
  ['validatePath', '/v%2Fw', PATH, '/v2Fw'],
  ['validatePath', '/prüfen', PATH, '/pruefen'],
  ['validatePath', 'https://api.example/v', 'expected a path alone, without the host', '/v'],
  ['validatePath', '/users', 'expected a path that no other route has', '/users2'],
  ['validatePath', ['/v'], 'expected text', '/v'],

  ['issuesPerUserAndMinute', 0, 'expected at least 1', 1],
  ['issuesPerUserAndMinute', '6001', 'expected at most 6000', '6000'],
  ['issuesPerUserAndMinute', 'many', 'expected a whole number', '30'],

  [
    'userIdCharacters',
    'z-a',
    'expected characters and ranges, such as a-zA-Z0-9._- with a hyphen first or last',
    'a-z',
  ],
  [
    'userIdCharacters',
    ' ',
    'expected characters and ranges, such as a-zA-Z0-9._- with a hyphen first or last',
    '',
  ],
  ['justInTimeUserDays', '1.5', 'expected a whole number', '1'],
  ['justInTimeUserDays', '3651', 'expected at most 3650', '3650'],
  ['userIdMaxLength', 0, 'expected at least 1', 1],
  ['userIdMaxLength', '33', 'expected at most 32', '32'],

  ['pollSeconds', 0, 'expected at least 0.1', 0.1],
  ['pollSeconds', '26', 'expected at most 25', '25'],
  ['pollSeconds', 5000, 'expected at most 25, in seconds and not in milliseconds', 5],
  ['pollSeconds', '2,5', 'expected a number of seconds', '2.5'],
  ['longestPollSeconds', 30, 'expected at most 25', 25],
  ['shortestPollSeconds', 0, 'expected at least 0.1', 0.1],
  ['shortestPollSeconds', '300', 'expected at most 25, in seconds and not in milliseconds', '0.3'],

  ['corsOrigins', '*', 'expected no "*", which would let every page in', 'https://a.example'],
  ['corsOrigins', 'https://*.example', 'expected no "*", which would let every page in', 'https://a.example'],
  ['corsOrigins', 'https://a.example:99999', ORIGIN, 'https://a.example:9999'],
  ['corsOrigins', 'https://a.example:0', ORIGIN, 'https://a.example:1'],
  ['corsOrigins', 'https://a..example', ORIGIN, 'https://a.example'],
  ['corsOrigins', 'https://..', ORIGIN, 'https://a.b'],
  ['corsOrigins', 'null', ORIGIN, 'https://a.example'],
  ['corsOrigins', 'a.example', ORIGIN, 'https://a.example'],
  ['corsOrigins', 'http://a.example', ORIGIN, 'https://a.example'],
  [
    'corsOrigins',
    'https://a.example:443',
    'expected "https://a.example", as a browser sends it',
    'https://a.example',
  ],
  [
    'corsOrigins',
    'https://a.example/',
    'expected "https://a.example", as a browser sends it',
    'https://a.example',
  ],
  [
    'corsOrigins',
    'https://a.example/page',
    'expected "https://a.example", as a browser sends it',
    'https://a.example',
  ],
  [
    'corsOrigins',
    'https://A.example',
    'expected "https://a.example", as a browser sends it',
    'https://a.example',
  ],
  [
    'corsOrigins',
    'https://u@a.example',
    'expected "https://a.example", as a browser sends it',
    'https://a.example',
  ],
  [
    'corsOrigins',
    'https://müller.example',
    'expected "https://xn--mller-kva.example", as a browser sends it',
    'https://xn--mller-kva.example',
  ],
  ['corsOrigins', 'https://a.example;https://b.example', ORIGIN, 'https://a.example,https://b.example'],
  ['corsOrigins', 'https://a.example https://b.example', ORIGIN, ['https://a.example', 'https://b.example']],
  ['corsOrigins', 'http://localhost:5173', THIS_MACHINE, 'https://a.example:5173'],
  ['corsOrigins', 'https://127.0.0.1', THIS_MACHINE, 'https://203.0.113.7'],
  ['corsOrigins', { origin: 'https://a.example' }, LIST, ['https://a.example']],
  ['corsOrigins', true, LIST, 'https://a.example'],
  ['corsOrigins', ' ', 'expected an entry, or an empty list for none', ''],
  [
    'corsOrigins',
    ['https://a.example', '*'],
    'expected no "*", which would let every page in ("*")',
    ['https://a.example', 'https://b.example'],
  ],

  ['logLevel', '', 'expected INFO, WARN or ERROR', 'INFO'],
  ['logLevel', ' ', 'expected INFO, WARN or ERROR', 'INFO'],
  ['logLevel', 'info', 'expected INFO, WARN or ERROR', 'INFO'],
  ['logLevel', 'DEBUG', 'expected INFO, WARN or ERROR', 'WARN'],
  ['logRetentionInDays', 100, RETENTION, 90],
  ['logRetentionInDays', '0', RETENTION, '1'],
  ['logRetentionInDays', 'never', RETENTION, '3653'],

  ['cecSourceCidrs', '10.0.0.0/8', `${PUBLIC} private`, '11.0.0.0/8'],
  ['cecSourceCidrs', '172.31.255.1', `${PUBLIC} private`, '172.32.0.1'],
  ['cecSourceCidrs', '192.168.0.0/24', `${PUBLIC} private`, '192.169.0.0/24'],
  ['cecSourceCidrs', '100.64.0.0/10', `${PUBLIC} a provider's inner network`, '100.128.0.0/10'],
  ['cecSourceCidrs', '127.0.0.1', `${PUBLIC} loopback`, '128.0.0.1'],
  ['cecSourceCidrs', '169.254.169.254', `${PUBLIC} link-local`, '169.253.169.254'],
  ['cecSourceCidrs', '0.0.0.0', `${PUBLIC} this network`, '1.0.0.0'],
  ['cecSourceCidrs', '224.0.0.1', `${PUBLIC} multicast or reserved`, '223.0.0.1'],
  ['cecSourceCidrs', '::1', `${PUBLIC} loopback`, '2a00::1'],
  ['cecSourceCidrs', '::ffff:198.51.100.7', `${PUBLIC} IPv4 written as IPv6`, '198.51.100.7'],
  ['cecSourceCidrs', 'fd00::/8', `${PUBLIC} private`, '2a00::/16'],
  ['cecSourceCidrs', 'fe80::1', `${PUBLIC} link-local`, '2a00::1'],
  [
    'cecSourceCidrs',
    '203.0.113.7/24',
    'expected 203.0.113.0/24, the first address of the block',
    '203.0.113.0/24',
  ],
  ['cecSourceCidrs', '203.0.113.0/33', ADDRESSES, '203.0.113.0/32'],
  ['cecSourceCidrs', '203.0.113', ADDRESSES, '203.0.113.0'],
  ['cecSourceCidrs', 'cec.example.com', ADDRESSES, '203.0.113.7'],
  ['cecSourceCidrs', '203.0.113.0-203.0.113.9', ADDRESSES, '203.0.113.0/29'],
  ['cecSourceCidrs', '203.0.113.7;203.0.113.8', ADDRESSES, '203.0.113.7, 203.0.113.8,'],
  ['cecSourceCidrs', '203.0.113.7,,203.0.113.8', `${ADDRESSES} ("")`, '203.0.113.7,203.0.113.8'],
  ['cecSourceCidrs', ' , ', ADDRESSES, []],
  ['cecSourceCidrs', 7, LIST, ['203.0.113.7']],

  ['validateReservedConcurrency', -1, 'expected a whole number from 0 to 1000000', 1],
  ['validateReservedConcurrency', 2.5, 'expected a whole number from 0 to 1000000', 2],
  ['validateReservedConcurrency', 'five', 'expected a whole number from 0 to 1000000', '5'],
  ['chatReservedConcurrency', '', 'expected a whole number from 0 to 1000000', '7'],
  [
    'chatReservedConcurrency',
    { Ref: 'Limit' },
    'expected a whole number from 0 to 1000000',
    { Ref: 'AWS::NoValue' },
  ],

  ['alarmActions', 'alarms', TOPIC_EXPECTED, TOPIC],
  ['alarmActions', 'ops@example.com', `${TOPIC_EXPECTED} that this e-mail address subscribes to`, TOPIC],
  ['alarmActions', ' ', 'expected an entry, or an empty list for none', []],
  ['alarmActions', ',', TOPIC_EXPECTED, ''],
  [
    'alarmActions',
    TOPIC.replace('eu-west-1', 'us-east-1'),
    `${TOPIC_EXPECTED} in eu-west-1, the region of the stage`,
    [TOPIC],
  ],
  [
    'alarmActions',
    TOPIC.replace('aws', 'aws-cn'),
    'expected arn:aws: in front for eu-west-1',
    `${TOPIC}, ${TOPIC}2`,
  ],
  ['alarmActions', TOPIC.replace('sns', 'sqs'), TOPIC_EXPECTED, `${TOPIC},`],
  ['alarmActions', `${TOPIC}:5d0e-4b`, TOPIC_EXPECTED, TOPIC],
  ['alarmActions', TOPIC.replace('123456789012', '1234'), TOPIC_EXPECTED, ` ${TOPIC} `],
  ['alarmActions', [{ Ref: 'Topic' }], LIST, [TOPIC, `${TOPIC}2`]],

  ['deletionProtection', 'no', 'expected true or false', 'false'],
  ['deletionProtection', 'False', 'expected true or false', false],
  ['deletionProtection', 0, 'expected true or false', 'true'],
  ['deletionProtection', '', 'expected true or false', true],
]
