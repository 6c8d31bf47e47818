import { readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

/**
 * How large a number and how long a text may be is said once, by the contract. A form that says it again lets through what the backend
 * refuses, or refuses what it takes, as soon as one of the two changes.
 */
const root = resolve(import.meta.dirname, '..')
const renderer = join(root, 'src/renderer/src')

/** Limits of what is no input of a request, each with its reason. */
const own: Readonly<Record<string, string>> = {}

test('no form states a limit by itself', () => {
  const files = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.svelte'))
    .map((path) => join(renderer, path))
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((path) =>
    limitsIn(readFileSync(path, 'utf8')).map((limit) => `${relative(root, path)}: ${limit}`)
  )
  expect(
    found.filter((one) => !(one in own)),
    'Take it from the schema: limitsOf(…) for numbers, lengthOf(…) for texts (parts/limits.ts).'
  ).toEqual([])
  expect(Object.keys(own).filter((one) => !found.includes(one))).toEqual([])
})

test('the check sees what is wanting', () => {
  const sample = [
    '<input type="number" min="1" max="3650" aria-valuemin="0" />',
    '<NumberField min={0} {...limitsOf(of.epochs)} step="any" bind:value={() => a, (b) => (c = Math.max(1, b ?? 1) - 1)} />',
    '<input maxlength="200" onchange={(event) => set(event.currentTarget.valueAsNumber || 512)} />',
    "<div style='min-width: 3px' class='max-w-4'>{Math.max(0, 3)}</div>"
  ].join('\n')
  expect(limitsIn(sample)).toEqual([
    'min="1"',
    'max="3650"',
    'min={0}',
    'Math.max(1, b ?? 1)',
    'maxlength="200"',
    'valueAsNumber || 512'
  ])
})

/** Attributes with a number of their own, and numbers that stand in for what was typed. */
function limitsIn(text: string): string[] {
  const attribute = /(?<=\s)(?:min|max|minlength|maxlength)=(?:"[\d._]+"|\{[\d._]+\})/
  const standIn = /valueAsNumber (?:\|\||\?\?) \d+|Math\.(?:max|min)\(\d+, \w+ \?\? \d+\)/
  return [...text.matchAll(new RegExp(`${attribute.source}|${standIn.source}`, 'g'))].map(([found]) => found)
}
