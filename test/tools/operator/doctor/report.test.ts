import { describe, expect, it } from 'vitest'
import { CAUSES, finding } from '../../../../lib/doctor/findings.ts'
import { report, told } from '../../../../tools/operator/doctor/report.ts'
import { WORDS } from '../../../../tools/operator/doctor/words.ts'

const OIAP = { system: 'oiap', tenantSpaceId: 'T-1' }

describe('tools/operator/doctor/report', () => {
  it.each(CAUSES)(
    'says of %s what is wrong, what to do and who can mend it, with nothing left open',
    (cause) => {
      for (const system of ['stage', 'cec', 'oiap', 'oiap-third-party', 'live', 'live-im', 'live-rtc']) {
        const { wrong, todo, who } = told(finding({ system }, cause))
        for (const text of [wrong, todo]) {
          expect(text).toMatch(/^[A-Z].*[.?]$/)
          expect(text).not.toMatch(/[{}[\]]|undefined/)
        }
        expect(who.length).toBeGreaterThan(0)
      }
    },
  )

  it('has words for every cause, and for no other', () => {
    expect(Object.keys(WORDS).sort()).toEqual([...CAUSES].sort())
  })

  it('names the vendor, the status and the member', () => {
    expect(
      told(finding({ ...OIAP, field: 'url' }, 'KEY_OR_ADDRESS_REFUSED', { upstreamStatus: 403 })),
    ).toMatchObject({
      wrong:
        'OIAP refuses without a reason (status 403): the key is wrong, or our address is not on their list.',
      who: ['you', "AppCube's operators (OIAP)", 'your network'],
    })
    const malformed = { secret: 'a/secret', field: 'appKey', expected: 'expected a key' }
    expect(told(finding(OIAP, 'SECRET_MALFORMED', malformed)).wrong).toBe(
      'The secret a/secret is malformed at "appKey": expected a key.',
    )
  })

  it('tells the address that the refusal has told, and how to find it where it has not', () => {
    const refused = finding(OIAP, 'KEY_OR_ADDRESS_REFUSED')
    expect(told({ ...refused, address: '203.0.113.9' }).todo).toContain(
      'Their answer says that the call came from 203.0.113.9. Tell them the address',
    )
    expect(told(refused).todo).not.toContain('Their answer')
    expect(told(refused).todo).toContain('aws ec2 describe-nat-gateways')
  })

  it('says of credentials that were refused before that they were not shown again', () => {
    const detail = { upstreamCode: '200800002', reason: 'not tried again', retryAfterSeconds: 540 }
    expect(told(finding(OIAP, 'PASSWORD_WRONG', detail)).wrong).toContain(
      'It was refused before: the same credentials are not shown again for 9 min 0 s.',
    )
  })

  it('leads the commands that it names to the same stage', () => {
    expect(told(finding(OIAP, 'ACCOUNT_LOCKED'), '--stage prod --region eu-west-1 ').todo).toContain(
      'npm run tokens -- --unblock oiap T-1 --stage prod --region eu-west-1.',
    )
  })

  it('shows each system in one line, and what is wrong before what is worth knowing', () => {
    const findings = [
      finding({ system: 'cec', tenantSpaceId: 'T-1' }, 'CHANNEL_UNTRIED'),
      finding(OIAP, 'ACCOUNT_LOCKED'),
    ]
    const text = report([{ tenantSpaceId: 'T-1', tried: ['cec', 'oiap', 'live'], findings }], '')
    expect(text.split('\n').slice(0, 4)).toEqual([
      'tenant  system  result',
      'T-1     cec     CHANNEL_UNTRIED',
      'T-1     oiap    ACCOUNT_LOCKED',
      'T-1     live    well',
    ])
    expect(text.indexOf('Wrong: oiap of T-1 (ACCOUNT_LOCKED)')).toBeLessThan(text.indexOf('Note: cec of T-1'))
  })
})
