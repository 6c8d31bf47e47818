'use strict'
/**
 * Loaded ahead of everything by the processes that tests start (setup.ts says so in NODE_OPTIONS): which functions of ours they enter. Most of
 * them are killed at their end, so it is written down before each result that a worker sends, now and then, and at the end. CommonJS, as
 * a process without sources of ours should not have to load what reads TypeScript.
 */
const path = require('node:path')
const { isMainThread } = require('node:worker_threads')

const root = path.join(__dirname, '..', '..')
const source = path.join(root, 'src')
const folder = process.env['RECROSS_TEST_MEASURES']
/** Programs of ours, not those of packages. */
const ours = ['src', 'test', 'scripts'].map((name) => path.join(root, name) + path.sep)
const entry = process.argv[1] === undefined ? '' : path.resolve(process.argv[1])
if (isMainThread && folder !== undefined && ours.some((place) => entry.startsWith(place))) measure(folder)

function measure(folder) {
  const { randomUUID } = require('node:crypto')
  const { flushCompileCache } = require('node:module')
  const { renameSync, writeFileSync } = require('node:fs')
  const { Session } = require('node:inspector')
  const { pathToFileURL } = require('node:url')
  const sources = pathToFileURL(source).href
  const report = path.join(folder, `${randomUUID()}.json`)
  const files = {}
  const session = new Session()
  session.connect()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: false })
  const write = () => {
    // Node does that at a process's end, which most never come to.
    flushCompileCache()
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      for (const { url, functions } of error ? [] : answer.result) {
        if (!url.startsWith(`${sources}/`)) continue
        const file = (files[`src${url.slice(sources.length).split('?')[0]}`] ??= { entered: new Set(), all: new Set() })
        for (const { functionName: name, ranges } of functions) {
          if (name !== '') file.all.add(name)
          if (name !== '' && ranges[0].count > 0) file.entered.add(name)
        }
      }
      if (Object.keys(files).length === 0) return
      const lists = Object.entries(files).map(([path, { entered, all }]) => [
        path,
        { entered: [...entered], all: [...all] }
      ])
      try {
        // Whole or not at all: it may be killed here too.
        writeFileSync(`${report}.part`, JSON.stringify({ test: null, seconds: 0, files: Object.fromEntries(lists) }))
        renameSync(`${report}.part`, report)
      } catch {
        // A process of another user may not write here, and is none the worse for it.
      }
    })
  }
  setInterval(write, 20_000).unref()
  process.on('exit', write)
  const send = process.send?.bind(process)
  if (send === undefined) return
  process.send = (message, ...rest) => {
    if (['result', 'cancelled', 'paused', 'error'].includes(message?.type)) write()
    return send(message, ...rest)
  }
}
