/** How far a restore came, in a file beside the audit lines: a run that breaks off goes on from there, and none does an item twice. */

import { readFileSync, writeFileSync } from 'node:fs'

export interface State {
  /** Of what was asked: other audit lines or another table begin anew. */
  readonly of: string
  /** Behind which item it goes on; `''` behind the last one. Absent: no item was done yet. */
  readonly after?: string
}

export interface StateFile {
  readonly read: () => State
  readonly write: (change: Pick<State, 'after'>) => void
}

export const stateFile = (path: string, of: string): StateFile => {
  let state: State = { of }
  try {
    const held = JSON.parse(readFileSync(path, 'utf8')) as State
    if (held.of === of) state = held
  } catch {}
  const write = (change: Pick<State, 'after'>): void => {
    state = { ...state, ...change }
    // A key of an item has a user's id: for nobody else's eyes.
    writeFileSync(path, JSON.stringify(state), { mode: 0o600 })
  }
  return { read: () => state, write }
}
