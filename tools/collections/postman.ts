/** The collection for Postman and its environment, by Postman's own converter. */

import type { Files } from './bruno.ts'
import { collectionDocument, type Document, expectations } from './document.ts'
import { installed } from './packages.ts'

interface Item {
  readonly name: string
  readonly item?: readonly Item[]
  readonly request?: object
}

interface Collection {
  readonly info: { readonly name: string; readonly schema: string }
  readonly item: readonly Item[]
}

interface Converted {
  readonly result: boolean
  readonly reason?: string
  readonly output: readonly { readonly data: Collection }[]
}

interface Converter {
  convertV2(
    input: { readonly type: 'string'; readonly data: string },
    options: object,
    done: (error: Error | null, converted: Converted) => void,
  ): void
}

const OPTIONS = {
  folderStrategy: 'Tags',
  parametersResolution: 'Example',
  requestNameSource: 'Fallback', // the summary
  optimizeConversion: false,
}

export const postmanFiles = async (document: Document): Promise<Files> => {
  const { info, item } = await converted(collectionDocument(document))
  const collection = {
    info: { name: info.name, schema: info.schema },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{callerKey}}', type: 'string' }] },
    item: item.map((folder) => ({
      name: folder.name,
      item: (folder.item ?? []).map((request) => withTest(request, document)),
    })),
  }
  const values = [
    { key: 'baseUrl', value: document.servers[0]?.url, type: 'default', enabled: true },
    { key: 'callerKey', value: '', type: 'secret', enabled: true }, // whoever runs it fills this in
  ]
  const environment = { name: 'local', values, _postman_variable_scope: 'environment' }
  return {
    'cec-token-bridge.postman_collection.json': asText(collection),
    'local.postman_environment.json': asText(environment),
  }
}

const asText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

const converted = (document: Document): Promise<Collection> =>
  new Promise((resolve, reject) => {
    const { convertV2 } = installed<Converter>('openapi-to-postmanv2')
    const input = { type: 'string', data: JSON.stringify(document) } as const
    convertV2(input, OPTIONS, (error, { result, reason, output }) => {
      const [first] = output ?? []
      if (error === null && result && first !== undefined) resolve(first.data)
      else reject(error ?? new Error(reason))
    })
  })

/** Without what the converter draws anew in each run: ids, and examples of answers. */
const withTest = (item: Item, document: Document): object => {
  const { status, members, isPublic, kept } = expectations(document, item.name)
  const exec = [
    `pm.test('${status}', () => pm.response.to.have.status(${status}))`,
    ...Object.entries(members).map(
      ([member, value]) =>
        `pm.test('${member}', () => pm.expect(pm.response.json().${member}).to.eql(${value}))`,
    ),
    ...Object.entries(kept).map(
      ([variable, member]) => `pm.collectionVariables.set('${variable}', pm.response.json().${member})`,
    ),
  ]
  return {
    name: item.name,
    event: [{ listen: 'test', script: { type: 'text/javascript', exec } }],
    request: { ...item.request, ...(isPublic && { auth: { type: 'noauth' } }) },
  }
}
