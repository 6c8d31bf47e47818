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
    hub: (size: string | null) => `${size ?? 'the files'} from Hugging Face`,
    drive: (size: string | null) =>
      `${size ?? 'the file'} from Google Drive; should it refuse, you will be told where to put the file by hand`
  },
  working: 'Working…',
  canLeave: 'You can leave this page; the work goes on and shows at the bottom of the window.',
  made: {
    title: 'Done',
    data: 'The data is in the lab.',
    model: 'The model is in the lab.',
    index: 'The index is ready.',
    openData: 'Open the data',
    openModel: 'Open the model',
    openIndex: 'Open the index',
    another: 'Add another'
  },
  failed: 'It did not work out. The reason is below; what you entered is kept.',
  change: 'Change what I entered',
  missing: {
    choose: 'Choose one to go on.',
    name: 'Give it a name to go on.',
    file: 'Choose a file to go on.',
    mapping: 'Say which columns hold the input and the answer.',
    folder: 'Enter the folder to go on.',
    repo: 'Enter a name such as owner/name.',
    data: 'Choose the data to go on.',
    model: 'Choose a model to go on.',
    target: 'Choose at least one target task.',
    strategy: 'Choose at least one strategy besides zero-shot.',
    encoder: 'The semantic strategy needs a sentence encoder.',
    number: (label: string) => `“${label}” does not fit.`
  }
}
