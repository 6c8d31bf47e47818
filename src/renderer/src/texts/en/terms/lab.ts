import type { Term } from './term.ts'

/** What is said of the lab and of what it works on. */
export const lab = {
  seed: {
    name: 'seed',
    means: 'The number that all chance in the lab is drawn from; the same seed gives the same result.'
  },
  provider: {
    name: 'compute provider',
    means: 'The part of the computer that does the heavy arithmetic: the processor, or a graphics card.'
  },
  job: { name: 'job', means: 'A piece of work that runs in the background and survives closing the window.' },
  fingerprint: {
    name: 'fingerprint',
    means: 'A short code computed from the content itself: if anything changes, the code changes.'
  },
  hub: {
    name: 'Hugging Face',
    means: 'A public web site where models and data sets are shared; the lab can download from it or from a mirror.'
  },
  proxy: {
    name: 'proxy',
    means: 'A computer of your organisation through which all its network traffic has to go.'
  },
  token: {
    name: 'access token',
    means: 'A password-like key from your Hugging Face account, needed only for models that ask for a login.'
  },
  licence: {
    name: 'licence',
    means: 'What its authors allow others to do with it.'
  }
} as const satisfies Record<string, Term>
