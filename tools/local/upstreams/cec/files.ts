/** POST …/ccmessaging/uploadFileStream and …/downloadFileStream: the files of the chats. */

import { randomUUID } from 'node:crypto'
import { type Call, json, jsonObject, mediaType, type Reply } from '../call.ts'
import type { DownlinkMessage } from './conversations.ts'
import { enter } from './enter.ts'
import { cecError } from './errors.ts'
import { type CecState, keyOf } from './state.ts'

interface StoredFile {
  readonly fileType: string
  readonly fileStream: string
}

/** By chat and key: a chat has its own files alone. In memory, gone with the process. */
export class Files {
  readonly #files = new Map<string, StoredFile>()

  put(session: string, file: StoredFile): string {
    const objectKey = randomUUID()
    this.#files.set(JSON.stringify([session, objectKey]), file)
    return objectKey
  }

  get(session: string, objectKey: string): StoredFile | undefined {
    return this.#files.get(JSON.stringify([session, objectKey]))
  }

  /**
   * How a message comes back from the agents' side. One that carries a file of this chat, as `<objectKey>,<type>`, is a file of an
   * agent's computer: its content is the key alone, `contentType` is "1", and `mediaFileType` says what it is.
   */
  saidBack(session: string, type: string, content: string): DownlinkMessage {
    const [objectKey = ''] = content.split(',')
    const file = this.get(session, objectKey)
    if (file === undefined || type === 'TEXT') return { mediaType: type, content }
    return {
      mediaType: type.replace(/^FILE_/, ''),
      content: objectKey,
      contentType: '1',
      mediaFileType: file.fileType,
    }
  }
}

export interface FileStore {
  readonly state: CecState
  readonly files: Files
}

const UPLOADED = ['jpg', 'jpeg', 'png', 'bmp', 'bpm', 'mp3', 'aac', 'mp4', 'txt', 'csv']
const DOWNLOADED = [...UPLOADED, 'richtext', 'doc', 'docx', 'pdf', 'zip']
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
const LOCAL = 'local/'

/** The multimedia library, which the agents of every tenant share here: one picture, under the id of the document's example. */
const LIBRARY: ReadonlyMap<string, StoredFile> = new Map([
  ['1179725658739559425', { fileType: 'jpg', fileStream: '/9j/4AAQSkZJRg==' }],
])

export const uploadFileStream = (call: Call, { state, files }: FileStore): Reply => {
  if (call.method !== 'POST') return cecError(405, 'POST only')
  const entered = enter(call, state)
  if ('refusal' in entered) return entered.refusal
  if (mediaType(call) !== 'application/json') return cecError(400, 'Content-Type must be application/json')
  const { fileType, fileStream, channel } = jsonObject(call.body) ?? {}
  if (!fileType || !fileStream || !channel) return json(200, { returnCode: '2' })
  const isRight = UPLOADED.includes(String(fileType)) && BASE64.test(String(fileStream)) && channel === 'WEB'
  if (!isRight) return json(200, { returnCode: '3' })
  const file = { fileType: String(fileType), fileStream: String(fileStream) }
  return json(200, { returnCode: '0', objectKey: files.put(keyOf(entered.session), file) })
}

export const downloadFileStream = (call: Call, { state, files }: FileStore): Reply => {
  if (call.method !== 'POST') return cecError(405, 'POST only')
  const entered = enter(call, state)
  if ('refusal' in entered) return entered.refusal
  if (mediaType(call) !== 'application/json') return cecError(400, 'Content-Type must be application/json')
  const { fileId, fileType, multiMedia } = jsonObject(call.body) ?? {}
  if (!fileId) return json(200, { resultCode: '401', resultDesc: 'objectKey is null!' })
  if (!DOWNLOADED.includes(String(fileType)))
    return json(200, { resultCode: '13', resultDesc: 'param filetype Out of range!' })
  const id = String(fileId)
  const local = id.startsWith(LOCAL) ? files.get(keyOf(entered.session), id.slice(LOCAL.length)) : undefined
  const file = multiMedia === 'multiMedia' ? LIBRARY.get(id) : local
  if (file === undefined)
    return json(200, { resultCode: '13', resultDesc: 'fsservice downloadFile is failed' })
  return json(200, { fileStream: file.fileStream, resultCode: '0', resultDesc: '' })
}
