import type { Check } from '../contract/settings.ts'
import { findBrowser } from './browser.ts'
import { electronBinary } from './electron-binary.ts'
import { isInstalled } from './project.ts'

/** What a lab can be shown in. */
export async function hostChecks(): Promise<Check[]> {
  // An installed app has its window; what else could show the lab does not matter there.
  return isInstalled() ? [] : [browser(), electron()]
}

function browser(): Check {
  const found = findBrowser()
  if (found !== null) return { name: 'Browser', state: 'ok', found: found.path, advice: null }
  const advice = 'Install Chromium or Chrome for an app window; any browser can open the address that is printed.'
  return { name: 'Browser', state: 'optional', found: 'no Chromium or Chrome', advice }
}

function electron(): Check {
  const name = 'Electron'
  if (process.versions['electron'] !== undefined) {
    return { name, state: 'ok', found: process.versions['electron'], advice: null }
  }
  const path = electronBinary()
  if (path !== null) return { name, state: 'ok', found: path, advice: null }
  const advice = 'npm start fetches it where it can. Without it the lab runs in the browser, with everything it can do.'
  return { name, state: 'optional', found: 'program not fetched', advice }
}
