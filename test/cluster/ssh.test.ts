import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { projectFolder } from '../../src/main/hosts/project.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { freePort } from './cluster.ts'

const sshd = '/usr/sbin/sshd'
const built = existsSync(join(projectFolder(), 'out/main/place-agent.js'))
const reason = !existsSync(sshd) ? 'no sshd; apt-get install openssh-server openssh-client' : 'not built; npm run build'

/** An sshd of its own on loopback, with keys that go with the test. Gives its ssh configuration and where known hosts are kept. */
async function startSshd(): Promise<{ config: string; known: string; hostKey: string }> {
  const folder = newHome()
  const key = (name: string) => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    return readFileSync(join(folder, `${name}.pub`), 'utf8')
  }
  const hostKey = key('host')
  writeFileSync(join(folder, 'authorized'), key('user'), { mode: 0o600 })
  const port = await freePort()
  const options = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized')}`,
    `PidFile ${join(folder, 'pid')}`,
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'StrictModes no',
    'UsePAM no'
  ]
  writeFileSync(join(folder, 'sshd_config'), `${options.join('\n')}\n`)
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const child = spawn(sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' })
  onTestFinished(() => void child.kill())
  await until(
    () => existsSync(join(folder, 'pid')),
    (there) => there
  )
  const known = join(folder, 'known')
  const client = [
    'Host test-place',
    '  HostName 127.0.0.1',
    `  Port ${port}`,
    `  User ${userInfo().username}`,
    `  IdentityFile ${join(folder, 'user')}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${known}`,
    '  GlobalKnownHostsFile /dev/null'
  ]
  const config = join(folder, 'config')
  writeFileSync(config, `${client.join('\n')}\n`)
  chmodSync(join(folder, 'user'), 0o600)
  return { config, known, hostKey: `[127.0.0.1]:${port} ${hostKey}` }
}

test(
  'through ssh: host keys are checked, the bundle goes over once, and jobs run from it',
  { timeout: 120_000, ...needs(existsSync(sshd) && built, reason) },
  async () => {
    const { config, known, hostKey } = await startSshd()
    const lab = await openLab({ places: { pollMilliseconds: 200, retryMilliseconds: 300, gatherMilliseconds: 20 } })
    const root = newHome()
    const settings = { name: 'box', kind: 'process' as const, ssh: 'test-place', sshConfig: config, folder: root }
    const { id: place } = await lab.client.places.add(settings)

    const unknown = await lab.client.places.check({ id: place })
    expect(unknown.steps.at(-1)?.found).toContain('is not known to this computer')
    const other = hostKey.replace(/ssh-ed25519 \S+/, `ssh-ed25519 ${readOther()}`)
    writeFileSync(known, other)
    const changed = await lab.client.places.check({ id: place })
    expect(changed.steps.at(-1)?.found).toContain('shows another host key than before')

    writeFileSync(known, hostKey)
    const check = await lab.client.places.check({ id: place })
    expect(check, JSON.stringify(check.steps)).toMatchObject({ works: true })
    const { id } = await lab.client.jobs.selfTest({ steps: 5, milliseconds: 20, fail: 'no', place })
    expect(await untilJob(lab, id, 'finished', 'failed', 'crashed')).toMatchObject({ status: 'finished', error: null })
    // Its own Node and programs, and not those of this checkout.
    const { pid } = JSON.parse(readFileSync(join(root, 'jobs', id, 'process.json'), 'utf8')) as { pid: number }
    expect(pid).toBeGreaterThan(0)
    const [bundle] = execFileSync('ls', [join(root, 'bundle')], { encoding: 'utf8' })
      .trim()
      .split('\n')
    expect(bundle).toMatch(/^[0-9a-f]{32}$/)

    /** The key of another server, in the form of known_hosts. */
    function readOther(): string {
      const path = join(newHome(), 'other')
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
      return readFileSync(`${path}.pub`, 'utf8').split(' ')[1]!
    }
  }
)
