import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { screenFor } from '../../../src/renderer/src/screens/screens.ts'
import { pageOf, screenRows } from '../../../src/renderer/src/screens/table.ts'
import { listOf } from '../../../src/renderer/src/state/things.ts'

const root = join(import.meta.dirname, '../../../src/renderer/src')

/** Addresses that the sources lead to; what is put in when they run stands as `*`. */
function ledTo(text: string): string[] {
  const written = [...text.matchAll(/(["'`])#\/([^"'`]*)\1/g)].map(([, , address]) => address!)
  const built = [...text.matchAll(/hrefOf\(\[([^\]]*)\]/g)].map(([, words]) =>
    words!
      .split(',')
      .map((word) => /^\s*'(.*)'\s*$/.exec(word)?.[1] ?? '*')
      .join('/')
  )
  return [...written, ...built].map((address) => address.replaceAll(/\$?\{[^}]*\}/g, '*').split('?')[0]!)
}

describe('the table of screens', () => {
  test('leads to a component of its own from every address, with the id where there is one', () => {
    const drawn = screenRows.map(({ address, path }) => {
      const one = address.endsWith('/:id')
      const match = screenFor([...path.split('/'), ...(one ? ['x 1'] : [])])
      expect(match.key, address).not.toBe('not-found')
      const without = address.endsWith('/:id?') ? '' : null
      expect(match.of === 'one' ? match.id : null, address).toBe(one ? 'x 1' : without)
      return match.load
    })
    expect(new Set<unknown>(drawn).size).toBe(screenRows.length)
  })

  test('is what every link of the sources leads to', () => {
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /\.(ts|svelte)$/.test(file)
    )
    const links = sources.flatMap((file) =>
      ledTo(readFileSync(join(root, file), 'utf8')).map((address) => ({ file, address }))
    )
    expect(links.length).toBeGreaterThan(80)
    const lost = links.filter(
      ({ address }) => !address.startsWith('*') && screenFor(address.split('/')).key === 'not-found'
    )
    expect(lost).toEqual([])
    expect(ledTo("go(`#/compare/${id}?tab=${tab}`); hrefOf(['data', id])")).toEqual(['compare/*', 'data/*'])
  })

  test('has the page of every thing, and of each the list that it stands in', () => {
    expect(pageOf('target')).toBe('#/data/target')
    expect(listOf('target')).toBe('#/data')
    expect(listOf('mining')).toBe('#/models')
  })

  test('keeps the list of jobs while another is chosen, and tells other things apart', () => {
    expect([screenFor([]), screenFor(['jobs']), screenFor(['jobs', 'a'])].map(({ key }) => key)).toEqual([
      'start',
      'jobs',
      'jobs'
    ])
    expect(screenFor(['compare', 'a']).key).not.toBe(screenFor(['compare', 'b']).key)
    expect(screenFor(['nowhere', 'at', 'all']).key).toBe('not-found')
    expect(screenFor(['constructor']).key).toBe('not-found')
  })
})
