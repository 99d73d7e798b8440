import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { LOCAL_CALLER_KEY, LOCAL_TENANT, LOCAL_USER } from '../../tools/local/constants.ts'
import { freePort } from '../identity-providers/processes.ts'
import { enterprise, FAULTS, tampered } from './faulty-tokens.ts'
import { run } from './process.ts'
import { missing, VERIFIERS } from './programs.ts'

const stage = inject('stage')
const GOOD = 'good: 10010001 Tom'

/** As the stage issues it. */
/** Another test may have used up what the user gets in a minute. */
const issued = async (): Promise<string> => {
  const answer = await fetch(`${stage}/enterprise-tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${LOCAL_CALLER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...LOCAL_USER, tenantSpaceId: LOCAL_TENANT }),
  })
  if (answer.status === 429) {
    await sleep(Number(answer.headers.get('retry-after')) * 1000)
    return issued()
  }
  return ((await answer.json()) as { token: string }).token
}

describe.each(Object.entries(VERIFIERS) as ['Python' | 'Java', (typeof VERIFIERS)[string]][])(
  'examples: the verifier of enterprise tokens in %s',
  (language, program) => {
    const lack = missing(language, program.needs)
    const verdicts = new Map<string, string>()

    /** One run for all these tokens. */
    const judged = async (
      tokens: readonly string[],
      { tenant = LOCAL_TENANT, api = stage } = {},
    ): Promise<string[]> => {
      const input = tokens.map((token) => `${token}\n`).join('')
      return (await run(`${program.run} ${tenant}`, { API: api }, input)).trim().split('\n')
    }

    beforeAll(async () => {
      if (lack !== undefined) return
      await run(program.build ?? 'true')
      const tokens = Object.values(FAULTS).map(({ token }) => token)
      const said = await judged(tokens)
      for (const [index, token] of tokens.entries()) verdicts.set(token, said[index] ?? '')
    })
    beforeEach(({ skip }) => skip(lack !== undefined, lack))

    it('takes a token that the stage has issued, and refuses it once a letter of it differs', {
      timeout: 150_000,
    }, async () => {
      const token = await issued()

      const refusal = `refused: ${FAULTS['a payload that was tampered with']?.[language]}`
      expect(await judged([token, tampered(token)])).toEqual([GOOD, refusal])
    })

    it('refuses a good token for another tenant than its own', async () => {
      const refusal = FAULTS['another tenant']?.[language]
      expect(await judged([enterprise()], { tenant: '202007159032' })).toEqual([`refused: ${refusal}`])
      expect(await judged([enterprise()])).toEqual([GOOD])
    })

    it.each(Object.entries(FAULTS))('refuses a token with %s', (_, fault) => {
      expect(verdicts.get(fault.token)).toBe(`refused: ${fault[language]}`)
    })

    it('takes the same token without a fault, before and after each of them', async () => {
      const faulty = Object.values(FAULTS).map(({ token }) => token)
      const said = await judged(faulty.flatMap((token) => [enterprise(), token]))
      expect(said.filter((_, index) => index % 2 === 0)).toEqual(faulty.map(() => GOOD))
    })

    it('shows a name in any script', async () => {
      expect(await judged([enterprise({ sub: '张三', name: '张三' })])).toEqual(['good: 张三 张三'])
    })

    it('refuses nothing, and takes nothing, while the keys cannot be fetched', async () => {
      const api = `http://127.0.0.1:${await freePort()}`
      expect(await judged([enterprise()], { api })).toEqual(['unchecked: the keys cannot be fetched'])
    })
  },
)
