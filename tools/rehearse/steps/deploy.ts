/** docs/deploy.md: the deployment, the first keys, a caller key, users, and CEC's question about a token. */

import { VALIDATE_ENTERPRISE_TOKEN } from '../../../lib/routes.ts'
import { SCOPES } from '../../../lib/schemas/callers.ts'
import { JwksSecret } from '../../../lib/schemas/key-secrets.ts'
import { LOCAL_OTHER_USER, LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import { eventually, expect, type Step } from '../step.ts'
import { bodyOf, callAs, ISSUER, LIFETIME_SECONDS, parameters, type World } from './world.ts'

export const deploySteps = (world: World): Step[] => [
  { name: 'serverless deploy', run: () => deploy(world) },
  { name: 'first rotation, by the deployment', run: () => firstKeys(world) },
  { name: 'npm run caller-key, into the stage', run: () => callerKey(world) },
  { name: 'users: PUT /users', run: () => users(world) },
  { name: 'enterprise token, and CEC asks about it', run: () => tokenAndQuestion(world) },
]

const deploy = async ({ stage }: World): Promise<string> => {
  stage.setParameters(parameters(LIFETIME_SECONDS))
  await stage.serverless('deploy')
  const { ValidateUrl, Issuer } = await stage.outputs()
  expect(ValidateUrl !== undefined && Issuer === ISSUER, 'the stack has no outputs ValidateUrl and Issuer')
  return 'ValidateUrl and Issuer are outputs of the stack'
}

/** Both keys of the ring are public: the one that signs and the next. */
export const firstKeys = async ({ stage }: World): Promise<string> => {
  await eventually(async () => ((await jwks(stage)).length === 2 ? true : undefined), {
    seconds: 240,
    sentence: 'there are no two public keys',
  }).catch(async (error: Error) => {
    throw new Error(`${error.message}; what rotateSigningKey logs:\n${await stage.log('rotateSigningKey')}`)
  })
  const { keys } = bodyOf<{ keys: object[] }>(
    await stage.call({ method: 'GET', path: '/.well-known/jwks.json' }),
    200,
  )
  return `two keys in the secret jwks, ${keys.length} at /.well-known/jwks.json`
}

/** Key ids in the secret: the route keeps what it has read for minutes. */
export const jwks = async (stage: World['stage']): Promise<string[]> =>
  JwksSecret.parse(JSON.parse(await stage.readSecret('jwks'))).keys.map(({ kid }) => kid)

export const callerKey = async (world: World): Promise<string> => {
  const { stage } = world
  const scopes = SCOPES.flatMap((scope) => ['--scope', scope])
  const printed = await stage.operator('caller-key', 'rehearsal', LOCAL_TENANT, ...scopes, ...stage.options)
  const key = /^ctb_\S+$/m.exec(printed)?.[0]
  expect(key !== undefined, 'the command printed no key')
  world.callerKey = key
  return 'caller "rehearsal" with every scope, in the secret callers'
}

export const users = async (world: World): Promise<string> => {
  const told: string[] = []
  for (const user of [LOCAL_USER, LOCAL_OTHER_USER]) {
    const body = { ...user, tenantSpaceId: LOCAL_TENANT, status: 'active' }
    // A sandbox that has read the secret before its change goes on with the old one for up to 330 s.
    const answer = await eventually(
      async () => {
        const said = await callAs(world, 'PUT /users', body)
        return said.status === 401 ? undefined : said
      },
      { seconds: 400, sentence: 'the caller key is still unknown after 400 s' },
    )
    told.push(bodyOf<{ status: string }>(answer, 200).status)
  }
  return `200 ${told.join(', 200 ')}`
}

interface Issued {
  readonly token: string
  readonly expiresIn: number
}

/** A token for the first user. Throws unless it lives so long. */
export const issue = async (world: World, expiresIn: number): Promise<string> => {
  const body = { ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT }
  const issued = bodyOf<Issued>(await callAs(world, 'POST /enterprise-tokens', body), 201)
  expect(issued.expiresIn === expiresIn, `expiresIn: expected ${expiresIn}, got ${issued.expiresIn}`)
  return issued.token
}

/** What CEC does. Throws unless the token is valid. */
export const validate = async ({ stage }: World, Token: string): Promise<string> => {
  const body = JSON.stringify({ Token, ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT })
  const [endpoint] = VALIDATE_ENTERPRISE_TOKEN.endpoints
  const path = endpoint.slice(endpoint.indexOf('/'))
  const headers = { 'content-type': 'application/json' }
  const answer = await stage.call({ method: 'POST', path, headers, body })
  const { retCode } = bodyOf<{ retCode: number }>(answer, 200)
  expect(retCode === 0, `the token is refused: ${answer.text}`)
  return answer.text
}

const tokenAndQuestion = async (world: World): Promise<string> => {
  const token = await issue(world, LIFETIME_SECONDS)
  return `201 expiresIn ${LIFETIME_SECONDS}; ${await validate(world, token)}`
}
