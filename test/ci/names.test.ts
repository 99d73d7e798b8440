import { describe, expect, it } from 'vitest'
import { holdsName, namesIn } from '../../.ci/conformance/names.ts'

describe('.ci/conformance/names: namesIn', () => {
  it.each([
    ['parameters in a table of one cell a line', 'No.\n\n1\n\ncolour\n\nString\n\nYes\n', ['colour']],
    ['parameters in a table of bars', '| Wheel |\nstring |\nYes |\n| Axle |\nobject |\n', ['Wheel', 'Axle']],
    ['members of an example', '{\n  "door": "red",\n  "doorCount" : 5\n}', ['door', 'doorCount', '5']],
    ['words with a capital inside', 'See makeCar and CarBody.', ['makeCar', 'CarBody']],
    ['words of capitals', 'By the ABC.', ['ABC']],
    ['headers', 'Put it into x-car-key or Car-Type.', ['x-car-key', 'Car-Type']],
    ['ids in the singular', 'Other CarIds.', ['CarId']],
    ['paths whole', 'https://Domain name/cars/v1/makeCar is it', ['/cars/v1/makeCar']],
    ['addresses whole', 'at https://cars.example/page-12-3.html.', ['/cars.example/page-12-3.html']],
    ['hosts', 'such as cars.example.com.', ['cars.example.com']],
    ['media types', 'text/plain; charset=UTF-8.', ['text/plain; charset=UTF-8']],
    ['actions of a policy', 'the action car:MakeCar', ['car:MakeCar']],
    ['statuses and limits', 'Status code: 418, from 1 to 99, 2.5 at most.', ['418', '1', '99', '2.5']],
    ['codes beside their status', '| 418 | Teapot |\nWords. |', ['Teapot', '418']],
    ['a name once', 'makeCar, makeCar', ['makeCar']],
  ])('finds %s', (_, text, names) => {
    expect(namesIn(text)).toEqual(names)
  })

  it.each([
    ['words of a sentence', 'It is a car, a third-party one. Cars are user-defined.'],
    ['dates of a page', 'Updated on 2020-01-02 GMT+08:00'],
    ['where a page stands', 'Help Center/ Cars/ makeCar'],
    ['masked values', 'XXXXXXXX, a1b2-***-c3D4, "car:***-b0Y5" and de1**a0'],
    ['numbers of rows', 'No.\n\n1\n\n1.2\n'],
    [
      'numbers of tables and steps',
      'Table 1 and Table 2.\n  1. Build a car.\n  2. (Optional) Drive. 3. Stop.',
    ],
  ])('leaves out %s', (_, text) => {
    expect(namesIn(text)).toEqual([])
  })
})

describe('.ci/conformance/names: holdsName', () => {
  it.each([
    ['carId', 'The carId.', true],
    ['carId', 'carIds', false],
    ['key', 'a `key`', true],
    ['key', 'a key', false],
    ['key', 'a `car-key`', false],
    ['1', 'from 1 to 32', true],
    ['1', '0.1 and 1.5, 21', false],
    ['/cars/makeCar', 'https://x/cars/makeCar', true],
  ])('of %s in "%s": %s', (name, text, isHeld) => {
    expect(holdsName(text, name)).toBe(isHeld)
  })
})
