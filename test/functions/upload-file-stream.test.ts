import { randomBytes } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import type { HttpHandler } from '../../lib/http/handler.ts'
import { MOST_FILE_BYTES, MOST_FILE_MESSAGE_BYTES } from '../../lib/schemas/file-size.ts'
import { page, standIn, useRelayWorld, world } from '../support/relay-world.ts'
import { downloadParts, newChatToken, pollParts, sendParts, uploadParts } from '../support/vendor-world.ts'
import { call, TENANT } from '../support/world.ts'

useRelayWorld()

let upload: HttpHandler
beforeEach(async () => {
  upload = await world.fresh('uploadFileStream')
})

const fileOf = (bytes: number): string => randomBytes(bytes).toString('base64')
const uploaded = (changes: object = {}) => call(world, upload, uploadParts(world, page.chatToken, changes))
const KEY = '{"returnCode":"0","objectKey":"44992392-2078-4caa-af3f-16cc328db296"}'
const toStandIn = (answer: Parameters<typeof standIn>[0]) => standIn(answer, 'uploadFileStream')

describe('functions/upload-file-stream', () => {
  it('answers with the key, which a message then carries, and under which the agent’s side is fetched again', async () => {
    const fileStream = fileOf(1000)
    const { status, body, line } = await uploaded({ fileStream })
    expect([status, body, line.code]).toEqual([
      200,
      { returnCode: '0', objectKey: expect.any(String) },
      'FILE_UPLOADED',
    ])
    const relay = await world.fresh('chatRelay')
    const content = `${body.objectKey},jpg`
    const sent = await call(
      world,
      relay,
      sendParts(world, page.chatToken, { mediaType: 'FILE_IMAGE', content }),
    )
    expect([sent.status, sent.body.resultCode]).toEqual([200, '0'])
    const polled = await call(world, relay, pollParts(world, page.chatToken))
    const [message] = polled.body.downlinkMessages
    expect(message).toMatchObject({
      mediaType: 'IMAGE',
      content: body.objectKey,
      contentType: '1',
      mediaFileType: 'jpg',
    })
    const fetched = await call(
      world,
      await world.fresh('downloadFileStream'),
      downloadParts(world, page.chatToken, {
        fileId: `local/${message.content}`,
        fileType: message.mediaFileType,
        multiMedia: undefined,
      }),
    )
    expect(fetched.body).toEqual({ fileStream, resultCode: '0', resultDesc: '' })
  })

  it('sends the three members in the form of the document’s example, whichever form came', async () => {
    const { fileStream } = { fileStream: fileOf(10) }
    const members = { fileType: 'jpg', fileStream, channel: 'WEB' }
    const cec = await toStandIn(() => ({ body: KEY }))
    const { body: _, ...rest } = uploadParts(world, page.chatToken)
    for (const body of [members, { reqBody: members }, { ...members, fileType: 'JPG' }]) {
      const answer = await call(world, cec.relay, { ...rest, body })
      expect([answer.status, answer.text]).toEqual([200, KEY])
      expect(JSON.parse(cec.heard.at(-1)?.body ?? '')).toEqual(members)
    }
    expect(cec.heard[0]?.headers).toMatchObject({
      'ccmessaging-token': page.chatToken,
      'x-app-key': world.vendors.tenantSecrets(TENANT).cec.appKey,
      'content-type': 'application/json',
      connection: 'close',
    })
  })

  it.each([
    ['both forms at once', { reqBody: {} }, 'body'],
    ['a member of another call', { from: '10010001' }, 'body'],
    ['a type that CEC does not list', { fileType: 'exe' }, 'fileType'],
    ['a type that only a download may have', { fileType: 'pdf' }, 'fileType'],
    ['a type with a dot', { fileType: '.jpg' }, 'fileType'],
    ['a number for the type', { fileType: 1 }, 'fileType'],
    ['another channel', { channel: 'WECHAT' }, 'channel'],
    ['no channel', { channel: undefined }, 'channel'],
    ['no file', { fileStream: undefined }, 'fileStream'],
    ['an empty file', { fileStream: '' }, 'fileStream'],
    ['a line break in the base64', { fileStream: '/9j/\n4AAQ' }, 'fileStream'],
    ['a blank in it', { fileStream: '/9j/ 4AAQ' }, 'fileStream'],
    ['missing padding', { fileStream: '/9j/4AAQSkZJRg' }, 'fileStream'],
    ['padding too much', { fileStream: '/9j/4AAQSkZJRg===' }, 'fileStream'],
    ['bits that stand for nothing', { fileStream: '/9j/4AAQSkZJRh==' }, 'fileStream'],
    ['the alphabet of base64url', { fileStream: '_9j_4AAQSkZJRg==' }, 'fileStream'],
    ['a data URL', { fileStream: 'data:image/jpeg;base64,/9j/4AAQSkZJRg==' }, 'fileStream'],
    ['text', { fileStream: 'Grüße' }, 'fileStream'],
  ])('refuses %s, and sends nothing', async (_, changes, field) => {
    const cec = await toStandIn(() => ({ body: KEY }))
    const refused = await call(world, cec.relay, uploadParts(world, page.chatToken, changes))
    expect([refused.status, refused.line.code, refused.line.field, cec.heard]).toEqual([
      400,
      'BODY_INVALID',
      field,
      [],
    ])
    expect((await call(world, cec.relay, uploadParts(world, page.chatToken))).status).toBe(200)
  })

  it.each(['jpg', 'jpeg', 'png', 'bmp', 'bpm', 'mp3', 'aac', 'mp4', 'txt', 'csv', 'PNG', 'Mp4'])(
    'takes the type %s',
    async (fileType) => {
      expect((await uploaded({ fileType })).status).toBe(200)
    },
  )

  it.each([
    ['a byte too many', MOST_FILE_BYTES + 1],
    ['more than the body may hold', MOST_FILE_MESSAGE_BYTES],
  ])(
    'refuses a file of %s with the figure, and takes one of exactly 2 MiB',
    async (_, bytes) => {
      const { status, body, line } = await uploaded({ fileStream: fileOf(bytes) })
      expect([status, body, line.code]).toEqual([
        413,
        { errorCode: '990004130', exceptionInfo: 'fileStream: expected a file of at most 2097152 bytes' },
        'FILE_TOO_LARGE',
      ])
      expect((await uploaded({ fileStream: fileOf(MOST_FILE_BYTES) })).status).toBe(200)
    },
    20_000,
  )

  it('takes the largest file also as API Gateway hands it over without a content type: as base64 once more', async () => {
    const { body, ...rest } = uploadParts(world, page.chatToken, { fileStream: fileOf(MOST_FILE_BYTES) })
    const rawBody = Buffer.from(JSON.stringify(body)).toString('base64')
    expect((await call(world, upload, { ...rest, rawBody, isBase64Encoded: true })).status).toBe(200)
  }, 20_000)

  it('takes the largest file also from a writer that escapes slashes', async () => {
    const { body, ...rest } = uploadParts(world, page.chatToken, { fileStream: fileOf(MOST_FILE_BYTES) })
    const rawBody = JSON.stringify(body).replaceAll('/', '\\/')
    expect((await call(world, upload, { ...rest, rawBody })).status).toBe(200)
  }, 20_000)

  it.each([
    ['no chat token', '', 'CHAT_TOKEN_REFUSED'],
    ['a chat token that is none', 'not-a-token', 'CHAT_TOKEN_REFUSED'],
  ])('refuses %s', async (_, chatToken, code) => {
    const refused = await call(world, upload, uploadParts(world, chatToken))
    expect([refused.status, refused.line.code]).toEqual([401, code])
    expect((await uploaded()).status).toBe(200)
  })

  it('hands back a renewed chat token, with a failure too', async () => {
    for (const fault of ['renewed-chat-token', 'header-on-failure'] as const) {
      page.chatToken = await newChatToken(world)
      world.vendors.cec.fail({ fault, call: 'uploadFileStream' })
      const { headers } = await uploaded()
      page.chatToken = headers['ccmessaging-token'] ?? ''
      expect((await uploaded()).status).toBe(200)
    }
  })

  it.each([
    ['2', 400, 'UPSTREAM_VALUES_REFUSED', '2'],
    ['3', 400, 'UPSTREAM_VALUES_REFUSED', '3'],
    ['13', 503, 'UPSTREAM_UNAVAILABLE', '13'],
    ['1', 502, 'UPSTREAM_UNEXPECTED', 'unlisted'],
    ['constructor', 502, 'UPSTREAM_UNEXPECTED', 'unlisted'],
  ])(
    'answers CEC’s own code %s with a failure: never with 200',
    async (returnCode, ours, code, upstreamCode) => {
      const cec = await toStandIn(() => ({ body: JSON.stringify({ returnCode, objectKey: 'x' }) }))
      const { status, line } = await call(world, cec.relay, uploadParts(world, page.chatToken))
      expect([status, line.code, line.upstreamCode]).toEqual([ours, code, upstreamCode])
      expect(cec.heard).toHaveLength(1)
      const good = await toStandIn(() => ({ body: KEY }))
      expect((await call(world, good.relay, uploadParts(world, page.chatToken))).status).toBe(200)
    },
  )

  it.each([
    ['without a key', '{"returnCode":"0"}'],
    ['with an empty key', '{"returnCode":"0","objectKey":""}'],
    ['of a list', '[]'],
  ])('takes an answer %s for none', async (_, body) => {
    const cec = await toStandIn(() => ({ body }))
    const { status, line } = await call(world, cec.relay, uploadParts(world, page.chatToken))
    expect([status, line.code]).toEqual([502, 'UPSTREAM_UNEXPECTED'])
    const good = await toStandIn(() => ({ body: KEY }))
    expect((await call(world, good.relay, uploadParts(world, page.chatToken))).status).toBe(200)
  })

  it('writes neither the file nor its key into the log, whatever comes of it', async () => {
    const fileStream = fileOf(600)
    const { body } = await uploaded({ fileStream })
    await uploaded({ fileStream: `${fileStream} ` })
    await uploaded({ fileStream, fileType: 'exe' })
    for (const fault of ['echo', 'failure-inside', 'status-500'] as const) {
      world.vendors.cec.fail({ fault, call: 'uploadFileStream' })
      await uploaded({ fileStream })
    }
    const log = JSON.stringify(world.lines)
    for (let at = 0; at < fileStream.length; at += 40)
      expect(log).not.toContain(fileStream.slice(at, at + 20))
    expect(log).not.toContain(body.objectKey)
  })
})
