/** What CloudFormation can hold a parameter's value against. Its patterns are Java's, and must match the whole value. */

export type TemplateRule =
  | { readonly AllowedPattern: string; readonly MaxLength?: number }
  | { readonly AllowedValues: readonly string[] }

/** A text of such entries with commas between them, or an empty one. No blanks: CloudFormation splits at the commas alone. */
export const listPattern = (entry: string): string => `(?:${entry}(?:,${entry})*)?`
