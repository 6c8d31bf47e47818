/** What the main process itself says in English: in dialogs, menus, the tray and notifications. */
export const en = {
  product: 'ReCross Lab',
  cannotStart: 'ReCross Lab cannot start',
  leave: {
    title: 'Work is under way',
    message: (jobs: number) => `${jobs} ${jobs === 1 ? 'job is' : 'jobs are'} not finished.`,
    detail:
      'In the background the lab goes on without a window and stays in the tray, where you can open it again. ' +
      'If you stop it, jobs go on where they can at the next start; others begin anew.',
    background: 'Keep running in the background',
    stop: 'Stop and quit',
    cancel: 'Cancel',
    remember: 'Do this from now on (Settings can change it)'
  },
  page: {
    title: 'The page does not come back',
    message: 'The page of the lab ended twice within a short time. Jobs go on all the while.',
    hangs: 'The page of the lab does not answer. Jobs go on all the while.',
    reload: 'Reload the page',
    wait: 'Wait',
    quit: 'Quit'
  },
  otherHome: {
    title: 'Another home folder',
    message: (asked: string) => `You asked for the lab in ${asked}.`,
    detail: (open: string) =>
      `The lab in ${open} is open, and one window shows one lab. Quit it first, or use "recross-lab --home" in a terminal.`,
    ok: 'OK'
  },
  tray: { open: 'Open ReCross Lab', quit: 'Quit', idle: 'nothing to do', busy: (jobs: number) => `${jobs} unfinished` },
  menu: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    help: 'Help',
    about: 'About ReCross Lab',
    licences: 'Licences of what is included',
    folder: 'Open the home folder',
    command: 'Put recross-lab on the command line…'
  },
  command: {
    title: 'recross-lab on the command line',
    done: (path: string) =>
      `${path} now starts the lab's command line. Open a new terminal and type: recross-lab --help`,
    failed: (path: string, reason: string) => `${path} could not be written: ${reason}`,
    manual: (target: string) => `You can run it by its path: ${target}`
  },
  ended: {
    finished: (title: string) => `${title}: finished`,
    failed: (title: string) => `${title}: did not finish`,
    look: 'Click to look at it.'
  }
}
