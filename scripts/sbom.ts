import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labVersion, projectFolder } from '../src/main/hosts/project.ts'
import { thirdParties } from './notices.ts'

/**
 * `node scripts/sbom.ts`: dist/sbom.cdx.json, the parts of an installed app as CycloneDX 1.6. npm's own list has only what is
 * installed beside the bundles; this one has what the bundles took in as well, the runtimes, and the hash of each package's archive as far as the lock file knows it.
 */
interface Component {
  type: 'library' | 'framework' | 'platform'
  name: string
  version: string
  licenses: { expression: string }[] | { license: { name: string } }[]
  purl?: string
  hashes?: { alg: 'SHA-512'; content: string }[]
}

/** As SPDX writes them; what is no expression of it is named. */
const expression = /^[\w.+-]+(( (OR|AND|WITH) )[\w.+-]+)*$/

export function sbom(): {
  bomFormat: 'CycloneDX'
  specVersion: '1.6'
  version: 1
  metadata: object
  components: Component[]
} {
  const root = projectFolder()
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string; integrity?: string }>
  }
  const electron = packages['node_modules/electron']!.version!
  const parts = thirdParties().map(({ name, version, licence }): Component => {
    const licenses = expression.test(licence.replaceAll(/[()]/g, ''))
      ? [{ expression: licence }]
      : [{ license: { name: licence } }]
    const known = packages[`node_modules/${name}`]
    if (known === undefined) return { type: 'platform', name, version, licenses }
    const hash = /^sha512-(.+)$/.exec(known.integrity ?? '')?.[1]
    return {
      ...{ type: 'library', name, version, licenses },
      purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
      ...(hash === undefined
        ? {}
        : { hashes: [{ alg: 'SHA-512', content: Buffer.from(hash, 'base64').toString('hex') }] })
    }
  })
  return {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 },
    metadata: {
      timestamp: new Date().toISOString(),
      component: { type: 'application', name: 'recross-lab', version: labVersion(), licenses: [{ expression: 'MIT' }] }
    },
    components: [
      ...parts,
      {
        type: 'framework',
        name: 'electron',
        version: electron,
        licenses: [{ expression: 'MIT' }],
        purl: `pkg:npm/electron@${electron}`
      }
    ]
  }
}

if (import.meta.main) {
  const folder = join(projectFolder(), 'dist')
  mkdirSync(folder, { recursive: true })
  const list = sbom()
  writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(list, null, 2)}\n`)
  process.stdout.write(`${list.components.length} parts: ${join(folder, 'sbom.cdx.json')}\n`)
}
