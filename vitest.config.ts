import { availableParallelism } from 'node:os'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { svelteTesting } from '@testing-library/svelte/vite'
import { defineConfig } from 'vitest/config'
import { keepWhatIsCompiled } from './test/compile-cache.ts'

keepWhatIsCompiled()

export default defineConfig({
  test: {
    // Tests wait for processes that they start as often as they compute: on two cores one worker would leave half of them idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/renderer/**', 'test/app/**'],
          environment: 'node',
          setupFiles: ['test/measure/setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000
        }
      },
      {
        plugins: [svelte(), svelteTesting()],
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          setupFiles: ['test/measure/setup.ts', 'test/renderer/fresh.ts', 'test/renderer/shown-commands.ts'],
          environment: 'jsdom',
          // To make a window and to load the screens anew for each file takes three times what the tests take; fresh.ts clears it between them.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000
        }
      }
    ]
  }
})
