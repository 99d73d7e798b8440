/** How much a stage may do at once: executions that functions have for themselves, limits of routes, and whether they fit together. */

import { entriesOf } from './parameters/shapes.ts'

/** Lambda keeps so many for functions without a reservation (quota of an account). */
const LEAST_UNRESERVED = 100
/** Requests a second that Lambda takes for each execution which a function may have. */
const REQUESTS_PER_EXECUTION = 10

/**
 * Of 1,000 executions of an account, those that a function has for itself: what a person waits for at a sign-in, and what shuts
 * somebody out, must go on while chats fill all the rest.
 */
const RESERVED: Readonly<Record<string, number>> = {
  validateEnterpriseToken: 100,
  validateAgentToken: 20,
  issueEnterpriseToken: 50,
  issueAccessToken: 50,
  issueAgentToken: 10,
  revokeEnterpriseTokens: 10,
}
/** With less, some part would take fewer requests a second than its route lets through by default. */
const LEAST_SHARED_OUT = 500
const POLLING = 'chatRelay'
/** Of the executions that polls may have; the rest is for messages that pages send, and for all other functions that share them. */
const POLLS_PART = 0.9
/** What the parameters pollSeconds and routeRates take. */
const LEAST_POLL_SECONDS = 0.1
const LEAST_RATE = 1

export interface Limit {
  readonly rate: number
  readonly burst: number
}

export interface Capacity {
  readonly accountConcurrency: number
  /** By function; what a parameter or serverless/functions.yml gives. Anything but a number is none. */
  readonly given: Readonly<Record<string, unknown>>
  readonly limits: Readonly<Record<string, Limit>>
  readonly pollSeconds: number
}

export interface Plan {
  /** By function. */
  readonly reserved: Readonly<Record<string, number>>
  /** What polls may occupy at once: lib/vendors/cec/poll-length.ts sees to it. */
  readonly pollExecutions: number
  /** Sentences. With any of them nothing may be packaged. */
  readonly mistakes: readonly string[]
  readonly warnings: readonly string[]
}

/**
 * What each function has for itself: what it is given, else its part of the account, where enough is left for all others. An account of less than
 * 500 executions is not shared out: it has the reservations that are given, and no others.
 */
export const capacityPlan = ({ accountConcurrency, given, limits, pollSeconds }: Capacity): Plan => {
  const named = numbersOf(given)
  const own = Object.fromEntries(
    Object.entries(RESERVED)
      .filter(([name]) => name in given && !(name in named))
      .map(([name, of1000]) => [name, Math.floor((accountConcurrency * of1000) / 1_000)]),
  )
  const isSharedOut =
    accountConcurrency >= LEAST_SHARED_OUT && accountConcurrency - sum(named) - sum(own) >= LEAST_UNRESERVED
  const reserved = isSharedOut ? { ...own, ...named } : named
  const left = accountConcurrency - sum(reserved)
  const forPolls = reserved[POLLING] ?? left
  return {
    reserved,
    pollExecutions: Math.max(1, Math.floor(forPolls * POLLS_PART)),
    mistakes: reservedTooMuch({ accountConcurrency, reserved, left }),
    warnings: [
      ...requestsTooMany(reserved, limits),
      ...pollsTooMany({ limit: limits[POLLING], pollSeconds, executions: forPolls }),
    ],
  }
}

const numbersOf = (given: Capacity['given']): Record<string, number> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      ['string', 'number'].includes(typeof value) ? [[name, Number(value)] as const] : [],
    ),
  )

const sum = (numbers: Readonly<Record<string, number>>): number =>
  Object.values(numbers).reduce((total, value) => total + value, 0)

const reservedTooMuch = ({
  accountConcurrency,
  reserved,
  left,
}: {
  readonly accountConcurrency: number
  readonly reserved: Plan['reserved']
  readonly left: number
}): readonly string[] =>
  sum(reserved) === 0 || left >= LEAST_UNRESERVED
    ? []
    : [
        `Functions reserve ${sum(reserved)} of the account's ${accountConcurrency} executions, and Lambda keeps ` +
          `${LEAST_UNRESERVED} for functions without a reservation: lower validateReservedConcurrency or ` +
          'chatReservedConcurrency, or let AWS raise the account’s quota and say so in accountConcurrency.',
      ]

const requestsTooMany = (reserved: Plan['reserved'], limits: Capacity['limits']): readonly string[] =>
  Object.entries(reserved).flatMap(([name, executions]) => {
    const most = executions * REQUESTS_PER_EXECUTION
    const rate = limits[name]?.rate ?? 0
    if (executions === 0 || rate <= most) return []
    return [
      `${name} has ${executions} executions, for which Lambda takes ${most} requests a second, and routeRates lets ` +
        `${rate} through: give it ${Math.ceil(rate / REQUESTS_PER_EXECUTION)} executions, or lower the rate.`,
    ]
  })

const pollsTooMany = ({
  limit,
  pollSeconds,
  executions,
}: {
  readonly limit: Limit | undefined
  readonly pollSeconds: number
  readonly executions: number
}): readonly string[] => {
  if (limit === undefined || limit.rate * pollSeconds <= executions || executions === 0) return []
  const seconds = Math.floor((executions / limit.rate) * 10) / 10
  const rate = Math.floor(executions / pollSeconds)
  // In a small account one of the two may have no value that fits.
  const ways = [
    ...(seconds >= LEAST_POLL_SECONDS ? [`lower pollSeconds to ${seconds}`] : []),
    ...(rate >= LEAST_RATE ? [`lower chatRelay in routeRates to ${rate}`] : []),
    "raise accountConcurrency once AWS has raised the account's quota",
  ]
  return [
    `${limit.rate} polls a second that hang for ${pollSeconds} s occupy ${Math.ceil(limit.rate * pollSeconds)} executions, and ` +
      `${executions} are left for them. Pages beyond are told to come later, with 429. What helps: ${ways.join(', or ')}.`,
  ]
}

/** The limits of serverless/throttling.yml with those of the parameter `routeRates` in their places; a burst is twice its rate. */
export const limitsWith = (
  limits: Readonly<Record<string, Limit>>,
  routeRates: unknown,
): Readonly<Record<string, Limit>> => {
  const own = (entriesOf(routeRates ?? '') ?? []).map((entry) => {
    const [name = '', rate] = entry.split('=')
    return [name, { rate: Number(rate), burst: 2 * Number(rate) }] as const
  })
  return { ...limits, ...Object.fromEntries(own) }
}
