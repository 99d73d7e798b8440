/** What a route is: its descriptor, which is data alone, and the wiring that a function adds to it. */

import type { SettingName } from '../config.ts'
import type { Log, LogCode } from '../log.ts'
import type { Scope } from '../schemas/callers.ts'
import type { Sources } from '../schemas/sources.ts'
import type { SecretDefinition } from '../secrets/reader.ts'
import type { BodyLimit } from './body.ts'
import type { KeyMember } from './body-key.ts'
import type { Credentials } from './credentials.ts'
import type { ErrorFormat } from './error-formats.ts'
import type { Exchange, PartEnding } from './exchange.ts'
import type { InputReader, RouteInput } from './input.ts'
import type { Authenticate, Principal } from './principal.ts'
import type { Success } from './responses.ts'

/** A method and a path, as serverless.yml writes them. */
export type Endpoint = `${'GET' | 'POST' | 'PUT'} /${string}`

interface DescriptorBase {
  /** The function's name, as serverless.yml and the log have it. */
  readonly name: string
  /** Where it is reached. */
  readonly endpoints: readonly [Endpoint, ...Endpoint[]]
  /** The settings that it reads, beside those of its credentials and those that every function reads. */
  readonly settings: readonly SettingName[]
  /** The secrets that it reads, beside those of its credentials. They are read while the sandbox starts. */
  readonly secrets: readonly SecretDefinition<object>[]
  /** The systems whose settings of every tenant it reads, by their names in the registry of vendors. Default none. */
  readonly tenantSecrets?: readonly string[]
  /** No line of it names a user: it needs no key for that. Default false. */
  readonly namesNoUser?: boolean
  /** Default 16 KiB. */
  readonly bodyLimit?: BodyLimit
  /** Status of the answer and code of the log line when all went well. */
  readonly success: { readonly status: 200 | 201; readonly code: LogCode }
  readonly errorFormat: ErrorFormat
}

export interface PublicDescriptor extends DescriptorBase {
  readonly access: 'public'
}

export interface CallerDescriptor<Taken extends Credentials = Credentials> extends DescriptorBase {
  /** What a caller must be allowed to do. */
  readonly access: Scope
  readonly credentials: Taken
}

/** A route states `public`, or a scope and the credentials that it takes, or it does not compile. */
export type RouteDescriptor = PublicDescriptor | CallerDescriptor

/** What a route's work is given: checked input, and nothing of the raw event. */
export interface RouteRequest<Input> extends RouteInput<Input>, Pick<Exchange, 'deadline'> {
  /** A request header by its lower-case name. */
  readonly header: (name: string) => string | undefined
  /** Sets a header of the answer, whether the work then succeeds or fails. */
  readonly answerHeader: (name: string, value: string) => void
  /** Adds fields to the request's one log line. Only what has been verified goes in. */
  readonly note: (fields: Exchange['fields'][number]) => void
  /** Writes a line of its own about a part of the request that has ended, with what is noted by then. */
  readonly partEnded: (ending: PartEnding) => void
}

/** The same of a route that only known callers reach. */
export interface CallerRequest<Input = unknown> extends RouteRequest<Input> {
  readonly caller: Principal
}

/** A set of credentials with what checks them. */
export interface Callers<Taken extends Credentials> {
  readonly credentials: Taken
  readonly authenticate: Authenticate
}

interface Wiring<Input> {
  readonly input: InputReader<Input>
  readonly log: Log
}

/** What a function adds to the descriptor of a public route. */
export interface PublicWiring<Input> extends Wiring<Input> {
  /** Who may call at all, by the address that API Gateway saw; a forwarded header says nothing. Default anybody. */
  readonly sources?: Sources
  readonly run: (request: RouteRequest<Input>) => Promise<Success>
}

/** What a function adds to the descriptor of a route for known callers. */
export interface CallerWiring<Input, Taken extends Credentials> extends Wiring<Input> {
  /** Of the descriptor's credentials: another set does not compile. */
  readonly callers: Callers<Taken>
  /** The body's member in which a client without an `Authorization` header may send its caller key. Default none. */
  readonly keyMember?: KeyMember
  readonly run: (request: CallerRequest<Input>) => Promise<Success>
}
