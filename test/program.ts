import { spawn } from 'node:child_process'

export interface Started {
  /** The exit status; null: it was ended from outside, or did not start. */
  status: number | null
  stdout: string
  /** How long it took, for people. */
  seconds: string
}

interface Options {
  cwd: string
  /** Over those of this process. */
  env?: Record<string, string>
  /** Its standard output is a document for this process, not for people. */
  quiet?: boolean
}

/** Runs a program to its end. What it says is passed on line by line under its name, as another may run beside it. */
export function start(
  name: string,
  command: string,
  options: readonly string[],
  { cwd, env = {}, quiet = false }: Options
): Promise<Started> {
  const began = Date.now()
  const seconds = (): string => `${((Date.now() - began) / 1000).toFixed(1)} s`
  return new Promise((resolve) => {
    const child = spawn(command, options, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    })
    let stdout = ''
    const said = lines((line) => process.stdout.write(`[${name}] ${line}\n`))
    const complained = lines((line) => process.stderr.write(`[${name}] ${line}\n`))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (!quiet) said.take(text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => complained.take(text))
    child.on('error', (error) => {
      complained.take(`${error.message}\n`)
      resolve({ status: null, stdout, seconds: seconds() })
    })
    child.on('close', (status) => {
      for (const rest of [said, complained]) rest.end()
      resolve({ status, stdout, seconds: seconds() })
    })
  })
}

/** Hands on whole lines; a line of dots that has grown long is cut. */
function lines(tell: (line: string) => void) {
  const longest = 100
  let open = ''
  return {
    take(text: string): void {
      const whole = (open + text).split('\n')
      open = whole.pop()!
      for (const line of whole) tell(line)
      if (open.length >= longest && /^[^\w]+$/.test(open)) this.end()
    },
    end(): void {
      if (open !== '') tell(open)
      open = ''
    }
  }
}
