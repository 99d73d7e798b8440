/** What is measured side by side. */

export interface Variant {
  /** As tables and charts have it. */
  readonly name: string
  /** A file of `fixtures/`, or a function of this project with its sample event. */
  readonly is: { readonly fixture: string } | { readonly event: string }
  /** The function whose settings and event it gets; a function gets its own. */
  readonly of: string
  readonly expectedStatus: number
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
  route('issueEnterpriseToken', 'ok', 201),
  route('applyToken', 'ok'),
  route('appCubeToken', 'ok'),
  route('liveMessageToken', 'ok'),
  route('chatRelay', 'send-connect'),
]
