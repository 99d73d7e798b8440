/** What is started side by side. */

import { type Subject, VALID } from '../subject.ts'

export interface Variant extends Subject {
  /** False: as if the start asked nothing of itself. Default true. */
  readonly isPrimed?: boolean
}

const fixture = (name: string, file: string): Variant => ({
  name,
  is: { fixture: file },
  of: 'validateEnterpriseToken',
  expectedStatus: 200,
})

const route = (name: string, event: string, expectedStatus = 200): Variant => ({
  name,
  is: { event },
  of: name,
  expectedStatus,
})

const unprimed = (variant: Variant): Variant => ({
  ...variant,
  name: `${variant.name}, unprimed`,
  isPrimed: false,
})

export const EMPTY = 'empty handler'
export const FLOOR = 'both SDK clients, none of our code'
export const USUAL = 'usual stack'

const VALIDATE = { ...route('validateEnterpriseToken', 'ok'), expectedText: VALID }
const ISSUE = route('issueEnterpriseToken', 'ok', 201)
const APPLY = route('applyToken', 'ok')

export const VARIANTS: readonly Variant[] = [
  fixture(EMPTY, 'empty'),
  fixture(FLOOR, 'floor'),
  fixture(USUAL, 'usual'),
  VALIDATE,
  unprimed(VALIDATE),
  ISSUE,
  unprimed(ISSUE),
  APPLY,
  unprimed(APPLY),
  route('appCubeToken', 'ok'),
  route('liveMessageToken', 'ok'),
  route('chatRelay', 'send-connect'),
]
