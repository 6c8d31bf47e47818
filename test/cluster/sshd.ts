import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './cluster.ts'

export const sshd = '/usr/sbin/sshd'

export interface Sshd {
  /** Configuration for ssh, in which the server is called test-place. */
  config: string
  /** The file of known hosts, and the line that would stand in it. */
  known: string
  hostKey: string
  stop(): void
}

/** An sshd of its own on loopback, with keys in a folder that goes with it; what runs behind it has the given environment as well. */
export async function startSshd(folder: string, environment: Record<string, string> = {}): Promise<Sshd> {
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
    'UsePAM no',
    ...Object.entries(environment).map(([name, value]) => `SetEnv ${name}=${value}`)
  ]
  writeFileSync(join(folder, 'sshd_config'), `${options.join('\n')}\n`)
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
  const child: ChildProcess = spawn(sshd, ['-D', '-e', '-f', join(folder, 'sshd_config')], { stdio: 'ignore' })
  while (!existsSync(join(folder, 'pid'))) {
    if (child.exitCode !== null) throw new Error('sshd did not start')
    await sleep(20)
  }
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
  return { config, known, hostKey: `[127.0.0.1]:${port} ${hostKey}`, stop: () => void child.kill() }
}
