import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { secretReader } from '../../../lib/secrets/reader.ts'

const PREFIX = 'reader'
const SAMPLE = { name: 'sample', schema: z.strictObject({ colour: z.string('expected a colour') }) }
const NOW = new Date(1_000_000_000)
const deadline = { remainingMs: () => 8_000 }

describe('lib/secrets/reader: its bound', () => {
  const MOST = 5_000

  const counted = () => {
    const asked: string[] = []
    const bounded = secretReader({
      source: {
        read: async (name) => {
          asked.push(name)
          return { versionId: 'v1', value: '{"colour":"red"}' }
        },
      },
      prefix: PREFIX,
      now: () => NOW,
      random: () => 0,
      log: () => undefined,
    })
    const read = (n: number) => bounded.read({ ...SAMPLE, name: `${n}` }, { deadline })
    return { asked, read }
  }

  it('forgets rather than grows without bound, and what was used longest ago first', async () => {
    const { asked, read } = counted()
    for (let n = 0; n < MOST; n++) await read(n)
    await read(0)
    await read(MOST)
    expect(asked).toHaveLength(MOST + 1)
    await read(0)
    expect(asked).toHaveLength(MOST + 1)
    await read(1)
    expect(asked.slice(MOST + 1)).toEqual([`${PREFIX}/1`])
  })

  it('loses no read under way: all who ask share it, however many other secrets are read meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const names: string[] = []
    const slow = secretReader({
      source: {
        read: async (name) => {
          names.push(name)
          if (name === `${PREFIX}/slow`) await promise
          return { versionId: 'v1', value: '{"colour":"red"}' }
        },
      },
      prefix: PREFIX,
      now: () => NOW,
      random: () => 0,
      log: () => undefined,
    })
    const first = slow.read({ ...SAMPLE, name: 'slow' }, { deadline })
    for (let n = 0; n <= MOST; n++) await slow.read({ ...SAMPLE, name: `${n}` }, { deadline })
    const second = slow.read({ ...SAMPLE, name: 'slow' }, { deadline })
    resolve()
    expect((await first).value).toBe((await second).value)
    expect(names.filter((name) => name === `${PREFIX}/slow`)).toHaveLength(1)
  })
})
