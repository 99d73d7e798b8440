import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { MOST_FILE_BYTES, MOST_FILE_MESSAGE_BYTES } from '../../lib/schemas/file-size.ts'
import { secret } from '../support/canary.ts'
import { page, standIn, useRelayWorld, world } from '../support/relay-world.ts'
import { downloadParts, GOOD_BODIES, newChatToken, uploadParts } from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

useRelayWorld()

let download: HttpHandler
beforeEach(async () => {
  download = await world.fresh('downloadFileStream')
})

const FILE = '/9j/4AAQSkZJRg=='
const fileOf = (bytes: number): string => randomBytes(bytes).toString('base64')
const fetched = (changes: object = {}) => call(world, download, downloadParts(world, page.chatToken, changes))
const answerWith = (fileStream: string): string =>
  JSON.stringify({ fileStream, resultCode: '0', resultDesc: '' })
const fromStandIn = async (body: string | Buffer) =>
  standIn(() => (typeof body === 'string' ? { body } : { bytes: body }), 'downloadFileStream')
const heldBy = async (body: string | Buffer) => {
  const cec = await fromStandIn(body)
  return call(world, cec.relay, downloadParts(world, page.chatToken))
}

describe('functions/download-file-stream', () => {
  it('gives a file of the multimedia library, as CEC wrote the answer', async () => {
    const { status, text, line } = await fetched()
    expect([status, text, line.code]).toEqual([
      200,
      `{"fileStream":"${FILE}","resultCode":"0","resultDesc":""}`,
      'FILE_DOWNLOADED',
    ])
  })

  it('gives a file of one’s own chat, and nobody else’s: CEC is shown the chat token', async () => {
    const { body } = await call(
      world,
      await world.fresh('uploadFileStream'),
      uploadParts(world, page.chatToken),
    )
    const local = { fileId: `local/${body.objectKey}`, multiMedia: undefined }
    const request = { userId: '10010002', userName: 'Ann', channelId: 'chat-1', locale: 'en' }
    const { body: issued } = await call(world, await world.fresh('applyToken'), {
      headers: world.authorization,
      body: request,
    })
    secret('chat token', issued.token)
    const refused = await call(world, download, downloadParts(world, issued.token, local))
    expect([refused.status, refused.line.code, refused.line.upstreamCode]).toEqual([
      400,
      'UPSTREAM_VALUES_REFUSED',
      '13',
    ])
    expect((await fetched(local)).body.fileStream).toBe(GOOD_BODIES.uploadFileStream.fileStream)
  })

  it('sends the members in the form of the document’s example, whichever form came', async () => {
    const members = { fileId: 'local/a/b c.jpg', fileType: 'pdf', channel: 'WEB' }
    const cec = await fromStandIn(answerWith(FILE))
    const { body: _, ...rest } = downloadParts(world, page.chatToken)
    for (const body of [members, { reqBody: members }, { ...members, fileType: 'PDF' }]) {
      expect((await call(world, cec.relay, { ...rest, body })).status).toBe(200)
      expect(JSON.parse(cec.heard.at(-1)?.body ?? '')).toEqual(members)
    }
    expect(cec.heard[0]?.headers).toMatchObject({
      'ccmessaging-token': page.chatToken,
      'x-app-key': world.vendors.tenantSecrets(TENANT).cec.appKey,
    })
  })

  it.each([
    ['no fileId', { fileId: undefined }, 'fileId'],
    ['an empty fileId', { fileId: '' }, 'fileId'],
    ['a way up', { fileId: 'local/../secret' }, 'fileId'],
    ['a way up at the end', { fileId: 'local/..' }, 'fileId'],
    ['a step on the spot', { fileId: 'local/./a' }, 'fileId'],
    ['a way up that is percent-encoded', { fileId: 'local/%2e%2e/a' }, 'fileId'],
    ['a backslash', { fileId: 'local\\..\\a' }, 'fileId'],
    ['a path from the root', { fileId: '/etc/passwd' }, 'fileId'],
    ['an address', { fileId: 'https://elsewhere.example/a' }, 'fileId'],
    ['an empty part', { fileId: 'local//a' }, 'fileId'],
    ['a slash at the end', { fileId: 'local/' }, 'fileId'],
    ['a query', { fileId: 'a?b=c' }, 'fileId'],
    ['a fragment', { fileId: 'a#b' }, 'fileId'],
    ['a line break', { fileId: 'a\r\nb' }, 'fileId'],
    ['a direction character', { fileId: 'a\u202egpj.exe' }, 'fileId'],
    ['507 characters', { fileId: 'a'.repeat(507) }, 'fileId'],
    ['a type that CEC does not list', { fileType: 'exe' }, 'fileType'],
    ['another channel', { channel: 'web' }, 'channel'],
    ['another word for multiMedia', { multiMedia: 'yes' }, 'multiMedia'],
    ['a member of another call', { receiverId: '10010001' }, 'body'],
  ])('refuses %s, and asks nobody', async (_, changes, field) => {
    const cec = await fromStandIn(answerWith(FILE))
    const refused = await call(world, cec.relay, downloadParts(world, page.chatToken, changes))
    expect([refused.status, refused.line.code, refused.line.field, cec.heard]).toEqual([
      400,
      'BODY_INVALID',
      field,
      [],
    ])
    expect((await call(world, cec.relay, downloadParts(world, page.chatToken))).status).toBe(200)
  })

  it.each([
    '1179725658739559425',
    '44992392-2078-4caa-af3f-16cc328db296',
    'local/202007159031/2026/a.b..c.pdf',
    'local/张三 的文件.pdf',
    'a'.repeat(506),
  ])('takes the fileId %s', async (fileId) => {
    const cec = await fromStandIn(answerWith(FILE))
    expect((await call(world, cec.relay, downloadParts(world, page.chatToken, { fileId }))).status).toBe(200)
  })

  it('keeps the usual limit for what a page sends', async () => {
    const refused = await fetched({ fileId: 'a'.repeat(17_000) })
    expect([refused.status, refused.line.code]).toEqual([413, 'BODY_TOO_LARGE'])
    expect((await fetched()).status).toBe(200)
  })

  it.each([
    ['a byte too many', () => answerWith(fileOf(MOST_FILE_BYTES + 1))],
    ['far too many bytes', () => answerWith(fileOf(3 * MOST_FILE_BYTES))],
    ['2 MiB within too much besides', () => `${answerWith(fileOf(MOST_FILE_BYTES))}${' '.repeat(300_000)}`],
  ])(
    'passes no file of %s, says why, and passes one of exactly 2 MiB',
    async (_, bodyOf) => {
      const { status, body, line } = await heldBy(bodyOf())
      expect([status, body, line.code]).toEqual([
        502,
        {
          errorCode: '990005027',
          exceptionInfo:
            'CEC sends a file that is too large to be passed on: expected a file of at most 2097152 bytes, ask the agent for a smaller one',
        },
        'UPSTREAM_FILE_TOO_LARGE',
      ])
      const exact = answerWith(fileOf(MOST_FILE_BYTES))
      expect((await heldBy(exact)).text).toBe(exact)
    },
    20_000,
  )

  it.each([
    ['with escaped slashes', (answer: string) => answer.replaceAll('/', '\\/')],
    [
      'with a line break after 76 characters',
      (answer: string) => answer.replace(/[A-Za-z0-9+/]{76}/g, (line) => `${line}\\r\\n`),
    ],
  ])(
    'passes the largest file also %s, below what Lambda takes',
    async (_, written) => {
      const answer = written(answerWith(fileOf(MOST_FILE_BYTES)))
      const { status, text } = await heldBy(answer)
      expect([status, text === answer]).toEqual([200, true])
      expect(Buffer.byteLength(JSON.stringify({ body: text }))).toBeLessThan(6_000_000)
    },
    20_000,
  )

  it('stays below what Lambda takes where every character of an answer is escaped, in both directions', () => {
    const room = 6_291_556 - 2 * 10_240 - 64 * 1024
    expect(Buffer.byteLength(JSON.stringify('\\'.repeat(MOST_FILE_MESSAGE_BYTES)))).toBeLessThan(room)
    expect(Math.ceil(MOST_FILE_MESSAGE_BYTES / 3) * 4).toBeLessThan(room)
  })

  it('passes on a link that CEC gives in place of the file, and members that it does not know', async () => {
    const answer = '{"resultCode":"0","fileStream":null,"fileUrl":"https://files.example/a","more":1}'
    const { status, text } = await heldBy(answer)
    expect([status, text]).toEqual([200, answer])
  })

  it.each([
    ['2', 400, 'UPSTREAM_VALUES_REFUSED', '2'],
    ['13', 400, 'UPSTREAM_VALUES_REFUSED', '13'],
    ['401', 400, 'UPSTREAM_VALUES_REFUSED', '401'],
    ['7', 502, 'UPSTREAM_UNEXPECTED', 'unlisted'],
    ['__proto__', 502, 'UPSTREAM_UNEXPECTED', 'unlisted'],
  ])(
    'answers CEC’s own code %s with a failure: never with 200',
    async (resultCode, ours, code, upstreamCode) => {
      const { status, line } = await heldBy(JSON.stringify({ resultCode, fileStream: FILE }))
      expect([status, line.code, line.upstreamCode]).toEqual([ours, code, upstreamCode])
      expect((await heldBy(answerWith(FILE))).status).toBe(200)
    },
  )

  it('takes a failure under either name of the code for one, also beside a success under the other', async () => {
    for (const codes of [{ returnCode: '13' }, { returnCode: '0', resultCode: 13 }]) {
      const { line } = await heldBy(JSON.stringify({ fileStream: FILE, ...codes }))
      expect([line.code, line.upstreamCode]).toEqual(['UPSTREAM_VALUES_REFUSED', '13'])
    }
    for (const codes of [{}, { returnCode: '0' }, { returnCode: 0, resultCode: '00' }, { resultCode: null }])
      expect((await heldBy(JSON.stringify({ fileStream: FILE, ...codes }))).status).toBe(200)
  })

  it.each([
    ['without a file', '{"resultCode":"0"}'],
    ['with an empty file', '{"resultCode":"0","fileStream":""}'],
    ['that is not UTF-8', Buffer.from(`{"fileStream":"${FILE}","a":"\xe9"}`, 'latin1')],
  ])('takes an answer %s for none', async (_, body) => {
    const { status, line } = await heldBy(body)
    expect([status, line.code]).toEqual([502, 'UPSTREAM_UNEXPECTED'])
    expect((await heldBy(answerWith(FILE))).status).toBe(200)
  })

  it('passes no file that holds a secret of the tenant’s, at any place of it', async () => {
    const { appSecret } = world.vendors.tenantSecrets(TENANT).cec
    for (const before of ['', 'x', 'xx']) {
      const file = Buffer.from(`${before}${appSecret} and more`).toString('base64')
      const { status, line } = await heldBy(answerWith(file))
      expect([status, line.reason]).toEqual([502, 'repeats a secret'])
    }
    expect((await heldBy(answerWith(FILE))).status).toBe(200)
  })

  it('hands back a renewed chat token, with a failure too', async () => {
    for (const fault of ['renewed-chat-token', 'header-on-failure'] as const) {
      page.chatToken = await newChatToken(world)
      world.vendors.cec.fail({ fault, call: 'downloadFileStream' })
      page.chatToken = (await fetched()).headers['ccmessaging-token'] ?? ''
      expect((await fetched()).status).toBe(200)
    }
  })

  it('writes neither the file nor its id into the log, whatever comes of it', async () => {
    const file = fileOf(600)
    const id = 'invoice-of-march'
    for (const answer of [
      answerWith(file),
      `${answerWith(file)} broken`,
      `{"resultCode":"13","fileStream":"${file}"}`,
    ]) {
      const cec = await fromStandIn(answer)
      await call(world, cec.relay, downloadParts(world, page.chatToken, { fileId: id }))
    }
    await fetched({ fileId: `${id}/..` })
    const log = JSON.stringify(world.lines)
    for (let at = 0; at < file.length; at += 40) expect(log).not.toContain(file.slice(at, at + 20))
    expect(log).not.toContain(id)
  })
})
