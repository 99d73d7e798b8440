/** How long an answer about who may come in is remembered. Revocation is promised within 1 s in every sandbox: half of that may be memory. */
export const RECENT_MS = 500
