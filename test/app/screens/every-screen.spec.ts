import { checkAxe, picture, settle, test, type Theme } from './fixture.ts'

/** Every address of the lab, in light and dark, looked at by axe and pictured. */
const addresses: Record<string, string> = {
  start: 'start',
  data: 'data',
  'data-set': 'data/ds-upstream',
  'data-browse': 'data/ds-upstream?tab=browse',
  'data-lengths': 'data/ds-upstream?tab=lengths',
  'data-rejected': 'data/ds-upstream?tab=rejected',
  'target-task': 'data/target/t-cb',
  'get-data': 'data/new',
  models: 'models',
  model: 'models/m-bart0',
  'get-model': 'models/new',
  indices: 'indices',
  index: 'indices/i-dense',
  'index-map': 'indices/i-dense?tab=map',
  'build-index': 'indices/new',
  experiments: 'experiments',
  'experiment-running': 'experiments/e-live',
  'experiment-finished': 'experiments/e-paper',
  'new-experiment': 'experiments/new',
  'compare-results': 'compare/e-paper',
  'compare-examples': 'compare/e-paper?tab=examples',
  'compare-retrieved': 'compare/e-paper?tab=retrieved',
  'compare-correlation': 'compare/e-paper?tab=correlation',
  'compare-time': 'compare/e-paper?tab=time',
  'compare-settings': 'compare/e-paper?tab=settings',
  'compare-pick': 'compare/pick',
  'compare-picked-nothing': 'compare/picked',
  jobs: 'jobs',
  'job-running': 'jobs/j-live',
  'job-crashed': 'jobs/j-crash',
  settings: 'settings',
  'not-found': 'nowhere/at/all'
}

for (const theme of ['light', 'dark'] satisfies Theme[]) {
  for (const [name, address] of Object.entries(addresses)) {
    test(`${name}, ${theme}`, async ({ page, open }) => {
      await open(address, 'usual', theme)
      await settle(page)
      await picture(page, `${name}-${theme}`)
      await checkAxe(page)
    })
  }
}
