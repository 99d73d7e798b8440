import { describe, expect, it } from 'vitest'
import { endpointOf } from '../../../tools/rehearse/endpoint.ts'

describe('tools/rehearse/endpoint', () => {
  it.each([
    ['POST /users', { method: 'POST', path: '/users' }],
    ['GET /poll?receiverId=1&channel=WEB', { method: 'GET', path: '/poll?receiverId=1&channel=WEB' }],
    ['GET /', { method: 'GET', path: '/' }],
  ])('has the parts of %j', (text, parts) => {
    expect(endpointOf(text)).toEqual(parts)
  })

  it.each(['POST', '/users', 'POST users', 'post /users', 'POST  /users', 'POST /users x', ''])(
    'throws for %j, which is no method and path',
    (text) => {
      expect(() => endpointOf(text)).toThrow(
        `expected a method and a path, such as "POST /users", got ${JSON.stringify(text)}`,
      )
    },
  )
})
