import type { ErrorCode } from '../contract/error-codes.ts'
import { LabError } from '../contract/error.ts'

/** What ssh says, what it means, and the way out. The first row that fits. */
const rows: readonly { when: RegExp; code: ErrorCode; message: (where: string) => string }[] = [
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed/i,
    code: 'place-host-key-changed',
    message: (where) =>
      `${where} shows another host key than before. Either it was installed anew, or somebody stands in between. Ask its administrator for the key; only if it is right, remove the old one with "ssh-keygen -R" and connect once in a terminal.`
  },
  {
    when: /Host key verification failed|No .* host key is known/i,
    code: 'place-host-key-unknown',
    message: (where) =>
      `The host key of ${where} is not known to this computer. Connect once in a terminal with "ssh ${where}", compare the key with that of its administrator, and answer yes.`
  },
  {
    when: /Permission denied|Too many authentication failures/i,
    code: 'place-no-access',
    message: (where) =>
      `${where} does not let you in. The lab asks for no password: put a key into your ssh agent ("ssh-add"), so that "ssh ${where}" works in a terminal without one.`
  },
  {
    when: /Could not resolve hostname|Name or service not known/i,
    code: 'place-unknown-host',
    message: (where) =>
      `There is no computer called ${where} in this network. Check the name, or the VPN that leads to it.`
  },
  {
    when: /Connection refused|timed out|No route to host|Network is unreachable|Connection reset|Broken pipe/i,
    code: 'place-unreachable',
    message: (where) => `${where} does not answer. It may be switched off, or the network or VPN is down.`
  },
  {
    when: /GLIBC|Exec format error|cannot execute/i,
    code: 'place-other-system',
    message: (where) =>
      `The lab's programs do not run on ${where}: it is another kind of processor or an older Linux than they need (x64 or arm64 like this computer, glibc 2.28).`
  },
  {
    when: /ENOENT/,
    code: 'place-no-ssh',
    message: () => 'There is no ssh on this computer. Install OpenSSH.'
  }
]

export function explainLoss(where: string, said: string): LabError {
  const row = rows.find(({ when }) => when.test(said))
  return new LabError(row?.code ?? 'place-lost', row?.message(where) ?? `The connection to ${where} has ended.`, {
    ...(said.trim() === '' ? {} : { cause: said.trim().split('\n').slice(-3).join(' ') })
  })
}
