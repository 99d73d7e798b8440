/** Errors planted in the document, each of which a run must find. */

import type { OpenApi } from '../document.ts'

export interface Planted {
  readonly what: string
  readonly path: string
  readonly plant: (document: OpenApi) => OpenApi
  /** The check that finds it. */
  readonly check: string
}

const PATH = '/agent-tokens'

const limited = (document: OpenApi, change: (schema: { maxLength: number }) => void): OpenApi => {
  const copy = structuredClone(document) as unknown as { components: { schemas: Record<string, never> } }
  const { Id64: limit } = copy.components.schemas
  if (limit === undefined) throw new Error('the document has no Id64')
  change(limit)
  return copy as unknown as OpenApi
}

export const PLANTED: readonly Planted[] = [
  {
    what: 'an answer that the document does not have',
    path: PATH,
    plant: (document) => {
      const copy = structuredClone(document) as {
        paths: Record<string, Record<string, { responses: Record<string, object> }>>
      }
      delete copy.paths[PATH]?.['post']?.responses['400']
      return copy as unknown as OpenApi
    },
    check: 'status_code_conformance',
  },
  {
    what: 'an answer with another member than the document has',
    path: PATH,
    plant: (document) => {
      const copy = structuredClone(document) as unknown as {
        components: { schemas: Record<string, { properties: object; required: readonly string[] }> }
      }
      const { IssueAgentTokenAnswer: answer } = copy.components.schemas
      if (answer === undefined) throw new Error('the document has no IssueAgentTokenAnswer')
      delete (answer.properties as { expiresIn?: object }).expiresIn
      // A member that is demanded and unknown at once is a contradiction, which schemathesis passes over.
      answer.required = answer.required.filter((name) => name !== 'expiresIn')
      return copy as unknown as OpenApi
    },
    check: 'response_schema_conformance',
  },
  {
    what: 'a limit that is one character too short',
    path: PATH,
    plant: (document) =>
      limited(document, (schema) => {
        schema.maxLength -= 1
      }),
    check: 'negative_data_rejection',
  },
]
