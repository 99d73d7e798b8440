/** Answers that several endpoints have word for word: each stands once in the document, under a name. */

import type { OperationObject } from './document.ts'

type Paths = Readonly<Record<string, Readonly<Record<string, OperationObject>>>>

interface Document {
  readonly paths: Paths
  readonly components: object
}

/** The same document, where each answer that is not the only one of its words is a component that is referred to. */
export const sharedResponses = <Given extends Document>(document: Given): Given => {
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path))
  const counts = new Map<string, number>()
  for (const { responses } of operations)
    for (const response of Object.values(responses)) {
      const text = JSON.stringify(response)
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
  const names = new Map<string, string>()
  const shared: Record<string, object> = {}
  const referred = (status: string, response: object, { tags: [tag = ''] }: OperationObject): object => {
    const text = JSON.stringify(response)
    if ((counts.get(text) ?? 0) < 2) return response
    const name = names.get(text) ?? freeName(`${tag}${status}`, shared)
    names.set(text, name)
    shared[name] = response
    return { $ref: `#/components/responses/${name}` }
  }
  const paths = mapped(document.paths, (path) =>
    mapped(path, (operation) => ({
      ...operation,
      responses: mapped(operation.responses, (response, status) => referred(status, response, operation)),
    })),
  )
  return { ...document, paths, components: { ...document.components, responses: shared } }
}

const mapped = <Value, Made>(
  object: Readonly<Record<string, Value>>,
  make: (value: Value, name: string) => Made,
): Record<string, Made> =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, make(value, name)]))

/** `cec429`, and for others of the same system and status `cec429b` and so on. */
const freeName = (name: string, taken: object): string =>
  ['', ...'bcdefghijk'].map((suffix) => name + suffix).find((free) => !(free in taken)) ?? name
