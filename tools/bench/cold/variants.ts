/** What is measured side by side. */

export interface Variant {
  /** As tables and charts have it. */
  readonly name: string
  /** A file of `fixtures/`, or a function of this project with its sample event. */
  readonly is: { readonly fixture: string } | { readonly event: string }
  /** The function whose settings and event it gets; a function gets its own. */
  readonly of: string
  readonly expectedStatus: number
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

export const EMPTY = 'empty handler'
export const FLOOR = 'both SDK clients, none of our code'
export const USUAL = 'usual stack'

export const VARIANTS: readonly Variant[] = [
  fixture(EMPTY, 'empty'),
  fixture(FLOOR, 'floor'),
  fixture(USUAL, 'usual'),
  route('validateEnterpriseToken', 'ok'),
  { ...route('validateEnterpriseToken', 'ok'), name: 'validateEnterpriseToken, unprimed', isPrimed: false },
  route('issueEnterpriseToken', 'ok', 201),
  { ...route('issueEnterpriseToken', 'ok', 201), name: 'issueEnterpriseToken, unprimed', isPrimed: false },
  route('applyToken', 'ok'),
  { ...route('applyToken', 'ok'), name: 'applyToken, unprimed', isPrimed: false },
  route('appCubeToken', 'ok'),
  route('liveMessageToken', 'ok'),
  route('chatRelay', 'send-connect'),
]
