/** Whether the checks find each fault that is planted: tests of a package that others look at as well. */

import { describe, expect, it } from 'vitest'
import { allFaults } from '../all-faults.ts'
import * as checks from '../checks.ts'
import type { Package } from '../package.ts'
import type { Draft } from './draft.ts'
import { RESOURCES } from './resources.ts'
import { RIGHTS } from './rights.ts'
import { SHAPES } from './shapes.ts'

export const describeMutants = (packaged: () => Package): void => {
  describe('test/template/checks', () => {
    const ORIGINS = ['https://www.example.com']
    const CORS = {
      AllowOrigins: ORIGINS,
      AllowHeaders: [
        'authorization',
        'content-type',
        'ccmessaging-token',
        'x-tenant-space-id',
        'x-refused-token',
        'prefer',
        'x-live-env',
      ],
      AllowMethods: ['GET', 'POST'],
      ExposeHeaders: ['ccmessaging-token', 'x-request-id', 'retry-after'],
    }

    it.each([
      ['nothing', CORS, []],
      ['no CORS', undefined, ['HttpApi: lets no page in']],
      ['a wildcard', { ...CORS, AllowOrigins: ['*'] }, ['HttpApi: lets in other pages']],
      ['cookies', { ...CORS, AllowCredentials: true }, ['HttpApi: has AllowCredentials']],
      ['all headers', { ...CORS, AllowHeaders: ['*'] }, ['HttpApi: takes other headers from pages']],
      ['all methods', { ...CORS, AllowMethods: ['*'] }, ['HttpApi: takes other methods from pages']],
      ['a hidden chat token', { ...CORS, ExposeHeaders: [] }, ['HttpApi: shows pages other headers']],
    ])('finds in the CORS configuration %s', (_name, CorsConfiguration, faults) => {
      const mutant: Draft = structuredClone(packaged().template)
      mutant.Resources.HttpApi.Properties.CorsConfiguration = CorsConfiguration
      expect(checks.corsFaults(mutant, ORIGINS)).toEqual(faults)
    })

    it.each([...RIGHTS, ...RESOURCES, ...SHAPES])('finds %s', (_name, mutate, sentence) => {
      // Prepare
      const mutant = structuredClone(packaged().template)
      mutate(mutant)
      // Act
      const faults = allFaults(mutant)
      // Assess
      expect(faults.join('\n')).toContain(sentence)
    })
  })
}
