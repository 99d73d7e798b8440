import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { openApiOfStage } from '../../../tools/interface/stage-document.ts'
import { serveDocs } from '../../../tools/local/docs-page.ts'
import { answerAsGateway } from '../../../tools/local/gateway-answers.ts'

const offline = createRequire(import.meta.url).resolve('serverless-offline')
const { Server } = createRequire(offline)('@hapi/hapi')

const PATH_OF: Readonly<Record<string, string>> = {
  validateEnterpriseToken: '/cec/4f1a/validate',
  validateAgentToken: '/rest/cc-management/v1/thirdparty/thirdPartyValidate',
}

const stage = () =>
  openApiOfStage({
    url: 'http://127.0.0.1:4000',
    env: { USER_ID_CHARACTERS: '0-9', USER_ID_MAX_LENGTH: '20' },
    pathOf: (name) => PATH_OF[name] ?? '',
  })

const ask = async (url: string) => {
  const server = new Server({ router: { stripTrailingSlash: true } })
  serveDocs(server, async () => stage())
  server.route({ method: '*', path: '/{p*}', handler: () => ({}) })
  answerAsGateway(server)
  const { statusCode, payload, headers } = await server.inject({ method: 'GET', url })
  return { status: statusCode, text: payload as string, headers: headers as Readonly<Record<string, string>> }
}

const outsideHosts = (text: string): readonly string[] =>
  [...text.matchAll(/https?:\/\/[\w.-]+|[("'=]\/\/[\w-]+\.[\w.-]+/g)].map(([host]) => host)

describe('tools/local/docs-page', () => {
  it('serves a page that names no host, and whose policy lets it load nothing from elsewhere', async () => {
    const { status, text, headers } = await ask('/docs')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(outsideHosts(text)).toEqual([])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).not.toMatch(/https?:|\*/)
    expect(outsideHosts('<script src="https://cdn.example/x.js">')).toEqual(['https://cdn.example'])
  })

  it('serves everything that the page names', async () => {
    const { text } = await ask('/docs')
    const named = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path)
    expect(named).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js'])
    for (const path of named) expect((await ask(path)).status).toBe(200)
    const { text: start } = await ask('/docs/start.js')
    expect(start).toContain("url: '/docs/openapi.json'")
    expect(start).toContain('validatorUrl: null')
  })

  it('offers no form that sends a request: a page has no caller key that a route takes', async () => {
    const { text } = await ask('/docs/start.js')
    expect(text).toContain('supportedSubmitMethods: [],')
    expect(text).toContain('authorizeBtn: nothing, authorizeOperationBtn: nothing')
  })

  it("serves the stage's own document, by its settings and at its addresses", async () => {
    const { text } = await ask('/docs/openapi.json')
    const { servers, paths, components } = JSON.parse(text)
    expect(servers).toEqual([{ url: 'http://127.0.0.1:4000' }])
    expect(paths['/cec/4f1a/validate'].post.operationId).toBe('validateEnterpriseToken')
    expect(paths['/rest/cc-messaging/v1/thirdparty/chatThirdPartyValidate']).toBeUndefined()
    expect(components.schemas.PutUserRequest.properties.userId.pattern).toBe(
      String.raw`^[\u0030-\u0039]([\u0030-\u0039]*[\u0030-\u0039])?$`,
    )
  })

  it('answers what else is asked below it as API Gateway does', async () => {
    const { status, text } = await ask('/docs/other')
    expect([status, text]).toEqual([404, '{"message":"Not Found"}'])
  })
})
