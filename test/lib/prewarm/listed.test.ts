import { describe, expect, it } from 'vitest'
import { isListed } from '../../../lib/prewarm/listed.ts'
import { type SecretList, SecretSourceError } from '../../../lib/secrets/source.ts'

const names = ['stage/tenants/t1/cec', 'stage/tenants/t1/cec-old', 'stage/tenants/t11/cec']
const list: SecretList = async function* (namePrefix) {
  for (const name of names.filter((name) => name.startsWith(namePrefix)))
    yield { secrets: [{ name, changedAt: 0 }], next: undefined }
}
const asked = (tenantSpaceId: string, of = list, deadline = { remainingMs: () => 5_000 }) =>
  isListed({ list: of, prefix: 'stage' })({ system: 'cec', tenantSpaceId }, deadline)

describe('lib/prewarm/listed', () => {
  it('knows a secret by its whole name', async () => {
    expect([await asked('t1'), await asked('t')]).toEqual([true, false])
  })

  it('takes a secret for existing where the list cannot be had', async () => {
    const denied: SecretList = () => {
      throw new SecretSourceError('final', 'AccessDeniedException')
    }
    expect(await asked('t2', denied)).toBe(true)
    expect(await asked('t2')).toBe(false)
  })

  it('waits no longer for the list than the run has time', async () => {
    const silent: SecretList = async function* () {
      await new Promise(() => undefined)
      yield { secrets: [], next: undefined }
    }
    let leftMs = 20
    const remainingMs = () => {
      const left = leftMs
      leftMs = 0
      return left
    }
    await expect(asked('t1', silent, { remainingMs })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
    expect(await asked('t1')).toBe(true)
  })

  it('throws what is no answer of Secrets Manager', async () => {
    const broken: SecretList = () => {
      throw new TypeError('a mistake')
    }
    await expect(asked('t2', broken)).rejects.toThrow('a mistake')
  })
})
