/** Follows a rotation by what it leaves behind: labels and published keys. */

import { setTimeout as sleep } from 'node:timers/promises'
import { LOCAL_STAGE } from '../../local/constants.ts'
import { optionsOf } from '../arguments.ts'
import { inUse, type Keys, keysOf } from './keys.ts'
import type { OpenStage } from './stage.ts'

/**
 * Says each step once, as far as it can be seen, and returns the keys at the end.
 * Throws a sentence that says where to look when the rotation has not come to its end in time.
 */
export const watchRotation = async (
  stage: OpenStage,
  { versionId, before }: { readonly versionId: string; readonly before: Keys },
  say: (line: string) => void,
): Promise<Keys> => {
  const known = new Set(before.all.map(({ kid }) => kid))
  const said = new Set<string>()
  const once = (line: string): void => {
    if (!said.has(line)) say(`  ${line}`)
    said.add(line)
  }
  once(`begun: version ${versionId}`)
  const { periodMs, mostMs } = stage.patience
  for (const endsAt = performance.now() + mostMs; performance.now() < endsAt; ) {
    const isInForce = (await stage.versions())[versionId]?.includes('AWSCURRENT') === true
    const keys = keysOf(await stage.jwks())
    for (const { kid } of keys.all) if (!known.has(kid)) once(`published: ${kid}`)
    for (const kid of known) if (!keys.all.some((key) => key.kid === kid)) once(`published no more: ${kid}`)
    if (isInForce) once(`in force: version ${versionId}`)
    if (isInForce && inUse(keys.all).length === 2) return keys
    await sleep(periodMs)
  }
  throw new Error(unfinished(stage, mostMs / 1000))
}

const unfinished = ({ name, region }: OpenStage, seconds: number): string => {
  const log =
    name === LOCAL_STAGE
      ? 'in the shell where the stage runs (lines with "function":"rotateSigningKey")'
      : `with: aws logs tail /aws/lambda/cec-token-bridge-${name}-rotateSigningKey --since 15m${region ? ` --region ${region}` : ''}`
  return (
    `The rotation has not come to its end in ${seconds} s. Nothing is lost: the keys above go on.\n` +
    `Read why ${log}\nThen begin it again with: npm run rotate -- ${optionsOf(name, region)}--begin-anew`
  )
}
