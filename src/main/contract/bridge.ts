/** What the preload script gives to the page under Electron, as `window.recross`. Absent in a browser. */
export interface Bridge {
  /** Absolute path of a file that was dropped or chosen. */
  pathOf(file: File): string
  /** The system's dialog; the paths that were chosen, none if it was dismissed. */
  choose(what: 'files' | 'folder'): Promise<string[]>
  /** Calls back with the paths of files that the lab was opened with: at once with those that wait, then as they come. */
  onOpened(listener: (paths: string[]) => void): void
}

/**
 * The page makes a MessageChannel and posts this word with one end of it to itself:
 * `window.postMessage(portMessage, location.origin, [port2])`. That port speaks the contract's routes.
 */
export const portMessage = 'recross-lab-port'

/** Names of what crosses between preload and main process. */
export const chooseMessage = 'recross-lab-choose'
export const openedMessage = 'recross-lab-opened'

/** What Electron's main process tells the process that started it once the lab is open, or that the user was told why not. */
export const openMessage = 'recross-lab-open'
