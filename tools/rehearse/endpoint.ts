/** Method and path in one text, as the steps name them. */

import type { ApiRequest } from './api.ts'

const FORM = /^([A-Z]+) (\/\S*)$/

/** The parts of `POST /path`. Throws for a text of another form, which would ask for something else. */
export const endpointOf = (text: string): Pick<ApiRequest, 'method' | 'path'> => {
  const [, method, path] = FORM.exec(text) ?? []
  if (method === undefined || path === undefined)
    throw new Error(`expected a method and a path, such as "POST /users", got ${JSON.stringify(text)}`)
  return { method, path }
}
