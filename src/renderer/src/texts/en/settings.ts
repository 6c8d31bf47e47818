import type { CleaningRule } from '../../../../main/contract/housekeeping.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import { places } from './places.ts'

const providers: Record<Settings['provider'], { name: string; text: string }> = {
  auto: { name: 'Automatic', text: 'The fastest that works on this computer.' },
  cpu: { name: 'Processor (CPU)', text: 'Always works.' },
  webgpu: { name: 'Graphics card (WebGPU)', text: 'Works with most graphics cards.' },
  cuda: { name: 'NVIDIA card (CUDA)', text: 'Fastest on NVIDIA cards; needs one extra install command.' },
  dml: { name: 'Graphics card (DirectML)', text: 'Windows only.' },
  coreml: { name: 'Apple chip (CoreML)', text: 'macOS only.' }
}

export const settings = {
  lead: 'How the lab uses this computer. Changes take effect at once.',
  saved: 'Saved',
  home: {
    title: 'Where things are kept',
    path: 'Folder',
    used: 'Used',
    free: 'Free on this disk',
    move: 'To use another folder, start the lab with',
    option: '--home <folder>',
    host: 'Running as',
    hosts: { electron: 'desktop application', server: 'local server with a browser', cli: 'command line' },
    version: 'Version',
    machine: 'This computer',
    cores: (n: string) => `${n} cores`,
    memory: (size: string) => `${size} of memory`
  },
  homeCare: {
    look: 'What takes how much',
    verify: 'Verify everything',
    verifying: 'Reading everything from end to end. This takes a while for large models; you can leave this page.',
    verified: (whole: string, all: string) => `${whole} of ${all} things are as they were written.`,
    states: { whole: 'whole', damaged: 'damaged', missing: 'missing', unknown: 'cannot be told' },
    leftTitle: 'What nothing needs any more',
    nothingLeft: 'Nothing is left over.',
    left: (path: string, size: string, why: string) => `${path}, ${size}: ${why}`,
    clean: (size: string) => `Free ${size}`,
    rules: {
      title: 'What goes by itself',
      byItself: 'Clean up by itself, once a day',
      byItselfText:
        'Only what no record names and no unfinished job reads. What you delete yourself lies in the bin first.',
      last: (when: string) => `Last done ${when}.`,
      never: 'Not done yet.',
      unit: (one: boolean) => (one ? 'day' : 'days'),
      days: (n: string, one: boolean) => `${n} ${one ? 'day' : 'days'}`,
      daysOf: (rule: string) => `Days: ${rule}`,
      names: {
        scratch: 'Working folders of jobs that are over',
        unfinished: 'Data, models, indices and runs without a record',
        parts: 'Halves of files that were not finished',
        uploads: 'Copies of files from the browser that nothing reads',
        downloads: 'Downloads that nobody has gone on with',
        jobs: 'History of jobs that are over and belong to no experiment',
        backups: 'Copies of the database from before updates; they may name where the home lay then',
        logs: 'Earlier log files of the lab',
        bin: 'What lies in the bin'
      } as Readonly<Record<CleaningRule, string>>
    },
    places: {
      datasets: 'Data',
      models: 'Models',
      indices: 'Indices',
      runs: 'Runs and their answers',
      minings: 'Mined pairs',
      downloads: 'Downloads and uploads',
      scratch: 'Working folders',
      bin: 'The bin',
      logs: 'Log files'
    } as Readonly<Record<string, string>>
  },
  places,
  compute: {
    title: 'Computing',
    provider: 'Compute provider',
    providers,
    doctor: 'Self-test',
    doctorText:
      'Tries everything the lab needs, each compute provider with a real computation, and says what is missing.',
    doctorAction: 'Test now',
    checking: 'Testing…',
    diagnostics: 'For somebody who helps',
    diagnosticsText:
      'A zip with versions, this self-test, settings, kinds and ends of jobs and the log files. No texts, names, paths, addresses or tokens are in it.',
    diagnosticsAction: 'Save diagnostics',
    diagnosticsDone: (fileName: string) => `${fileName} was saved. Look into it before you send it.`,
    healthy: 'All that the lab needs is here.',
    unhealthy: 'Something is missing. What to do stands next to it.',
    states: { ok: 'fine', missing: 'missing', failed: 'failed', optional: 'optional' },
    threads: 'Processor cores to use',
    threadsAll: (n: number) => `All ${n} cores`,
    threadsSome: (n: number) => `${n} ${n === 1 ? 'core' : 'cores'}`,
    threadsText: 'Fewer cores leave more of the computer to other programs; jobs take longer.'
  },
  network: {
    title: 'Network',
    offline: 'Stay offline',
    offlineText: 'While this is on, the lab fetches nothing at all.',
    mirror: 'Mirror of Hugging Face',
    mirrorText: 'Leave empty to use huggingface.co itself.',
    proxy: 'Proxy',
    proxyText: 'Only needed where your network demands one.',
    token: 'Hugging Face access token',
    tokenHas: 'A token is stored.',
    tokenNone: 'No token is stored. Most models do not need one.',
    tokenRemove: 'Remove token',
    tokenSave: 'Store token',
    tokenSystem: 'It is kept in this computer’s own secret store.',
    tokenPlain:
      'This computer offers no secret store here. The token would be kept as readable text in a file of the lab’s folder that only you can read; whoever gets a copy of that folder could use it.',
    tokenAgree: 'I understand; keep it as plain text',
    invalidAddress: 'This is not a web address. It starts with https:// or http://.'
  },
  look: {
    title: 'Appearance',
    theme: 'Theme',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
    language: 'Language',
    /** Each by its own name, so that it is found by those who read no other. */
    languages: { system: 'As the system', en: 'English', de: 'Deutsch' },
    languageText:
      'The page loads again with it. Messages of jobs, verdicts in sentences, reports and the command line stay English.'
  },
  desktop: {
    title: 'Window and computer',
    keepAwake: 'Keep the computer awake while a job is at work',
    keepAwakeText: 'Otherwise it may go to sleep in the middle of a training; the job goes on when it wakes up.',
    whenClosed: 'When the window is closed while jobs are unfinished',
    whenClosedTexts: {
      ask: 'Ask',
      background: 'Keep running in the background',
      stop: 'Stop and quit'
    }
  },
  about: {
    title: 'About and newer versions',
    version: (version: string) => `ReCross Lab ${version}, under the MIT licence.`,
    lookText:
      'The lab never looks for newer versions by itself. It asks the release page when you press the button, and installs nothing.',
    releases: 'Release page',
    releasesText: 'Address of its releases.json. Leave empty to use the one that came with this installation, if any.',
    look: 'Look for a newer version',
    newer: (version: string, date: string) => `Version ${version} of ${date} is newer.`,
    newest: 'This is the newest version.',
    file: (name: string, size: string, sum: string) => `${name}, ${size}, SHA-256 ${sum}`,
    folder: 'Without a network: a folder with an installer',
    folderText: 'For instance a memory stick. Its checksums are compared with the list beside it.',
    choose: 'Choose…',
    check: 'Check',
    isNewer: 'newer than this lab',
    notNewer: 'not newer than this lab',
    otherSystem: 'for another system',
    checksums: {
      agrees: 'Its checksum agrees with the list.',
      differs: 'Its checksum differs from the list: it is damaged or not what it says. Do not use it.',
      none: 'No list of checksums lies beside it, so that nobody can tell whether it is whole.'
    },
    how: 'Quit the lab, then open the installer. The home stays as it is; the new version copies its database before it changes anything.'
  },
  requests: {
    title: 'What has left this computer',
    none: 'Nothing. The lab has not sent a single request yet.',
    all: (n: string) => `${n} requests in all, the newest first`,
    places: 'Connections to computers under “Places” are made by ssh and are not listed here.',
    columns: { time: 'When', where: 'Where to', answer: 'Answer' },
    noAnswer: 'none',
    token: 'with your token'
  },
  privacy: {
    title: 'Privacy',
    points: [
      'Your data, models and results stay in the folder above.',
      'There is no account and no telemetry: nothing is ever sent about you or your work.',
      'The network is used only when you download data or a model, or look for a newer version, and only to the addresses that you see here.',
      'The lab listens on this computer only; no other computer can reach it.'
    ]
  }
}
