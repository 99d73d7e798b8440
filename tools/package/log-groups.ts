/** Log groups that outlive the stack: the audit lines in them are wanted most when a stage has been removed. */

import type { Resource } from './template.ts'

/**
 * Keeps every log group when the stack goes, or the function with it; a failed first deployment leaves none behind. Each still
 * forgets its lines after `logRetentionInDays`.
 */
export const keepLogGroups = (resources: Readonly<Record<string, Resource>>): void => {
  for (const resource of Object.values(resources))
    if (resource.Type === 'AWS::Logs::LogGroup') {
      resource.DeletionPolicy = 'RetainExceptOnCreate'
      resource.UpdateReplacePolicy = 'Retain'
    }
}
