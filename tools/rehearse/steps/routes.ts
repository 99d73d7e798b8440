/** Every route through the deployed API, with its sample events as requests. */

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { RouteDescriptor } from '../../../lib/http/route.ts'
import * as ROUTES from '../../../lib/routes.ts'
import { LOCAL_CALLER_KEY, LOCAL_TENANT } from '../../local/constants.ts'
import { PROJECT_ROOT } from '../../local/offline-process.ts'
import { fillSampleEvent } from '../../local/sample-event.ts'
import { expect, type Step } from '../step.ts'
import { issue } from './deploy.ts'
import { ISSUER, LIFETIME_SECONDS, type World } from './world.ts'

/** The revocations at the end: they end the tokens that other events hold. */
const routes = (): RouteDescriptor[] =>
  Object.values<RouteDescriptor>(ROUTES).sort((a, b) => Number(isLast(a)) - Number(isLast(b)))
const isLast = ({ access }: RouteDescriptor) => access === 'enterprise-token:revoke'

export const routeSteps = (world: World): Step[] =>
  routes()
    .filter(({ tenantSecrets = [] }) =>
      tenantSecrets.every((system) => world.vendorSecrets?.[system] !== undefined),
    )
    .flatMap((route) =>
      route.endpoints.map((endpoint) => ({ name: endpoint, run: () => callAll(world, route, endpoint) })),
    )

/** What of an event a client has sent. API Gateway adds the others. */
const SENT_HEADERS = /^(?!host$|x-amzn-|x-forwarded-)/

/**
 * Sends every sample event of an endpoint. At least one must be answered as the route says, and none with a failure of ours:
 * what exactly each is answered, tests with the handlers say.
 */
const callAll = async (world: World, route: RouteDescriptor, endpoint: string): Promise<string> => {
  const answers: string[] = []
  // Once for an endpoint: a user gets 30 tokens in a minute.
  let version: Promise<string> | undefined
  const userVersion = () => (version ??= issue(world, LIFETIME_SECONDS).then(versionOf))
  let served = 0
  for (const file of globSync(join(PROJECT_ROOT, 'events', route.name, '*.json')).sort()) {
    const event: APIGatewayProxyEventV2 = JSON.parse(readFileSync(file, 'utf8'))
    if (event.routeKey !== endpoint) continue
    const { status, text } = await world.stage.call(await requestOf(world, event, userVersion))
    expect(status < 500, `${basename(file)}: ${status} ${text}`)
    if (status === route.success.status) served += 1
    answers.push(`${basename(file, '.json')} ${status}`)
  }
  expect(served > 0, `no sample event is answered with ${route.success.status}: ${answers.join(', ')}`)
  return answers.join(', ')
}

const requestOf = async (
  world: World,
  sample: APIGatewayProxyEventV2,
  userVersion: () => Promise<string>,
) => {
  const event = await fillSampleEvent(sample, {
    signingKey: await world.stage.readSecret('signing-key'),
    cecSettings: JSON.stringify(world.plainCec ?? {}),
    issuer: ISSUER,
    userVersion,
    now: new Date(),
    startRotation: () => '', // only Secrets Manager's own events hold its token
  })
  const { method, path } = event.requestContext.http
  const headers = Object.entries(event.headers).filter(([name]) => SENT_HEADERS.test(name))
  const body = event.body && Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8').toString()
  return {
    method,
    path: event.rawQueryString ? `${path}?${event.rawQueryString}` : path,
    headers: Object.fromEntries(headers.map(([name, value = '']) => [name, ofThisStage(world, value)])),
    body: body && ofThisStage(world, body),
  }
}

/** Of a token that the stage has issued. */
const versionOf = (token: string): string => {
  const [, payload = ''] = token.split('.')
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { ver: string }).ver
}

/** Sample events speak of the local stage: its caller key, and its tenant's account with OIAP. */
const ofThisStage = ({ callerKey, vendorSecrets }: World, text: string): string => {
  const { appKey = LOCAL_OIAP_KEY } = (vendorSecrets?.['oiap'] ?? {}) as { appKey?: string }
  return text.replaceAll(LOCAL_CALLER_KEY, callerKey).replaceAll(LOCAL_OIAP_KEY, appKey)
}
const LOCAL_OIAP_KEY = `oiap-${LOCAL_TENANT}`
