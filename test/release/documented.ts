/** What docs/releases.md has a person do to deploy a release: where the packages go, and which values each way gives the template. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evaluated } from './evaluate.ts'

type Values = Readonly<Record<string, string>>

const DOCUMENT = readFileSync('docs/releases.md', 'utf8')

const found = (pattern: RegExp): string => {
  const [, text] = pattern.exec(DOCUMENT) ?? []
  if (text === undefined) throw new Error(`docs/releases.md has nothing like ${pattern}`)
  return text
}

/** `A=b C=d` in any of the ways in which it is written there. */
const assignments = (text: string, pattern = /(\w+)=(\S+)/g): Values =>
  Object.fromEntries([...text.matchAll(pattern)].map(([, name = '', value = '']) => [name, value]))

/** By way, what the document gives: parameters of the template, and for the CDK variables of the environment. */
export const DOCUMENTED = {
  'AWS CLI': assignments(found(/--parameter-overrides ((?:[^\n]*\\\n)*[^\n]*)/)),
  link: assignments(decodeURIComponent(found(/(&param_\S+)/)), /param_(\w+)=([^&]+)/g),
  Terraform: assignments(found(/parameters = \{([^}]*)\}/), /(\w+) += "([^"]*)"/g),
  'AWS CDK': assignments(found(/^(RELEASE=.*) npx cdk deploy$/m)),
} satisfies Readonly<Record<string, Values>>

/** Addresses of the packages after the upload. */
export const uploadedPackages = (release: string): readonly string[] => {
  const to = found(/^aws s3 cp --recursive functions (s3:\S+)$/m)
  return readdirSync(join(release, 'functions'))
    .map((file) => `${to}/${file}`)
    .sort()
}

/** Addresses of the packages that a stack's functions are made of. */
export const packagesOf = ({ Resources }: Evaluated): readonly string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties as { Code: { S3Bucket: string; S3Key: string } }).Code)
    .map(({ S3Bucket, S3Key }) => `s3://${S3Bucket}/${S3Key}`)
    .sort()
