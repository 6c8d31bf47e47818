export const wizards = {
  steps: 'Steps',
  stepOf: (step: number, steps: number) => `Step ${step} of ${steps}`,
  startOver: 'Start over',
  summary: {
    what: 'What will happen',
    time: 'How long',
    disk: 'Disk',
    memory: 'Memory',
    network: 'Network',
    noNetwork: 'nothing is downloaded',
    diskFree: (free: string) => `${free} free`,
    diskHub: 'known when the download begins',
    diskShort: 'That is more than is free on this disk.'
  },
  outlook: {
    title: 'What it will take',
    time: 'Time',
    disk: 'Disk',
    unknown: 'not known yet',
    measuring: 'being measured…',
    nothingYet: 'Nothing starts before the last step.'
  },
  /** Where data and models come from. */
  origin: {
    installed: 'already here',
    offline: 'The lab is set to stay offline; only what came with it can be used. You can change that in Settings.',
    licence: (name: string) => `Licence: ${name}`,
    needs: (what: string) => `Needs: ${what}`,
    sizeUnknown: 'size not published',
    repo: 'Name',
    time: 'depends on your connection; it can be paused and resumed',
    bundled: 'comes with the lab; nothing is downloaded',
    files: (size: string | null) => `${size ?? 'the files'} from GitHub`,
    hub: (size: string | null) => `${size ?? 'the files'} from Hugging Face`,
    drive: (size: string | null) =>
      `${size ?? 'the file'} from Google Drive; should it refuse, you will be told where to put the file by hand`
  },
  path: {
    browse: 'Browse…',
    sending: (share: string) => `Reading the file: ${share}`,
    title: 'Choose a folder',
    up: 'Up',
    inside: 'Folders in it',
    isModel: 'a model',
    none: 'There are no folders in it.',
    more: 'There are more; the first thousand are shown. Close this to enter the path.',
    choose: 'Choose this folder',
    dropped: (name: string) =>
      `A browser does not tell the lab where “${name}” lies. Find it here, or close this and enter its path.`,
    isFolder: (name: string) =>
      `“${name}” is a folder, and a browser does not tell where it lies. Drop a file out of it instead, or enter its path.`
  },
  working: 'Working…',
  canLeave: 'You can leave this page; the work goes on and shows at the bottom of the window.',
  made: { another: 'Add another' },
  /** What is said at the end of the work, in each way in which it can end. */
  ends: {
    anew: 'Start anew',
    aside: (lines: string) => `${lines} set aside`,
    data: {
      made: 'The data is in the lab.',
      found: 'The lab has this content already, under this name. Nothing was added.',
      deleted: 'The data was brought in, and has been deleted since.',
      open: 'Open the data'
    },
    model: {
      made: 'The model is in the lab.',
      found: 'The lab has this model already, under this name. Nothing was added.',
      deleted: 'The model was brought in, and has been deleted since.',
      open: 'Open the model'
    },
    index: {
      made: 'The index is ready.',
      found: 'This index was there already; it has been checked and is in order.',
      deleted: 'The index was built, and has been deleted since, or what it was built from has.',
      open: 'Open the index'
    },
    mining: {
      made: 'The pairs are mined. Look at the report before a reranker is trained on them.',
      found: 'The same was mined already.',
      deleted: 'The pairs were mined, and have been deleted since, or the data that they were mined on has.',
      open: 'Open the report'
    },
    deletedTitle: 'Deleted since',
    unknownTitle: 'Finished',
    unknown: 'The work has finished; what it made is on the list.',
    goneTitle: 'No longer on the list of jobs',
    gone: 'The job that did the work was taken off the list of jobs. If it had finished, what it made is still in the lab.'
  },
  failed: 'It did not work out. The reason is below; what you entered is kept.',
  change: 'Change what I entered',
  missing: {
    choose: 'Choose one to go on.',
    name: 'Give it a name to go on.',
    file: 'Choose a file to go on.',
    paste: 'Paste or type at least one question.',
    look: 'The repository is looked at first.',
    config: 'Choose at least one configuration.',
    mapping: 'Say which columns hold the input and the answer.',
    check: 'The file is looked at first.',
    problem: 'The file cannot be read; see what is said above.',
    mend: 'Something in the file must be settled first; see what is said above.',
    accept: 'Say above whether to go on as it is.',
    folder: 'Enter the folder to go on.',
    runnable: 'Only a model that runs goes on; see what is said above.',
    repo: 'Enter a name such as owner/name.',
    data: 'Choose the data to go on.',
    model: 'Choose a model to go on.',
    target: 'Choose at least one target task.',
    strategy: 'Choose at least one strategy besides zero-shot.',
    role: (strategy: string, needed: string) => `The strategy “${strategy}” ${needed}.`,
    number: (label: string) => `“${label}” does not fit.`
  }
}
