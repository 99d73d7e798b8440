/** `issuer`, as a pattern of CloudFormation's. */

import { OCTET, PORT } from './template-rules.ts'

/** A host that ends in a number is an address to whatever reads URLs, and must be written as one. */
const ADDRESS = `${OCTET}(?:\\.${OCTET}){3}`
const ENDS_IN_NUMBER = '(?:[A-Za-z0-9.-]*\\.)?(?:\\d+|0[xX][0-9A-Fa-f]*)\\.?(?:[:/]|$)'

export const ISSUER_PATTERN = `https://(?:${ADDRESS}|(?!${ENDS_IN_NUMBER})[A-Za-z0-9.-]+)(?::${PORT})?(?:/[^\\s?#]*)?`
