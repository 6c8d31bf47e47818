import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const pages = readdirSync(join(root, 'docs', 'decisions')).sort()

test('ARCHITECTURE names every decision, and every decision that it names is there', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
  const named = [...text.matchAll(/docs\/decisions\/([\w-]+\.md)/g)].map(([, name]) => name!)
  expect([...new Set(named)].sort()).toEqual(pages)
})

test.each(pages)('%s says what was asked, decided, what it costs and when to look again', (name) => {
  const text = readFileSync(join(root, 'docs', 'decisions', name), 'utf8')
  for (const part of ['Decision.', 'What it costs.', 'When to look again.']) expect(text).toContain(`**${part}**`)
  // What it names in the source is there.
  for (const [, path] of text.matchAll(/`((?:src|test|native)\/[\w./-]+)`/g))
    expect(() => readdirOrFile(join(root, path!)), path).not.toThrow()
})

function readdirOrFile(path: string): void {
  if (path.endsWith('/')) readdirSync(path)
  else readFileSync(path)
}
