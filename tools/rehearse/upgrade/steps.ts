/** docs/upgrade.md: the release before this one runs under load, this one is deployed over it, and the former again. */

import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_CHANNEL, LOCAL_OTHER_USER, LOCAL_TENANT, LOCAL_USER } from '../../local/constants.ts'
import type { Release } from '../../versions/previous.ts'
import type { Stage } from '../stage.ts'
import { expect, type Step } from '../step.ts'
import { makeOlder } from '../steps/adoption.ts'
import { deploySteps } from '../steps/deploy.ts'
import { connectedSteps } from '../steps/vendors.ts'
import { bodyOf, callAs, LIFETIME_SECONDS, parameters, type World } from '../steps/world.ts'
import { codeDigests, difference, type Identities, identities } from './identities.ts'
import { answeredRightly, assertEachAsked, type Job, type Load, startLoad } from './load.ts'
import { checkMarks, leaveMarks, type Mark, storedToken } from './marks.ts'
import { type Given, issueFor, jobs, type Person } from './requests.ts'

export interface Upgrade {
  readonly previous: Release
  /** The same stage twice: each deploys its own sources, and both have the same parameters. */
  readonly worlds: { readonly previous: World; readonly current: World }
  /** How often the vendors have been asked for each machine token. */
  readonly fetches: () => Fetches
}

/** Of both releases: a load of few users asks for many tokens, and a page's token lasts as long as the run. */
export const UPGRADE_PARAMETERS = {
  ...{ issuesPerUserAndMinute: '6000', accessTokenLifetimeSeconds: '900' },
  ...{ pollSeconds: '1', shortestPollSeconds: '1' },
}

type Fetches = Readonly<Record<string, number>>

/** Where the framework leaves what it has packaged. */
const PACKAGED = '.serverless'
const LOAD = { lanes: 3, pauseMs: 50 }
/** How long a phase between two deployments lasts at least. */
const PHASE_MS = 10_000

interface Run {
  load: Load | undefined
  jobs: readonly Job[]
  /** Each that was entered, in order. */
  readonly phases: string[]
  readonly marks: Mark[]
  stored: string
  fetches: Fetches
}

export const upgradeSteps = (upgrade: Upgrade): Step[] => {
  const { previous, worlds } = upgrade
  const run: Run = { load: undefined, jobs: [], phases: [], marks: [], stored: '', fetches: {} }
  return [
    ...deploySteps(worlds.previous),
    ...connectedSteps(worlds.previous),
    { name: 'this release is packaged', run: () => packageCurrent(worlds.current) },
    { name: `load on ${previous.name}`, run: () => begin(upgrade, run) },
    { name: 'this release over it', run: () => change(upgrade, run, 'current') },
    { name: 'what either wrote, read by this one', run: () => readBoth(upgrade, run, 'current') },
    { name: `${previous.name} over it again`, run: () => change(upgrade, run, 'previous') },
    { name: 'what either wrote, read by the former', run: () => readBoth(upgrade, run, 'previous') },
    { name: 'the load ends', run: () => end(run) },
  ]
}

type Which = keyof Upgrade['worlds']

const packageCurrent = async ({ stage }: World): Promise<string> => {
  stage.setParameters(parameters(LIFETIME_SECONDS))
  await stage.serverless('package')
  return 'before the load begins: packaging takes the processor for itself'
}

const rotate = async ({ stage }: World): Promise<void> => {
  const printed = await stage.operator('rotate', ...stage.options)
  expect(/^Done\./m.test(printed), `expected "Done.": ${printed}`)
}

const begin = async (upgrade: Upgrade, run: Run): Promise<string> => {
  const world = upgrade.worlds.previous
  upgrade.worlds.current.callerKey = world.callerKey
  const given = await firstAnswers(world)
  run.marks.push(...(await leaveMarks(world, 'former')))
  run.stored = await storedToken(world, await storedToken(world))
  run.fetches = upgrade.fetches()
  run.jobs = jobs(world, given)
  run.load = startLoad(run.jobs, LOAD)
  enter(run, FORMER)
  await sleep(PHASE_MS)
  return `${tell(run, FORMER)}; ${run.marks.length} marks left`
}
const FORMER = 'former release'

const enter = (run: Run, phase: string): void => {
  run.phases.push(phase)
  run.load?.enter(phase)
}

