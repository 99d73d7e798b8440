/** `npm run user-id -- <issuer> <claim value>…`: the userId that a user of an identity provider has here, by an entry with `userIdForm: "sha256-24"`. */

import { derivedUserId } from '../../lib/schemas/user-id-form.ts'
import { parseCommandLine, usageError } from './arguments.ts'
import type { Command } from './command.ts'

const USAGE = 'npm run user-id -- <issuer> <claim value>… [--json]'

const HELP = `Prints the userId of each user of an identity provider whose entry says "userIdForm": "sha256-24".
  <issuer>        exactly as the entry and the tokens have it, with its final slash if it has one
  <claim value>   what the entry's userClaim holds, such as the sub
  --json          prints a list with each value and its userId
It is the first 24 characters of lower-case base32 of SHA-256 over "<length>:<issuer><length>:<value>". The same in a shell, for
an issuer and a value of ASCII: printf '%d:%s%d:%s' "\${#I}" "$I" "\${#V}" "$V" | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | cut -c1-24`

export const userIdCommand: Command = {
  usage: USAGE,
  help: HELP,
  run: async (line, say) => {
    const options = { json: { type: 'boolean' } } as const
    const { values: asked, positionals } = parseCommandLine(line, {
      options,
      allowPositionals: true,
      usage: USAGE,
    })
    const [issuer = '', ...values] = positionals
    if (!/^https?:\/\//.test(issuer)) throw usageError('Name the issuer, as the entry has it.', USAGE)
    if (values.length === 0 || values.includes(''))
      throw usageError("Name the value of the user's claim.", USAGE)
    const users = values.map((value) => ({ value, userId: derivedUserId(issuer, value) }))
    if (asked.json === true) say(JSON.stringify(users, null, 2))
    else for (const { userId } of users) say(userId)
  },
}
