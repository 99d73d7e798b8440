import { describe, expect, it } from 'vitest'
import { type Capacity, capacityPlan, limitsWith } from '../../../tools/package/capacity.ts'

/** What the framework makes of a parameter that is unset. */
const UNSET = { Ref: 'AWS::NoValue' }
const LIMITS = {
  validateEnterpriseToken: { rate: 100, burst: 200 },
  issueEnterpriseToken: { rate: 50, burst: 100 },
  chatRelay: { rate: 120, burst: 240 },
}
const NONE = {
  validateEnterpriseToken: UNSET,
  validateAgentToken: UNSET,
  issueEnterpriseToken: undefined,
  issueAccessToken: undefined,
  issueAgentToken: undefined,
  revokeEnterpriseTokens: undefined,
  chatRelay: UNSET,
  jwks: undefined,
}
const plan = ({ given, ...changes }: Partial<Capacity> = {}) =>
  capacityPlan({
    accountConcurrency: 1_000,
    limits: LIMITS,
    pollSeconds: 5,
    ...changes,
    given: { ...NONE, ...given },
  })

describe('tools/package/capacity: capacityPlan', () => {
  it('keeps a part of the account for validating, issuing and revoking, and says nothing', () => {
    expect(plan()).toEqual({
      reserved: {
        validateEnterpriseToken: 100,
        validateAgentToken: 20,
        issueEnterpriseToken: 50,
        issueAccessToken: 50,
        issueAgentToken: 10,
        revokeEnterpriseTokens: 10,
      },
      pollExecutions: 684,
      mistakes: [],
      warnings: [],
    })
  })

  it('keeps nothing in an account where too little would be left for all others', () => {
    expect(plan({ accountConcurrency: 499 }).reserved).toEqual({})
    expect(plan({ accountConcurrency: 500 }).reserved).toMatchObject({ validateEnterpriseToken: 50 })
    expect(plan({ accountConcurrency: 500, given: { chatRelay: 281 } }).reserved).toEqual({ chatRelay: 281 })
    expect(plan({ accountConcurrency: 500, given: { chatRelay: 280 } }).reserved).toMatchObject({
      validateEnterpriseToken: 50,
    })
    expect(plan({ accountConcurrency: 10 })).toMatchObject({ reserved: {}, mistakes: [] })
  })

  it('gives a function what its parameter says, as a number or a text', () => {
    const given = { validateEnterpriseToken: '200', chatRelay: 300 }
    expect(plan({ given }).reserved).toMatchObject({
      validateEnterpriseToken: 200,
      validateAgentToken: 20,
      chatRelay: 300,
    })
  })

  it('takes 0 for what it is: a route that is stopped', () => {
    expect(plan({ given: { validateEnterpriseToken: '0' } })).toMatchObject({
      reserved: { validateEnterpriseToken: 0 },
      mistakes: [],
      warnings: [],
    })
  })

  it('refuses reservations that leave fewer than 100 executions, and takes those that leave 100', () => {
    const given = { validateEnterpriseToken: 400, chatRelay: 501 }
    expect(plan({ given }).mistakes).toEqual([
      expect.stringContaining("Functions reserve 901 of the account's 1000 executions"),
    ])
    expect(plan({ given: { ...given, chatRelay: 500 } }).mistakes).toEqual([])
  })

  it('warns of a route that lets more through than Lambda takes', () => {
    const of = (rate: number) =>
      plan({ limits: { ...LIMITS, validateEnterpriseToken: { rate, burst: rate } } }).warnings
    expect(of(1_001)).toEqual([expect.stringContaining('give it 101 executions, or lower the rate')])
    expect(of(1_000)).toEqual([])
  })

  it('warns of polls that occupy more executions than are left, and says what would fit', () => {
    const of = (rate: number, pollSeconds: number) =>
      plan({ limits: { ...LIMITS, chatRelay: { rate, burst: rate } }, pollSeconds }).warnings
    expect(of(200, 5)).toEqual([
      expect.stringMatching(/^200 polls a second that hang for 5 s occupy 1000 executions, and 760 are left/),
    ])
    expect(of(200, 5)[0]).toContain('lower pollSeconds to 3.8, or lower chatRelay in routeRates to 152, or')
    expect([of(200, 3.8), of(152, 5)]).toEqual([[], []])
  })

  it('names no value that a parameter refuses, where there is none that fits', () => {
    const of = (pollSeconds: number) => plan({ accountConcurrency: 10, pollSeconds }).warnings[0]
    const raise = "raise accountConcurrency once AWS has raised the account's quota."
    expect(of(5)).toContain(`What helps: lower chatRelay in routeRates to 2, or ${raise}`)
    expect(of(25)).toContain(`What helps: ${raise}`)
    expect(plan({ accountConcurrency: 12, pollSeconds: 0.2 }).warnings[0]).toContain(
      `What helps: lower pollSeconds to 0.1, or lower chatRelay in routeRates to 60, or ${raise}`,
    )
  })

  it.each([
    ['of what is left of the account', {}, 684],
    ['of the relay’s own', { given: { chatRelay: 300 } }, 270],
    ['of a new account', { accountConcurrency: 10 }, 9],
    ['and one at least', { given: { chatRelay: 0 } }, 1],
  ])('lets polls occupy nine tenths, %s', (_, changes, executions) => {
    expect(plan(changes).pollExecutions).toBe(executions)
  })

  it('warns of polls by the cap of the relay, where it has one', () => {
    expect(plan({ given: { chatRelay: 500 } }).warnings).toEqual([expect.stringContaining('500 are left')])
    expect(plan({ given: { chatRelay: 600 } }).warnings).toEqual([])
  })

  it('warns in a new account, which has 10 executions', () => {
    expect(plan({ accountConcurrency: 10 }).warnings).toEqual([expect.stringContaining('10 are left')])
    expect(plan({ accountConcurrency: 600 }).warnings).toEqual([expect.stringContaining('456 are left')])
    expect(plan({ accountConcurrency: 800 }).warnings).toEqual([])
  })
})

describe('tools/package/capacity: limitsWith', () => {
  it('puts the parameter’s limits in their places, with twice the rate as burst', () => {
    expect(limitsWith(LIMITS, 'validateEnterpriseToken=1000, chatRelay=500')).toEqual({
      ...LIMITS,
      validateEnterpriseToken: { rate: 1_000, burst: 2_000 },
      chatRelay: { rate: 500, burst: 1_000 },
    })
  })

  it.each(['', undefined])('leaves all limits as they are for %j', (routeRates) => {
    expect(limitsWith(LIMITS, routeRates)).toEqual(LIMITS)
  })
})
