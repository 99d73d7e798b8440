/** `/docs` of the local stage: the document of the interface, for people. The viewer comes from its package; nothing is fetched from elsewhere. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The part of hapi's server that this touches. */
export interface PageServer {
  route(route: { method: 'GET'; path: string; handler: (request: object, toolkit: Toolkit) => object }): void
}

interface Toolkit {
  response(body: string): Reply
}

interface Reply {
  type(contentType: string): Reply
  header(name: string, value: string): Reply
}

export const DOCS_PATH = '/docs'

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>cec-token-bridge</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${DOCS_PATH}/swagger-ui.css">
<div id="document"></div>
<script src="${DOCS_PATH}/swagger-ui-bundle.js"></script>
<script src="${DOCS_PATH}/start.js"></script>
</html>
`

// Its validator would send the document to another host. Its forms would send a caller key from a page, which no route takes.
const START = `const nothing = () => () => null
SwaggerUIBundle({
  url: '${DOCS_PATH}/openapi.json',
  dom_id: '#document',
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: [],
  plugins: [{ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } }],
})
`

/** What a browser would refuse to load from elsewhere, even if the viewer asked for it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src data:; connect-src 'self'"

const ofViewer = (file: string) => (): string =>
  readFileSync(fileURLToPath(import.meta.resolve(`swagger-ui-dist/${file}`)), 'utf8')

/** Adds the page to the server. `document` is asked for when a page is: it takes a second to make. */
export const serveDocs = (server: PageServer, document: () => Promise<object>): void => {
  const files: readonly (readonly [path: string, type: string, text: () => string | Promise<string>])[] = [
    ['', 'text/html', () => PAGE],
    ['/start.js', 'text/javascript', () => START],
    ['/swagger-ui.css', 'text/css', ofViewer('swagger-ui.css')],
    ['/swagger-ui-bundle.js', 'text/javascript', ofViewer('swagger-ui-bundle.js')],
    ['/openapi.json', 'application/json', async () => JSON.stringify(await document())],
  ]
  for (const [path, type, text] of files)
    server.route({
      method: 'GET',
      path: DOCS_PATH + path,
      handler: async (_, toolkit) =>
        toolkit
          .response(await text())
          .type(type)
          .header('content-security-policy', POLICY),
    })
}
