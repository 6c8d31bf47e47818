import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** `screens`: every screen in every designed state, with the fake backend. `lab`: the real server with real workers;
 * `electron`: the same tests of the real lab in Electron's window, and those of the window itself. */
export default defineConfig({
  outputDir: process.env['RECROSS_TEST_OUTPUT'] ?? 'test-results/app',
  timeout: 240_000,
  // Machines that build and test at the same time are slow; what never comes fails all the same.
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list']],
  use: {
    launchOptions: existsSync(chromium) ? { executablePath: chromium, args: ['--no-sandbox'] } : {},
    viewport: { width: 1280, height: 800 },
    // A whole experiment in the real lab may take half an hour; what it clicks is there long before.
    actionTimeout: 240_000,
    reducedMotion: 'reduce',
    screenshot: 'only-on-failure'
  },
  projects: [
    { name: 'screens', testDir: 'test/app/screens' },
    { name: 'lab', testDir: 'test/app/lab', timeout: 1_800_000 },
    {
      name: 'electron',
      testDir: 'test/app',
      testMatch: /app[\\/](electron|lab)[\\/](window|demo|import|index)\.spec\.ts$/,
      timeout: 1_800_000
    }
  ]
})
