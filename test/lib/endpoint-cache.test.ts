import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EndpointCache } from '../../lib/endpoint-cache.ts'

const CLIENTS = 'node_modules/@aws-sdk/{client-dynamodb,lib-dynamodb,client-secrets-manager}/dist-es/**/*.js'
const sources = globSync(CLIENTS).map((file) => readFileSync(file, 'utf8'))

describe('lib/endpoint-cache', () => {
  it('can be made as the SDK makes its own', () => {
    expect(new (EndpointCache as new (capacity: number) => object)(1_000)).toBeInstanceOf(EndpointCache)
  })

  it('is made once, and never asked: no command of our clients discovers endpoints', () => {
    expect(sources.length).toBeGreaterThan(100)
    const users = sources.filter((source) => /endpointCache|getEndpointDiscovery\w*Plugin/.test(source))
    expect(users).toEqual([])
    expect(sources.filter((source) => /resolveEndpointDiscoveryConfig\(/.test(source))).toHaveLength(1)
  })
})
