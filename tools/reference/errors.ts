/** docs/reference/errors.md: every failure, as each system is told it. */

import { BridgeError, ERRORS, type ErrorCode, type ErrorKind } from '../../lib/errors.ts'
import { cecValidateErrors } from '../../lib/http/error-formats.ts'
import { ERROR_KINDS } from '../../lib/http/error-kinds.ts'
import { CEC_ALONE, OWN_ROUTES, type OwnRow, VALIDATE_CODES, VENDOR_ROUTES } from './errors-words.ts'
import { code, page, table } from './markdown.ts'

const codesOf = (kind: ErrorKind): readonly string[] =>
  Object.entries(ERRORS)
    .filter(([, its]) => its === kind)
    .map(([name]) => code(name))

const vendorRows = (): readonly (readonly string[])[] =>
  (Object.entries(VENDOR_ROUTES) as [ErrorKind, string][])
    .map(([kind, when]) => ({ ...ERROR_KINDS[kind], kind, when }))
    .sort((one, other) => one.status - other.status || one.number - other.number)
    .map(({ kind, status, number, word, when }) => [
      String(status),
      String(number),
      CEC_ALONE.includes(kind) ? '–' : code(`TokenBridge.${word}`),
      when,
    ])

/** What a fixed sentence hides is told by the kind's word alone. */
const ownCodes = ({ kind, codes }: OwnRow): string => {
  const { word, message } = ERROR_KINDS[kind]
  const foreign = codes.filter((name) => ERRORS[name] !== kind)
  if (foreign.length > 0) throw new TypeError(`${foreign}: expected codes of the kind ${kind}`)
  return message === undefined ? codes.map(code).join(' ') : code(word)
}

interface RetCode {
  readonly retCode: number
  readonly message: string
}
const retCodeOf = (name: ErrorCode): RetCode =>
  cecValidateErrors(new BridgeError(name, ''), '').body as unknown as RetCode

const retCodeRows = (): readonly (readonly string[])[] => {
  const answers = VALIDATE_CODES.map((name) => ({ name, ...retCodeOf(name) }))
  const told = [...new Map(answers.map(({ retCode, message }) => [retCode, message]))].sort(
    ([one], [other]) => one - other,
  )
  return [
    ['0', 'validate success', '`TOKEN_VALID`, of an agent `AGENT_TOKEN_VALID`'],
    ...told.map(([retCode, message]) => [
      String(retCode),
      message,
      answers
        .filter((answer) => answer.retCode === retCode)
        .map(({ name }) => code(name))
        .join(' '),
    ]),
  ]
}

const KINDS = Object.keys(ERROR_KINDS) as ErrorKind[]

export const errorsPage = (): string =>
  page(
    'Errors',
    '`lib/errors.ts`, `lib/http/error-kinds.ts` and `lib/http/error-formats.ts`',
    `A failure never has status 200, but for [CEC's two questions](#answers-of-chatthirdpartyvalidate). Each system is answered in its own form:`,
    table(
      ['routes', 'body of a failure', 'the code is'],
      [
        ['our own', '`{code, message, field?}`', 'a name'],
        ["CEC's", '`{errorCode, exceptionInfo}`', 'a number **as a string**: `"990004010"`'],
        ["OIAP's", '`{errorCode, errorMsg}`', 'a **number**: `990004010`'],
        ["Alibaba's", '`{RequestId, Code, Message}`', 'a name: `"TokenBridge.UNAUTHENTICATED"`'],
        ["of Alibaba's ready clients", '`{code, message}`', 'the status, as a number'],
      ],
    ),
    'No vendor uses one of these numbers or names. A message names the field and what was expected. It never shows the value.',
    '## Answers of our own routes',
    table(
      ['status', 'code', 'when'],
      OWN_ROUTES.map((row) =>
        'kind' in row
          ? [String(ERROR_KINDS[row.kind].status), ownCodes(row), row.when]
          : [String(row.status), '–', row.when],
      ),
    ),
    "## Answers of the vendors' routes",
    table(['status', "CEC's and OIAP's `errorCode`", "Alibaba's `Code`", 'when'], vendorRows()),
    '## Answers of `chatThirdPartyValidate`',
    `HTTP 200 with \`{retCode, message}\` whatever the answer is; \`thirdPartyValidate\` for agents answers in the same way. There is one exception, which reaches no
function: API Gateway's own 429, beyond the route's throttling or the reserved concurrency. There are six classes of refusal and no more, so that nobody learns
from the answers how to make a better token. The exact code is in the log. The body is read as JSON whatever the content type claims, also base64-encoded.
Members that CEC may add are ignored.`,
    table(['retCode', 'message', 'codes in the log'], retCodeRows()),
    `The checks run in this order, and the first that fails gives the answer: form, header, signature, claims, issuer, tenant,
times, user, directory (where a revoked key comes before the user).`,
    '## Every code by its kind',
    'The log has the code. A caller is told the kind. [The log](../log.md) says more of many, and [operating a stage](../operate.md#log-codes) has what to do about each of level WARN or ERROR.',
    table(
      ['kind', 'status', 'level', 'codes'],
      KINDS.map((kind) => [
        kind,
        String(ERROR_KINDS[kind].status),
        ERROR_KINDS[kind].level ?? 'INFO',
        codesOf(kind).join(' '),
      ]),
    ),
  )
