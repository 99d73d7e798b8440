/** How the doctor of a stage is asked: the function of a deployed one, or the local stage's. */

import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { Diagnosis } from '../../../lib/doctor/doctor.ts'
import type { Question } from '../../../lib/doctor/question.ts'
import { LOCAL_STAGE } from '../../local/constants.ts'
import { localDoctor } from '../../local/doctor-function.ts'
import { environmentOf } from '../../local/running-stack.ts'

export interface Doctor {
  readonly ask: (question: Partial<Question>) => Promise<Diagnosis>
  readonly close: () => void
}

/** Call it once this process's environment leads to the stage. */
export const openDoctor = async (stage: string): Promise<Doctor> => {
  if (stage === LOCAL_STAGE)
    return { ask: await localDoctor(environmentOf(process.env)), close: () => undefined }
  // Not asked again by itself: a question that was lost may have been answered.
  const client = new LambdaClient({ maxAttempts: 1 })
  const FunctionName = `cec-token-bridge-${stage}-doctor`
  return {
    ask: async (question) => {
      const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify(question) })
      const { Payload, FunctionError } = await client.send(command)
      const answer = JSON.parse(new TextDecoder().decode(Payload)) as Diagnosis & { errorMessage?: string }
      if (FunctionError === undefined) return answer
      throw new Error(
        `${FunctionName} has failed: ${answer.errorMessage ?? FunctionError}. Its log says more.`,
      )
    },
    close: () => client.destroy(),
  }
}

/** What asking needs. */
export const doctorRights = (stage: string): string =>
  `lambda:InvokeFunction on cec-token-bridge-${stage}-doctor, and secretsmanager:ListSecrets`
