import { describe, expect, it } from 'vitest'
import { expectAll, invokeJwks } from './invoke.ts'

describe('serverless invoke local', () => {
  it('answers events as expected, and leaves no process behind', async () => {
    await expectAll(['issueEnterpriseToken/ok', 'validateEnterpriseToken/ok', 'applyToken/ok'])
  }, 300_000)

  it('ends with exit code 1 when the function cannot be loaded', async () => {
    const { code, stdout, leftNothing, milliseconds } = await invokeJwks(
      "throw new Error('cannot be loaded')\n",
    )
    // without the plugin's error hook it would hang until the 60 s of runNode are over
    expect({ code, leftNothing }).toEqual({ code: 1, leftNothing: true })
    expect(stdout).toContain('Exception encountered when loading')
    expect(milliseconds).toBeLessThan(20_000)
  })
})
