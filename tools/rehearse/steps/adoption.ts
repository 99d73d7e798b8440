/** docs/deploy.md, "After a removal": what has stayed is adopted, and the stage goes on with its keys, callers, users and logs. */

import { JwksSecret, SigningKeySecret } from '../../../lib/schemas/key-secrets.ts'
import { ProgramError } from '../../program.ts'
import { eventually, expect, type Step } from '../step.ts'
import { issue, jwks, validate } from './deploy.ts'
import { LIFETIME_SECONDS, type World } from './world.ts'

export const adoptionSteps = (world: World): Step[] => {
  const before = { token: '', callers: '', kids: [] as string[] }
  return [
    {
      name: 'npm run adopt, into the stack of the refused deployment',
      run: async () => {
        await makeOlder(world)
        return unchanged(world, () => adopt(world))
      },
    },
    {
      name: 'serverless deploy of what was adopted',
      run: async () => {
        const answer = await deployAdopted(world)
        Object.assign(before, await remember(world))
        return answer
      },
    },
    { name: 'npm run rotate, with the adopted keys', run: () => rotate(world, before.token) },
    { name: 'serverless remove, callers marked for deletion', run: () => removeAndMark(world) },
    { name: 'npm run adopt, where nobody can be asked', run: () => adoptUnasked(world) },
    { name: 'npm run adopt --yes, into a new stack', run: () => unchangedButCallers(world) },
    {
      name: 'serverless deploy of what was adopted',
      run: async () => {
        const answer = await deployAdopted(world)
        await validate(world, before.token)
        expect((await world.stage.readSecret('callers')) === before.callers, 'the callers are others')
        return `${answer}; the token of before the removal too`
      },
    },
    { name: 'npm run adopt, with nothing left to adopt', run: () => adoptAgain(world) },
  ]
}

const adopt = ({ stage }: World, ...options: readonly string[]): Promise<string> =>
  stage.operator('adopt', ...stage.options, ...options)

const KEPT = ['callers', 'jwks', 'signing-key']

const values = ({ stage }: World, names: readonly string[] = KEPT): Promise<string[]> =>
  Promise.all(names.map((name) => stage.readSecret(name)))

/** As after a day: a key must have been public for a while before it signs. */
export const makeOlder = async ({ stage }: World): Promise<void> => {
  const { keys } = JwksSecret.parse(JSON.parse(await stage.readSecret('jwks')))
  const older = keys.map((key) => ({ ...key, publishedAt: key.publishedAt - 24 * 3600 }))
  await stage.putSecret('jwks', { keys: older })
}

const unchanged = async (world: World, change: () => Promise<string>): Promise<string> => {
  const before = await values(world)
  const printed = await change()
  expect((await values(world)).join() === before.join(), 'the adoption has changed a value')
  expect(/^Adopted: /m.test(printed), `expected "Adopted": ${printed}`)
  return `${printed.match(/^ {2}\S/gm)?.length} things adopted; every value as before`
}

const remember = async (world: World) => ({
  token: await issue(world, LIFETIME_SECONDS),
  callers: await world.stage.readSecret('callers'),
})

/** The deployment makes the schedule of the rotation anew, which rotates at once. */
const deployAdopted = async (world: World): Promise<string> => {
  const { stage } = world
  const callers = await stage.readSecret('callers')
  const kids = await jwks(stage)
  await stage.serverless('deploy')
  await stage.outputs()
  expect((await stage.readSecret('callers')) === callers, 'the deployment has changed the callers')
  await eventually(
    async () => {
      const { keys } = SigningKeySecret.parse(JSON.parse(await stage.readSecret('signing-key')))
      return keys[0]?.kid === kids.at(-1) && (await jwks(stage)).length > kids.length ? true : undefined
    },
    { seconds: 240, sentence: 'the adopted keys are not rotated' },
  ).catch(async (error: Error) => {
    throw new Error(`${error.message}; what rotateSigningKey logs:\n${await stage.log('rotateSigningKey')}`)
  })
  const now = await jwks(stage)
  expect(
    kids.every((kid) => now.includes(kid)),
    'a key of before is published no more',
  )
  await validate(world, await issue(world, LIFETIME_SECONDS))
  return 'callers as before, the adopted next key signs, the old one still verifies; a token of the adopted user is good'
}

const rotate = async (world: World, token: string): Promise<string> => {
  await makeOlder(world)
  const printed = await world.stage.operator('rotate', ...world.stage.options)
  expect(/^Done\./m.test(printed), `expected "Done.": ${printed}`)
  await validate(world, token)
  return 'another key signs; the token of before is good'
}

const removeAndMark = async (world: World): Promise<string> => {
  await makeOlder(world)
  await world.stage.serverless('remove')
  await world.stage.markForDeletion('callers')
  return 'the name of the secret callers is taken for a week, and its value cannot be read'
}

const adoptUnasked = async (world: World): Promise<string> => {
  const refusal = await adopt(world).then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(refusal instanceof ProgramError, 'expected a refusal: a secret was restored unasked')
  const said = /^Nothing was done: .*$/m.exec(refusal.output)?.[0]
  expect(said !== undefined, `expected "Nothing was done": ${refusal.message}`)
  return said
}

const unchangedButCallers = async (world: World): Promise<string> => {
  const names = KEPT.slice(1)
  const before = await values(world, names)
  const printed = await adopt(world, '--yes')
  expect((await values(world, names)).join() === before.join(), 'the adoption has changed a value')
  expect(/^Restored\.$/m.test(printed), `expected "Restored.": ${printed}`)
  await world.stage.readSecret('callers')
  return 'callers restored; every value as before'
}

const adoptAgain = async (world: World): Promise<string> => {
  const printed = await adopt(world)
  expect(printed.includes('there is nothing to adopt'), `expected that nothing is left: ${printed}`)
  return 'there is nothing to adopt'
}
