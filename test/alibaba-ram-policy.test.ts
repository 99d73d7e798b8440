import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

describe('docs/alibaba-ram-policy.json', () => {
  it('allows the one action and nothing else', () => {
    const policy = JSON.parse(
      readFileSync(join(import.meta.dirname, '../docs/alibaba-ram-policy.json'), 'utf8'),
    )
    expect(policy).toEqual({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'live:GetMessageToken', Resource: '*' }],
    })
  })
})
