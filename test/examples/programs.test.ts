import { afterEach, describe, expect, it, vi } from 'vitest'
import { missing } from './programs.ts'

const install = 'apt-get install -y --no-install-recommends php-cli'
const SENTENCE = `PHP IS SKIPPED: nothing is shown about it, since its toolchain is missing (${install})`

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('examples: a toolchain that is missing', () => {
  it('is said aloud on a machine of a developer, with what installs it', () => {
    vi.stubEnv('CI', undefined)
    const warn = vi.spyOn(console, 'warn').mockReturnValue()

    expect(missing('PHP', { probe: 'false', install })).toBe(SENTENCE)
    expect(warn.mock.calls).toEqual([[SENTENCE]])
  })

  it('fails in CI', () => {
    vi.stubEnv('CI', 'true')
    expect(() => missing('PHP', { probe: 'false', install })).toThrow(SENTENCE)
  })

  it.each([undefined, 'true'])('is none where its command succeeds, CI=%s', (ci) => {
    vi.stubEnv('CI', ci)
    const warn = vi.spyOn(console, 'warn').mockReturnValue()

    expect(missing('PHP', { probe: 'true', install })).toBeUndefined()
    expect(warn).not.toHaveBeenCalled()
  })
})
