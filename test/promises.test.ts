import { globSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

/**
 * How long something takes is worked out for this machine by what estimates the plans, and never promised by hand: "a few
 * minutes" is wrong on most machines and for most data.
 */
const root = resolve(import.meta.dirname, '..')
const unit = String.raw`(?:seconds?|minutes?|hours?|days?|Sekunden?|Minuten?|Stunden?|Tagen?)\b`
const some = String.raw`(?:few|some|several|couple of|half an?|einige[nr]?|wenige[nr]?|ein paar|mehrere[nr]?|eine halbe)`
const promise = new RegExp(
  [
    String.raw`\b${some}\s+${unit}`,
    String.raw`\b(?:takes?|within|in|for|about|dauert|braucht|innerhalb|etwa)\s+(?:an?|eine[rn]?|einer)\s+${unit}`,
    String.raw`\b(?:takes?|within|dauert|braucht)\s+(?:about |etwa )?\d+(?:\s*(?:to|bis|–|-)\s*\d+)?\s+${unit}`
  ].join('|'),
  'i'
)

/** What is said as a fact and not as a promise: how long nothing has been heard, when something is tried again. */
const facts = [/Nothing has been heard|Seit einer halben Minute/, /tried again in an hour/]

test('no text of a screen or a command promises a time by hand', () => {
  const files = globSync(['src/renderer/**/*.{ts,svelte}', 'src/main/**/*.ts'], { cwd: root })
  const promised = files.flatMap((file) =>
    readFileSync(resolve(root, file), 'utf8')
      .split('\n')
      .filter((line) => !/^\s*(?:\*|\/\/|\/\*\*|<!--)/.test(line))
      .map((line) => line.replace(/\s\/\/ .*$/, ''))
      .filter((line) => promise.test(line) && !facts.some((fact) => fact.test(line)))
      .map((line) => `${relative(root, resolve(root, file))}: ${line.trim().slice(0, 160)}`)
  )
  expect(promised).toEqual([])
  expect(files.length).toBeGreaterThan(500)
})

test.each([
  'in a few minutes',
  'This takes some seconds.',
  'within a minute or so',
  'takes about 5 minutes',
  'in wenigen Minuten',
  'ein paar Minuten lang',
  'das dauert einige Sekunden'
])('"%s" is such a promise', (text) => expect(promise.test(text)).toBe(true))

test.each(['Takes ${time} and ${disk}', 'nothing for 7 days', 'in der Minute 3'])('"%s" is none', (text) =>
  expect(promise.test(text)).toBe(false)
)
