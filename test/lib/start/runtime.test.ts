import { describe, expect, it, vi } from 'vitest'
import { processRuntime, runtimeLog } from '../../../lib/start/runtime.ts'

describe('lib/start/runtime', () => {
  it('gives ids of 128 random bits, never the same', () => {
    const { newId } = processRuntime()
    expect(newId()).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(newId()).not.toBe(newId())
  })

  it('logs to standard output by the wall clock', () => {
    const print = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    runtimeLog(processRuntime(), 'INFO')('INFO', { code: 'JWKS_SERVED' })
    const line = JSON.parse(String(print.mock.calls[0]?.[0]))
    print.mockRestore()
    expect(line).toMatchObject({ level: 'INFO', code: 'JWKS_SERVED' })
    expect(Math.abs(Date.parse(line.time) - Date.now())).toBeLessThan(1_000)
  })
})
