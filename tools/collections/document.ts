/** The interface's document as the two converters take it: of each call the one request that succeeds, with variables where values come from elsewhere. */

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: unknown
  readonly responses: Readonly<Record<string, unknown>>
}

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: object
  readonly example?: string
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
  readonly servers: readonly { readonly url: string }[]
}

/** What later requests take from an answer, by operation: variable and member. The document's examples name the variables. */
const KEPT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  issueEnterpriseToken: { enterpriseToken: 'token' },
  issueAgentToken: { agentToken: 'token' },
  applyToken: { chatToken: 'token' },
}

/** Members of an answer that must be so: CEC's questions are answered with status 200 whatever the answer is. */
const ANSWERED: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  validateEnterpriseToken: { retCode: 0 },
  validateAgentToken: { retCode: 0 },
}

/** It ends the tokens that the others use, so it is made before them. */
const FIRST = 'revokeTokens'

/** What a request of either collection is about. */
export interface Expected {
  readonly operationId: string
  /** The one status of success. */
  readonly status: number
  readonly members: Readonly<Record<string, number>>
  /** Nobody is asked for a credential. */
  readonly isPublic: boolean
  /** Variables that are set from members of the answer. */
  readonly kept: Readonly<Record<string, string>>
}

const operationsOf = ({ paths }: Document): readonly (readonly [string, string, Operation])[] =>
  Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [path, method, operation] as const),
    )
    .sort(([, , a], [, , b]) => Number(b.operationId === FIRST) - Number(a.operationId === FIRST))

const successOf = ({ operationId, responses }: Operation): string => {
  const [status, ...more] = Object.keys(responses).filter((code) => code.startsWith('2'))
  if (status === undefined || more.length > 0)
    throw new Error(`${operationId}: expected one answer of success`)
  return status
}

/** By the operation's summary, which is the request's name in both collections. */
export const expectations = (document: Document, summary: string): Expected => {
  const [, , operation] = operationsOf(document).find(([, , each]) => each.summary === summary) ?? []
  if (operation === undefined) throw new Error(`no operation has the summary ${JSON.stringify(summary)}`)
  const { operationId, security = [] } = operation
  return {
    operationId,
    status: Number(successOf(operation)),
    members: ANSWERED[operationId] ?? {},
    isPublic: security.length === 0,
    kept: KEPT[operationId] ?? {},
  }
}

const CHAT_TOKEN: Parameter = {
  ...{ name: 'ccmessaging-token', in: 'header', required: true },
  ...{ schema: { type: 'string' }, example: '{{chatToken}}' },
}

/** Its refusals and its optional parameters are left out. Credentials too: the converters would name them their own way. */
const forCollections = (operation: Operation): Operation => {
  const { security = [], parameters = [] } = operation
  const status = successOf(operation)
  const hasChatToken = security.some((scheme) => 'chatToken' in scheme)
  return {
    ...operation,
    parameters: [...parameters.filter(({ required }) => required), ...(hasChatToken ? [CHAT_TOKEN] : [])],
    security: [],
    responses: { [status]: { description: 'OK' } },
  }
}

/** A copy for the converters. */
export const collectionDocument = (document: Document): Document => {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const [path, method, operation] of operationsOf(document))
    paths[path] = { ...paths[path], [method]: forCollections(operation) }
  return { ...document, paths }
}
