/** A parameter may not be called like a resource. */
const TAKEN: Readonly<Record<string, string>> = { dashboard: 'StageDashboard' }

/** `validatePath` is `ValidatePath` in a template. */
export const templateName = (name: string): string =>
  TAKEN[name] ?? name.charAt(0).toUpperCase() + name.slice(1)
