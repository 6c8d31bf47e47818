import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig } from 'electron-vite'
import { bundledPackages } from './scripts/bundled-packages.ts'

const at = (path: string) => resolve(import.meta.dirname, path)
const packagesOf = (part: string) => bundledPackages(at(`out/packages/${part}.json`))

export default defineConfig({
  // What is a devDependency is bundled: a start reads one file faster than hundreds. Native code cannot be, and stays outside.
  // index is Electron's main process; server, cli and worker never import electron and run under plain Node.
  main: {
    plugins: [packagesOf('main')],
    build: {
      rolldownOptions: {
        input: {
          index: at('src/main/hosts/electron/index.ts'),
          server: at('src/main/hosts/server/index.ts'),
          cli: at('src/main/hosts/cli/index.ts'),
          worker: at('src/main/worker/index.ts'),
          // What runs on places: a job folder, and the lab's agent beside it.
          'file-worker': at('src/main/worker/file-worker/index.ts'),
          'place-agent': at('src/main/places/agent/index.ts')
        }
      }
    }
  },
  // A sandboxed preload script must be CommonJS.
  preload: {
    plugins: [packagesOf('preload')],
    build: {
      rolldownOptions: { input: at('src/preload/index.ts'), output: { format: 'cjs', entryFileNames: '[name].cjs' } }
    }
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [tailwindcss(), svelte({ configFile: at('svelte.config.js') }), packagesOf('renderer')],
    build: {
      minify: true,
      rolldownOptions: {
        input: at('src/renderer/index.html'),
        // Each icon would be a file, and the first screen would ask for a dozen.
        output: { codeSplitting: { groups: [{ name: 'icons', test: /@lucide/ }] } }
      }
    }
  }
})
