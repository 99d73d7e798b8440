import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ProberSecret } from '../../../lib/schemas/prober.ts'
import { faultsIn } from '../../support/schemas.ts'

const good = {
  url: 'https://tokens.example.com',
  validateUrl: 'https://tokens.example.com/rest/validate',
  callerKey: `ctb_${randomBytes(32).toString('base64url')}`,
  tenantSpaceId: 'prober',
  userId: 'prober-1',
  userName: 'Prober',
}
const CALLER_KEY = 'expected a caller key such as "ctb_…"'

describe('lib/schemas/prober', () => {
  it('takes a prober with a key for AppCube, and one without', () => {
    expect(faultsIn(ProberSecret, good)).toBe('none')
    expect(faultsIn(ProberSecret, { ...good, appCube: { callerKey: good.callerKey, appKey: 'a' } })).toBe(
      'none',
    )
  })

  it.each([
    ['url', 'https://tokens.example.com/prod', 'url: expected an https URL without a path behind the host'],
    ['validateUrl', undefined, 'validateUrl: expected an https URL such as "https://host.example"'],
    ['callerKey', 'secret', `callerKey: ${CALLER_KEY}`],
    ['tenantSpaceId', 'a/b', 'tenantSpaceId: expected 1 to 64 letters, digits, underscores or hyphens'],
    ['userId', 'x'.repeat(33), 'userId: expected 1 to 32 characters'],
    ['userName', undefined, 'userName: expected 1 to 256 characters'],
    ['appCube', { callerKey: good.callerKey }, 'appCube.appKey: '],
    ['appCube', { appKey: 'a' }, `appCube.callerKey: ${CALLER_KEY}`],
  ])('refuses another %s: %j', (name, value, fault) => {
    expect(faultsIn(ProberSecret, { ...good, [name]: value })).toContain(fault)
  })
})
