import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allowedLicences, installOnly, noticesText, thirdParties } from '../../scripts/notices.ts'
import { sbom } from '../../scripts/sbom.ts'
import { isInstalled, projectFolder } from '../../src/main/hosts/project.ts'
import { needs } from '../needs.ts'

const root = projectFolder()
const built = existsSync(join(root, 'out', 'packages', 'renderer.json'))
const config = readFileSync(join(root, 'electron-builder.yml'), 'utf8')

describe('notices of what an installed app contains', needs(built, 'the bundles are not built; npm run build'), () => {
  test('name each part with a licence that may be passed on', () => {
    const refused = thirdParties().filter(({ licence }) => {
      const alternatives = licence.replaceAll(/[()]/g, '').split(/ OR | AND /)
      return !alternatives.every((one) => allowedLicences.includes(one))
    })
    expect(refused.map(({ name, licence }) => `${name}: ${licence}`)).toEqual([])
  })

  test('carry the texts that licences ask for, runtimes and fonts included', () => {
    const notices = thirdParties()
    const textOf = (name: string) => notices.find((one) => one.name === name)?.texts.join('\n') ?? ''
    expect(textOf('echarts')).toMatch(/Apache License/)
    expect(textOf('echarts'), 'the Apache licence asks for the NOTICE').toMatch(/Apache ECharts\s+Copyright/)
    for (const font of ['@fontsource-variable/inter', '@fontsource-variable/source-serif-4'])
      expect(textOf(font), font).toMatch(/SIL OPEN FONT LICENSE/i)
    expect(textOf('hnswlib-node')).toMatch(/Apache License/)
    expect(textOf('ONNX Runtime')).toMatch(/Eigen/)
    expect(textOf('Node.js')).toMatch(/OpenSSL/)
    for (const name of ['svelte', 'zod', 'kysely', 'ws', 'better-sqlite3']) expect(textOf(name), name).not.toBe('')
    expect(noticesText(notices).length).toBeGreaterThan(300_000)
  })
})

describe('the list of parts (SBOM)', needs(built, 'the bundles are not built; npm run build'), () => {
  test('names what the notices name, and Electron; packages of npm with their hash where the lock file has one', () => {
    const { components } = sbom()
    const notices = thirdParties().map(({ name, version }) => `${name} ${version}`)
    const listed = components.map(({ name, version }) => `${name} ${version}`)
    expect(listed.filter((one) => !one.startsWith('electron '))).toEqual(notices)
    expect(components.at(-1)).toMatchObject({
      name: 'electron',
      purl: expect.stringMatching(/^pkg:npm\/electron@\d/) as string
    })
    for (const name of ['svelte', 'echarts', 'onnxruntime-node', '@fontsource-variable/inter']) {
      const part = components.find((one) => one.name === name)
      expect(part?.purl, name).toMatch(/^pkg:npm\/[^@]+@\d/)
      expect(part?.licenses.length, name).toBe(1)
    }
    const hashes = components.flatMap(({ hashes = [] }) => hashes.map(({ content }) => content))
    expect(hashes.length).toBeGreaterThan(0)
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{128}$/)
    expect(components.filter(({ purl }) => purl === undefined).map(({ name }) => name)).toEqual([
      'Node.js',
      'ONNX Runtime'
    ])
  })
})

describe('the package', () => {
  test('leaves out what packages need only to install themselves', () => {
    for (const name of installOnly) expect(config).toMatch(new RegExp(`[{,]${name}[,}]`))
  })

  test('is taken for an installed app inside the archive and beside it, a checkout is not', () => {
    expect(isInstalled('/opt/lab/resources/app.asar')).toBe(true)
    expect(isInstalled('/opt/lab/resources/app.asar.unpacked')).toBe(true)
    expect(isInstalled('/home/u/recross-lab')).toBe(false)
  })

  test(
    'has a native addon that asks for no C++ library of the system',
    needs(process.platform === 'linux', 'a question of Linux'),
    () => {
      const addon = join(root, 'native', 'build', 'recross.node')
      const needed = execFileSync('readelf', ['-d', addon], { encoding: 'utf8' })
      expect(needed).not.toMatch(/libstdc\+\+|libgcc_s/)
    }
  )
})
