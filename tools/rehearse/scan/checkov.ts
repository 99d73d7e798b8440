/** What checkov finds in every template of this project and is meant to be so, each with the reason. All else that it finds fails. */

export const CONSIDERED: Readonly<Record<string, string>> = {
  CKV_AWS_115:
    'concurrency is reserved by parameter: a new account has 10 executions in all, and a reserve takes from them',
  CKV_AWS_116:
    'functions are called by routes, which hear of a failure; the schedule comes again every minute, and rotation repeats its steps',
  CKV_AWS_117:
    'a VPC is a parameter, for the functions that call vendors; without one nothing listens in a network of the customer',
  CKV_AWS_119:
    'a key of the customer is the parameter tablesKmsKeyArn; else DynamoDB encrypts with a key of AWS',
  CKV_AWS_149:
    "the stage's own secrets are under the key of Secrets Manager, which no other service and no other account may use",
  CKV_AWS_158: 'a key of the customer is the parameter logsKmsKeyArn; log lines hold no secret',
  CKV_AWS_173: 'settings hold no secret; Lambda encrypts them at rest with a key of AWS',
  CKV_AWS_18:
    'the bucket holds packages without secrets, is closed to the public, and only deployments read it',
  CKV_AWS_21: 'the framework keeps the last packages itself, each under a name of its own',
  CKV_AWS_28:
    'of the tokens table alone: what is in it is fetched again, and an older copy would be worth less than none',
}

/** The arguments of a scan that is ended with 1 by anything else. It asks nothing of the network. */
export const checkovArguments = (template: string): string[] => [
  ...['--file', template, '--framework', 'cloudformation', '--compact', '--quiet', '--skip-download'],
  ...['--skip-check', Object.keys(CONSIDERED).join(',')],
]
