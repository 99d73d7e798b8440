/** What each cause means: what is wrong, what to do, and who can mend it. The one table. */

import type { Cause } from '../../../lib/doctor/findings.ts'

/** `vendor`: the operators of the system that was tried. `provider`: of the identity provider. */
export type Mender = 'you' | 'vendor' | 'network' | 'provider' | 'aws'

/** `{field}`, `{vendor}` and the like are filled in by the finding. A word in brackets is left out where the finding lacks what it names. */
export interface Words {
  readonly wrong: string
  readonly todo: string
  readonly who: readonly [Mender, ...Mender[]]
}

const SECRET = 'Put the secret again: npm run tenant -- add {tenant} --system {system} --replace.'
const ADDRESS =
  '[Their answer says that the call came from {address}. ]Tell them the address that the functions call from: the Elastic IP of the NAT gateway with vpcSubnetIds ' +
  '(aws ec2 describe-nat-gateways). Without vpcSubnetIds there is no fixed one: docs/network.md.'
const CA =
  'Put the PEM of the root CA, and of each intermediate that the vendor does not send, into "ca" of the secret.'

export const WORDS: Readonly<Record<Cause, Words>> = {
  SECRET_ABSENT: {
    wrong: 'There is no secret {secret}, or the function may not read it.',
    todo: 'Make it: npm run tenant -- add {tenant} --system {system}. If it is there: check its name, its key and that it is not marked for deletion.',
    who: ['you'],
  },
  SECRET_MALFORMED: {
    wrong: 'The secret {secret} is malformed at "{field}": {expected}.',
    todo: 'Correct that member: npm run tenant -- add {tenant} --system {system} --replace.',
    who: ['you'],
  },
  SECRET_KMS_REFUSED: {
    wrong: 'KMS does not decrypt the secret {secret} ({reason}).',
    todo: "Name the secret's key in the parameter secretsKmsKeyArns and deploy, allow it in the key's policy, or enable the key.",
    who: ['you'],
  },
  SECRET_UNREADABLE: {
    wrong: 'The secret {secret} cannot be read ({reason}).',
    todo: 'Run this again in a minute. If it stays so, look at the status page of AWS and at the VPC endpoint of Secrets Manager.',
    who: ['you', 'aws'],
  },
  KEY_UNKNOWN: {
    wrong: '{vendor} does not know the key in the secret.',
    todo: `Compare the key with what they gave you. ${SECRET}`,
    who: ['you', 'vendor'],
  },
  KEY_DISABLED: {
    wrong: '{vendor} knows the key, and it is disabled.',
    todo: 'Have the AccessKey enabled, or make another one and put it into the secret.',
    who: ['vendor', 'you'],
  },
  KEY_SECRET_WRONG: {
    wrong: '{vendor} knows the key, and the secret beside it is wrong.',
    todo: `Compare accessKeySecret with what they gave you. ${SECRET}`,
    who: ['you'],
  },
  PASSWORD_WRONG: {
    wrong: '{vendor} knows the key, and the password is wrong: often it is the password of the other tab.',
    todo: `Take the password of the tab that belongs to this call (API password for oiap, third-party password for oiap-third-party). ${SECRET} Wrong passwords lock the account: it is not shown again.`,
    who: ['you', 'vendor'],
  },
  PASSWORD_OF_OTHER_TAB: {
    wrong:
      'This secret has the password of the other one of the two calls of OIAP. It was not shown to OIAP.',
    todo: `Take the third-party password for oiap-third-party, and the API password for oiap. ${SECRET}`,
    who: ['you'],
  },
  ACCOUNT_LOCKED: {
    wrong: '{vendor} has locked the account, after wrong passwords.',
    todo: 'Ask for it to be unlocked, correct the password, and then lift the block: npm run tokens -- --unblock {system} {tenant}.',
    who: ['vendor'],
  },
  TEMPORARY_KEY_REFUSED: {
    wrong:
      '{vendor} refuses the temporary credentials (STS): they have ended, or securityToken does not belong to the key.',
    todo: `Make new ones, or use a permanent AccessKey without securityToken. ${SECRET}`,
    who: ['you'],
  },
  KEY_REFUSED: {
    wrong: '{vendor} refuses the key in the secret[ ({upstreamCode})].',
    todo: `Compare key and secret with what they gave you. ${SECRET}`,
    who: ['you', 'vendor'],
  },
  KEY_OR_ADDRESS_REFUSED: {
    wrong:
      '{vendor} refuses without a reason[ (status {upstreamStatus})]: the key is wrong, or our address is not on their list.',
    todo: `Compare key and secret first. Then ask whether our address is on their list, or whether a firewall has refused the call. ${ADDRESS}`,
    who: ['you', 'vendor', 'network'],
  },
  ADDRESS_OR_FIREWALL: {
    wrong:
      '{vendor} has taken the key, and something before "{field}" refuses the call[ (status {upstreamStatus})]: an address list or a firewall.',
    todo: `Ask which addresses may call "{field}". ${ADDRESS}`,
    who: ['vendor', 'network'],
  },
  NOT_TRIED: {
    wrong: 'Not tried: {vendor} may count a second wrong password, and lock the account.',
    todo: 'Mend the other call first, and run this again.',
    who: ['you'],
  },
  ACTION_MISSING: {
    wrong: '{vendor} knows the key, and its RAM user may not make this call[ ({upstreamCode})].',
    todo: 'Grant the RAM user the action live:GetMessageToken: docs/alibaba-ram-policy.json is the policy.',
    who: ['you'],
  },
  NOT_BOUGHT: {
    wrong:
      '{vendor} has taken the key, and does not serve this tenant at "{field}"[ (status {upstreamStatus})].',
    todo: 'Ask whether the tenant has bought the service, whether the account is active, and whether "{field}" is of the same installation as tokenUrl.',
    who: ['vendor'],
  },
  CHAT_REFUSED: {
    wrong: '{vendor} refuses at "{field}" the chat token that it has given at applyTokenUrl.',
    todo: 'Check that "{field}" is of the same installation as applyTokenUrl, and that the tenant has bought the chat.',
    who: ['you', 'vendor'],
  },
  SETTINGS_REFUSED: {
    wrong: '{vendor} refuses what the secret says[ (status {upstreamStatus})][ ({upstreamCode})].',
    todo: `Check every member, and that "{field}" is the address of this call. ${SECRET}`,
    who: ['you', 'vendor'],
  },
  CHANNEL_REFUSED: {
    wrong:
      '{vendor} refuses the values of applyToken[ (status {upstreamStatus})], most likely the channelId.',
    todo: 'Compare --channel with the id of the web channel in their console. If it is right: is the channel active, and is "locale" of the secret ("as-is" or "language") what they expect?',
    who: ['you', 'vendor'],
  },
  CHANNEL_UNTRIED: {
    wrong: 'The channelId of your page was not tried: the secret does not hold it.',
    todo: 'Run this again with --channel <channelId>.',
    who: ['you'],
  },
  REQUEST_REFUSED: {
    wrong: '{vendor} does not accept the request[ (status {upstreamStatus})][ ({upstreamCode})].',
    todo: 'Check appId, the id rules of the account, and that "{field}" is the address of this call. If all is right, send them the time of this try.',
    who: ['you', 'vendor'],
  },
  USER_ID_PATTERN: {
    wrong: 'The userId does not fit: {expected}.',
    todo: 'Use ids of that form; for Alibaba, "userId": "sha256-32" in the secret derives one that fits.',
    who: ['you'],
  },
  CLOCK: {
    wrong: 'The clocks differ by more than 15 minutes: {vendor} takes the signature for too old or too new.',
    todo: "In Lambda the clock is AWS's: tell them. On a machine of your own, set its clock (NTP).",
    who: ['you', 'vendor'],
  },
  THROTTLED: {
    wrong: '{vendor} asks for fewer calls[: again in {retryAfterSeconds} s].',
    todo: 'Wait, and run this again. If it is often so, ask for a higher limit, or see what else calls with this account.',
    who: ['you', 'vendor'],
  },
  THROTTLED_HERE: {
    wrong:
      'The limit of calls in the settings of this tenant (callsPerSecond, callsPerUserAndMinute) is used up.',
    todo: 'Wait for a minute, and run this again.',
    who: ['you'],
  },
  ADDRESS_WRONG: {
    wrong: '{vendor} does not know the address in "{field}"[ (status {upstreamStatus})].',
    todo: `Compare "{field}" with their document, path included. ${SECRET}`,
    who: ['you'],
  },
  ADDRESS_FORBIDDEN: {
    wrong: 'The address in "{field}" leads to the machine of the function itself, or is no https.',
    todo: `Compare "{field}" with their document. ${SECRET}`,
    who: ['you'],
  },
  NAME_UNKNOWN: {
    wrong: 'The name in "{field}" has no address where the functions run ({reason}).',
    todo: 'Check the spelling. A private name needs a private zone of the VPC: docs/network.md.',
    who: ['you', 'network'],
  },
  NOT_CONNECTED: {
    wrong: 'No connection to the address in "{field}" ({reason}).',
    todo: `Check host and port. On a private line: routes, security groups, and the firewalls on both sides. ${ADDRESS}`,
    who: ['network', 'vendor'],
  },
  CONNECTION_LOST: {
    wrong: 'The connection to the address in "{field}" is cut off before an answer.',
    todo: `Most often a firewall or a box on the way cuts it. ${ADDRESS}`,
    who: ['network', 'vendor'],
  },
  NO_ANSWER: {
    wrong: '{vendor} takes the call at "{field}" and does not answer in time.',
    todo: 'Run this again. If it stays so, tell them the time of this try.',
    who: ['vendor', 'network'],
  },
  VENDOR_DOWN: {
    wrong: '{vendor} has a failure of its own at "{field}"[ (status {upstreamStatus})][ ({upstreamCode})].',
    todo: 'Run this again in a minute. If it stays so, tell them the time of this try.',
    who: ['vendor'],
  },
  REPLY_UNEXPECTED: {
    wrong:
      'What answers at "{field}" is not what their document describes[ (status {upstreamStatus})][ ({reason})].',
    todo: 'Check that "{field}" is the address of this call, and not of a portal, a login page or a proxy.',
    who: ['you', 'vendor'],
  },
  CA_MISSING: {
    wrong: 'The certificate at "{field}" is of a CA that is not trusted ({reason}).',
    todo: `${CA} npm run cert -- --url <the address> shows which there are.`,
    who: ['you', 'vendor'],
  },
  INTERMEDIATE_OR_CA_MISSING: {
    wrong:
      'The certificate chain at "{field}" ends too soon: its intermediate is not sent, or its CA is not trusted.',
    todo: `Have the intermediate sent. Or: ${CA}`,
    who: ['vendor', 'you'],
  },
  CERTIFICATE_EXPIRED: {
    wrong: 'The certificate at "{field}" has expired.',
    todo: 'Have it renewed.',
    who: ['vendor'],
  },
  CERTIFICATE_NOT_YET_VALID: {
    wrong: 'The certificate at "{field}" is not valid yet, or the clock here is behind.',
    todo: 'Check the clock, and from when the certificate is valid.',
    who: ['vendor', 'you'],
  },
  CERTIFICATE_OF_OTHER_NAME: {
    wrong: 'The certificate at "{field}" is of another name.',
    todo: 'Use the name of the certificate in the address, or put it into "serverName" of the secret.',
    who: ['you', 'vendor'],
  },
  CERTIFICATE_REFUSED: {
    wrong: 'The certificate at "{field}" is refused ({reason}).',
    todo: 'Have it replaced.',
    who: ['vendor'],
  },
  CLIENT_CERTIFICATE_DEMANDED: {
    wrong: '{vendor} asks for a client certificate at "{field}". This system has none.',
    todo: 'Ask for an address without one.',
    who: ['vendor'],
  },
  TLS_NOT_SPOKEN: {
    wrong: 'No TLS is spoken at the port in "{field}".',
    todo: 'Check the port: it is most likely that of plain http.',
    who: ['you'],
  },
  TLS_REFUSED: {
    wrong: 'TLS fails at "{field}" ({reason}).',
    todo: 'They need TLS 1.2 or 1.3 with a usual cipher. A box on the way that opens TLS can be the cause too.',
    who: ['vendor', 'network'],
  },
  STAGE_SECRET_ABSENT: {
    wrong: "The stage's own secret {secret} is absent, or the function may not read it.",
    todo: 'It was made at deploy. Restore it (aws secretsmanager restore-secret), or deploy again.',
    who: ['you'],
  },
  STAGE_SECRET_MALFORMED: {
    wrong: 'The stage\'s own secret {secret} is malformed at "{field}": {expected}.',
    todo: 'Correct that member: docs/reference/secrets.md has the shape.',
    who: ['you'],
  },
  CALLERS_NONE: {
    wrong: 'Nobody may call: the secret {secret} lists no caller.',
    todo: 'Make a caller key: npm run caller-key -- <callerId> <tenantSpaceId>.',
    who: ['you'],
  },
  CALLERS_ENTRY_LEFT_OUT: {
    wrong: 'An entry of callers is left out: {field}: {expected}.',
    todo: 'Correct that member. Until then nobody calls by this entry. npm run callers -- list shows all.',
    who: ['you'],
  },
  USER_IDS_SHARED: {
    wrong: 'Two identity providers have users of one tenant: {field}: {expected}.',
    todo: 'Set userIdForm to "sha256-24" in one of the entries, or give each provider its own tenants.',
    who: ['you'],
  },
  KEYS_ABSENT: {
    wrong: 'The stage has no signing keys.',
    todo: 'Start a rotation: npm run rotate.',
    who: ['you'],
  },
  KEYS_OLD: {
    wrong: 'The signing keys have not been rotated for more than 32 days.',
    todo: 'See why the rotation fails (the log of rotateSigningKey), and start one: npm run rotate.',
    who: ['you'],
  },
  PREWARM_NEVER: {
    wrong: 'The schedule has not finished a first run yet.',
    todo: 'Run this again in two minutes. If it stays so, look at the rule of prewarmTokens in EventBridge.',
    who: ['you'],
  },
  PREWARM_LATE: {
    wrong: 'The schedule has finished no run over all tenants for more than 75 minutes.',
    todo: 'Look at the log of prewarmTokens, and at its rule in EventBridge. Without it, requests wait for the logins.',
    who: ['you'],
  },
  ISSUER_UNREACHABLE: {
    wrong: 'The keys of an identity provider cannot be fetched: {field} ({reason}).',
    todo: 'Check issuer and jwksUri of the entry, and that the functions can reach them.',
    who: ['you', 'network', 'provider'],
  },
  ISSUER_MISCONFIGURED: {
    wrong: 'An identity provider and its entry do not fit: {field} ({reason}).',
    todo: 'Write the issuer exactly as the provider says it of itself, or name jwksUri.',
    who: ['you'],
  },
  TABLE_UNREADABLE: {
    wrong: 'The tokens table does not answer ({reason}).',
    todo: 'Run this again in a minute. If it stays so, look at the status page of AWS and at the VPC endpoint of DynamoDB.',
    who: ['you', 'aws'],
  },
  TIME_USED_UP: {
    wrong: 'There was no time left to try this.',
    todo: 'Run this again, and for one system alone: --system.',
    who: ['you'],
  },
  UNFORESEEN: {
    wrong: 'A failure that nobody has foreseen.',
    todo: 'Look at the log of the function doctor at this time.',
    who: ['you'],
  },
}
