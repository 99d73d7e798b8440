declare module 'dynalite' {
  import type { Server } from 'node:http'

  /** `createTableMs`: how long a new table stays in CREATING (milliseconds, default 500). */
  export default function dynalite(options?: { createTableMs?: number }): Server
}