/** What the load's first requests need. The caller key has been known for a while by now. */
const firstAnswers = async (world: World): Promise<Given> => {
  const tenantSpaceId = LOCAL_TENANT
  const revoked = await issueFor(world, LOCAL_OTHER_USER)
  const { userId } = LOCAL_OTHER_USER
  bodyOf(await callAs(world, 'POST /enterprise-tokens/revocations', { tenantSpaceId, userId }), 200)
  const accessTokenOf = async (person: Person): Promise<string> => {
    const page = { ...person, tenantSpaceId, scopes: ['chat-token:issue', 'chat:relay'] }
    const answer = await callAs(world, 'POST /access-tokens', page)
    return bodyOf<{ accessToken: string }>(answer, 201).accessToken
  }
  const chat = { ...LOCAL_USER, channelId: LOCAL_CHANNEL, locale: 'en' }
  const { token: chatToken } = bodyOf<{ token: string }>(
    await callAs(world, 'POST /apiaccess/ccmessaging/applyToken', chat),
    200,
  )
  return {
    ...{ tokens: [await issueFor(world, LOCAL_USER)], chatToken, revoked },
    accessToken: await accessTokenOf(LOCAL_USER),
    otherAccessToken: await accessTokenOf(LOCAL_OTHER_USER),
  }
}

/** Deploys under load. Nothing that holds data may be another thing afterwards. */
const change = async ({ worlds }: Upgrade, run: Run, to: Which): Promise<string> => {
  const { stage } = worlds[to]
  const during = `deployment of the ${to === 'current' ? 'new' : 'former'} release`
  await makeOlder(worlds[to]) // before the sandboxes of the deployment read it: the next key may then sign
  const before = await partsOf(stage)
  const code = await codeDigests(stackOf(stage))
  enter(run, during)
  await stage.serverless('deploy', '--package', PACKAGED)
  enter(run, `after the ${during}`)
  const { replaced, gone, added } = difference(before, await partsOf(stage))
  expect(replaced.length === 0, `replaced: ${replaced.join(', ')}`)
  const lost = gone.filter((name) => KEEPS_DATA.test(name))
  expect(lost.length === 0, `gone: ${lost.join(', ')}`)
  await stage.outputs()
  const changed = difference(code, await codeDigests(stackOf(stage))).replaced.length
  expect(changed > 0, 'no function has other code: this shows nothing')
  const others = `${changed} functions with other code, ${added.length} parts new, ${gone.length} gone`
  return `${tell(run, during)}; 0 of ${Object.keys(before).length} parts replaced, no table or secret gone (${others})`
}
const stackOf = ({ name }: Stage): string => `cec-token-bridge-${name}`
const KEEPS_DATA = /^(table|secret|AWS::DynamoDB::Table|AWS::SecretsManager::Secret) /

const partsOf = async (stage: Stage): Promise<Identities> => {
  const tables = await stage.tableNames()
  const secrets = (await stage.secretNames()).map((name) => `${stage.prefix}/${name}`)
  return identities({ stack: stackOf(stage), tables, secrets })
}

const readBoth = async (upgrade: Upgrade, run: Run, by: Which): Promise<string> => {
  const world = upgrade.worlds[by]
  expect((await storedToken(world)) === run.stored, 'the stored token of OIAP is another')
  const more = Object.entries(upgrade.fetches()).filter(([name, times]) => times !== run.fetches[name])
  expect(
    more.length === 0,
    `asked for once more: ${more.map(([name]) => name)}: the stored token was not read`,
  )
  const held = await checkMarks(run.marks)
  await rotate(world)
  const now = `after the deployment of the ${by === 'current' ? 'new' : 'former'} release`
  await sleep(PHASE_MS)
  if (by === 'current') {
    run.marks.push(...(await leaveMarks(world, 'new')))
    run.stored = await storedToken(world, await storedToken(world))
    run.fetches = upgrade.fetches()
  }
  return `${held} marks hold, stored tokens read, 0 fetched; rotated; ${tell(run, now)}`
}

const NOTHING_ASKED = { counts: new Map(), wrong: [] }

const tell = ({ load }: Run, phase: string): string =>
  `${answeredRightly(load ?? NOTHING_ASKED, [phase])} requests, 0 answered wrongly`

const end = async ({ load, jobs: all, phases }: Run): Promise<string> => {
  expect(load !== undefined, 'no load has run')
  await load.end()
  const asked = answeredRightly(load, phases)
  assertEachAsked(load, all)
  return `${asked} requests in ${phases.length} phases, each of ${all.length} kinds, 0 answered wrongly, 0 tokens refused`
}
