import { describe, expect, it } from 'vitest'
import { stageUrl } from '../../../tools/local/stage-url.ts'

describe('tools/local/stage-url', () => {
  it.each([
    [{}, 'http://127.0.0.1:3000'],
    [{ API: '', PORT: '' }, 'http://127.0.0.1:3000'],
    [{ PORT: '8080' }, 'http://127.0.0.1:8080'],
    [{ API: 'http://127.0.0.1:3001', PORT: '8080' }, 'http://127.0.0.1:3001'],
    [{ API: 'http://localhost:3001/' }, 'http://localhost:3001'],
    [{ API: 'http://[::1]:3001' }, 'http://[::1]:3001'],
  ])('is by %j %s', (env, url) => {
    expect(stageUrl(env)).toBe(url)
  })

  it.each(['https://127.0.0.1:3000', 'http://tokens.example.com', '127.0.0.1:3000', 'x'])(
    'refuses the API %s',
    (API) => {
      expect(() => stageUrl({ API })).toThrow(
        'API must be the address of a stage on this machine, such as http://127.0.0.1:3000',
      )
    },
  )
})
