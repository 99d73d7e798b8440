import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CLIENT_BUDGET_BYTES, clientBudgetFaults, gzipBytes } from '../../../tools/client/budget.ts'
import { bundleClient } from '../../../tools/client/bundle.ts'

describe('tools/client/budget', () => {
  it('holds both forms of the client, within 4 KB', async () => {
    const forms = await bundleClient()
    expect(forms.map(({ name }) => name)).toEqual(['index.js', 'cec-token-bridge-client.js'])
    expect(forms.flatMap(({ name, content }) => clientBudgetFaults(name, content))).toEqual([])
    expect(CLIENT_BUDGET_BYTES).toBeLessThanOrEqual(4000)
  })

  it('names a form that is one byte too big, and none that fits', () => {
    const noise = randomBytes(6000).toString('base64')
    let length = 0
    while (gzipBytes(noise.slice(0, length + 1)) <= CLIENT_BUDGET_BYTES) length += 1
    expect(clientBudgetFaults('x.js', noise.slice(0, length))).toEqual([])
    expect(clientBudgetFaults('x.js', noise.slice(0, length + 4))).toEqual([
      expect.stringMatching(/^x\.js has \d+ of 4000 bytes \(gzip\)$/),
    ])
  })
})

describe('tools/client/bundle', () => {
  it('makes of the same sources the same bytes, and so the same integrity', async () => {
    const [first, second] = [await bundleClient(), await bundleClient()]
    expect(first).toEqual(second)
    expect(first[0]?.integrity).toMatch(/^sha384-[A-Za-z0-9+/]{64}$/)
    expect(first[0]?.integrity).not.toBe(first[1]?.integrity)
  })

  it('brings nothing along: no import is left, and no machine’s path', async () => {
    for (const { content } of await bundleClient()) expect(content).not.toMatch(/\bimport\b|require\(|node:/)
  })
})
