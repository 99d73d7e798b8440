/** What CloudFormation can hold a parameter's value against. Its patterns are Java's, and must match the whole value. */

export type TemplateRule =
  | { readonly AllowedPattern: string; readonly MaxLength?: number }
  | { readonly AllowedValues: readonly string[] }

/** A text of such entries with commas between them, or an empty one. No blanks: CloudFormation splits at the commas alone. */
export const listPattern = (entry: string): string => `(?:${entry}(?:,${entry})*)?`

export const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
/** From 1 to 65535. */
export const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d\\d|655[0-2]\\d|6553[0-5])'
