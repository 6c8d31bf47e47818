import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectFolder } from '../src/main/hosts/project.ts'
import { redistributables } from './notices.ts'
import { stop } from './stop.ts'

/**
 * `node scripts/redistributables.ts`, before packaging for Windows: asks `nuget` for Microsoft's packages, and puts the terms that lie
 * in them into build/licences, from where the notices of the app take them. They are not part of this repository.
 */
const folder = join(projectFolder(), 'build', 'licences')
const packages = mkdtempSync(join(tmpdir(), 'recross-nuget-'))
try {
  for (const { pack, file } of redistributables) {
    const asked = ['install', pack, '-OutputDirectory', packages, '-DependencyVersion', 'Ignore', '-NonInteractive']
    const { status, error } = spawnSync('nuget', asked, { stdio: 'inherit', shell: process.platform === 'win32' })
    if (status !== 0) stop(`nuget did not bring ${pack}${error === undefined ? '' : `: ${error.message}`}`)
    const text = termsIn(pack)
    writeFileSync(join(folder, file), text)
    process.stdout.write(`${file}: ${text.length} characters of ${pack}\n`)
  }
} finally {
  rmSync(packages, { recursive: true, force: true })
}

/** All texts of terms at the top of a package. */
function termsIn(pack: string): string {
  const found = readdirSync(packages).find((name) => name.startsWith(`${pack}.`)) ?? stop(`nuget put no ${pack} there`)
  const names = readdirSync(join(packages, found)).filter(
    (name) => /licen[cs]e|notice/i.test(name) && /\.txt$/i.test(name)
  )
  if (names.length === 0) stop(`${found} has no file with its terms`)
  return names
    .sort()
    .map((name) => readFileSync(join(packages, found, name), 'utf8').trim())
    .join('\n\n')
}
