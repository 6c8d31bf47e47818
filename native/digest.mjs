/** What the addon is built from, as one hash: by it a build that is up to date is left alone, and one that is not is noticed. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const packages = ['hnswlib-node', 'node-addon-api', 'node-api-headers']

/**
 * @param {string} folder the folder `native` of a checkout
 * @returns {string} hash of all that goes into the addon
 */
export function digestOf(folder) {
  const source = join(folder, 'src')
  const digest = createHash('sha256').update(`${process.platform} ${process.arch} 2`)
  for (const name of readdirSync(source).sort()) digest.update(name).update(readFileSync(join(source, name)))
  for (const name of packages) digest.update(readFileSync(packageFile(name, folder)))
  return digest.digest('hex')
}

/**
 * @param {string} name of a package
 * @param {string} folder from where it is looked for
 * @returns {string} the path of its package.json
 */
export function packageFile(name, folder) {
  const require = createRequire(join(folder, 'build.mjs'))
  try {
    return require.resolve(`${name}/package.json`)
  } catch (error) {
    // A package that does not export its package.json still has it in its folder.
    for (const place of require.resolve.paths(name) ?? []) {
      const file = join(place, name, 'package.json')
      if (existsSync(file)) return file
    }
    throw new Error(`the package ${name} is not installed`, { cause: error })
  }
}
