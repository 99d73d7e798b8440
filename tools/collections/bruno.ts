/** The collection for Bruno: a folder of text files, by Bruno's own converter and writer. */

import { collectionDocument, type Document, expectations } from './document.ts'
import { installed } from './packages.ts'

/** Contents by path, within the collection's folder. */
export type Files = Readonly<Record<string, string>>

interface Item {
  readonly name: string
  readonly items?: readonly Item[]
  readonly request: { readonly url: string; readonly params: readonly Parameter[] }
}

interface Parameter {
  readonly name: string
  readonly value: string
}

interface Converters {
  openApiToBruno(document: Document): { readonly name: string; readonly items: readonly Item[] }
}

interface Writers {
  stringifyRequest(item: object, options: object): string
  stringifyFolder(folder: object, options: object): string
  stringifyEnvironment(environment: object, options: object): string
}

const BRU = { format: 'bru' }
/** The key stays in the environment of whoever runs it: Bruno itself fills this in. */
const CALLER_KEY = '{{process.env.CALLER_KEY}}'

export const brunoFiles = (document: Document): Files => {
  const { openApiToBruno } = installed<Converters>('@usebruno/converters')
  const { stringifyFolder, stringifyEnvironment } = installed<Writers>('@usebruno/filestore')
  const { name, items } = openApiToBruno(collectionDocument(document))
  const variables = { baseUrl: document.servers[0]?.url, callerKey: CALLER_KEY }
  const files: Record<string, string> = {
    'bruno.json': `${JSON.stringify({ version: '1', name, type: 'collection' }, null, 2)}\n`,
    'environments/local.bru': stringifyEnvironment(
      {
        name: 'local',
        variables: Object.entries(variables).map(([variable, value]) => ({
          ...{ name: variable, value, type: 'text', enabled: true, secret: false },
        })),
      },
      BRU,
    ),
  }
  for (const [index, folder] of items.entries()) {
    files[`${folder.name}/folder.bru`] = stringifyFolder({ meta: { name: folder.name, seq: index + 1 } }, BRU)
    for (const [nth, item] of (folder.items ?? []).entries())
      Object.assign(files, requestFile(folder.name, { ...item, seq: nth + 1 }, document))
  }
  return files
}

const requestFile = (folder: string, item: Item & { readonly seq: number }, document: Document): Files => {
  const { stringifyRequest } = installed<Writers>('@usebruno/filestore')
  const { operationId, status, members, isPublic, kept } = expectations(document, item.name)
  const auth = isPublic ? { mode: 'none' } : { mode: 'bearer', bearer: { token: '{{callerKey}}' } }
  const res = Object.entries(kept).map(([variable, member]) => ({
    ...{ name: variable, value: `res.body.${member}`, enabled: true, local: false },
  }))
  const expected = { 'res.status': status, ...prefixed('res.body.', members) }
  const assertions = Object.entries(expected).map(([name, value]) => ({
    ...{ name, value: `eq ${value}`, enabled: true },
  }))
  const request = {
    ...item.request,
    url: withQuery(item.request),
    auth,
    assertions,
    vars: { req: [], res },
    docs: '',
  }
  return { [`${folder}/${operationId}.bru`]: stringifyRequest({ ...item, request, examples: [] }, BRU) }
}

const prefixed = (prefix: string, members: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [prefix + name, value]))

/** Bruno's window writes a query into the address as well, and its command reads it there alone. All parameters here are of the query. */
const withQuery = ({ url, params }: Item['request']): string =>
  params.length === 0
    ? url
    : `${url}?${params.map(({ name, value }) => `${name}=${encodeURIComponent(value)}`).join('&')}`
