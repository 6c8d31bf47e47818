import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readReleasePage } from '../../src/main/data/download/release-page.ts'
import { installersIn } from '../../src/main/data/installers.ts'
import { isNewer } from '../../src/main/data/version-order.ts'

test.each([
  ['0.2.0', '0.1.0', true],
  ['0.1.0', '0.1.0', false],
  ['0.10.0', '0.9.9', true],
  ['1.0.0', '1.0.0-beta.2', true],
  ['1.0.0-beta.10', '1.0.0-beta.9', true],
  ['1.0.0-beta.2', '1.0.0', false],
  ['1.0.0+linux', '1.0.0', false],
  ['2.0.0-alpha', '1.9.9', true]
])('%s against %s', (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer)
  if (newer) expect(isNewer(b, a)).toBe(false)
})

describe('a release page', () => {
  const release = { version: '0.2.0', date: '2027-01-15', files: [{ name: 'a.deb', bytes: 1, sha256: 'a'.repeat(64) }] }

  async function page(body: string, status = 200) {
    const server = createServer((_request, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const options = { proxy: null, log: () => undefined, signal: new AbortController().signal, firstWait: 1 }
    return readReleasePage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/releases.json`, options)
  }

  test('names the newest version', async () => {
    expect(await page(JSON.stringify(release))).toEqual({ ...release, notes: null })
  })

  test.each([
    ['no JSON', '<html>', 'it is not JSON'],
    ['another form', '{"tag_name":"v1"}', '"version" is wrong'],
    [
      'a wrong checksum',
      JSON.stringify({ ...release, files: [{ name: 'a', bytes: 1, sha256: 'zz' }] }),
      'files.0.sha256'
    ],
    ['a page without an end', 'x'.repeat(2 << 20), 'larger than']
  ])('with %s is refused by name', async (_name, body, why) => {
    const refused = page(body)
    await expect(refused).rejects.toMatchObject({ code: 'release-page' })
    await expect(refused).rejects.toThrow(why)
  })

  test('that is not there is said', async () => {
    await expect(page('', 404)).rejects.toMatchObject({ code: 'not-on-server' })
  })
})

describe('installers in a folder', () => {
  const here = { version: '0.1.0', platform: 'linux', arch: 'x64' } as const
  const sum = (text: string) => createHash('sha256').update(text).digest('hex')

  function folder(files: Record<string, string>): string {
    const path = mkdtempSync(join(tmpdir(), 'recross-installers-'))
    for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
    return path
  }

  test('are told by their names, compared with the list of checksums, and what fits comes first', async () => {
    const found = await installersIn(
      folder({
        'recross-lab-0.2.0-linux-x64.AppImage': 'new',
        'recross-lab-0.3.0-mac-arm64.dmg': 'mac',
        'recross-lab-0.2.0-linux-x86_64.deb': 'broken on the way',
        'recross-lab-0.1.0-linux-x64.AppImage': 'old',
        'holiday.jpg': '',
        SHA256SUMS: `${sum('new')}  recross-lab-0.2.0-linux-x64.AppImage\n${sum('whole')}  recross-lab-0.2.0-linux-x86_64.deb\n`
      }),
      here
    )
    expect(found.map(({ path, fits, newer, checksum }) => [path.split('/').at(-1), fits, newer, checksum])).toEqual([
      ['recross-lab-0.2.0-linux-x64.AppImage', true, true, 'agrees'],
      ['recross-lab-0.2.0-linux-x86_64.deb', true, true, 'differs'],
      ['recross-lab-0.1.0-linux-x64.AppImage', true, false, 'none'],
      ['recross-lab-0.3.0-mac-arm64.dmg', false, true, 'none']
    ])
  })

  test('a folder without any, and one that is not there, are said', async () => {
    await expect(installersIn(folder({ 'a.txt': '' }), here)).rejects.toMatchObject({ code: 'no-installer' })
    await expect(installersIn('/no/such/folder', here)).rejects.toMatchObject({ code: 'file-missing' })
  })
})
