/** Earlier names of what service-token.ts holds, for modules that still use them. */

export type {
  Fetch,
  ServiceSystem as MachineSystem,
  ServiceToken as MachineToken,
  TokenSubject,
} from './service-token.ts'
export { secondsLeft } from './service-token.ts'
