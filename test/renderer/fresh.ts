import { vi } from 'vitest'

/** The files of component tests share a window (vitest.config.ts): each begins with an empty page, at no address, with nothing kept. */
vi.unstubAllGlobals()
delete window.recross
for (const storage of [localStorage, sessionStorage]) storage.clear()
for (const { name } of [...document.documentElement.attributes]) document.documentElement.removeAttribute(name)
for (const part of [document.head, document.body]) part.replaceChildren()
// Tells nobody, unlike setting the hash: what an earlier file has left behind may still listen.
history.replaceState(null, '', '/')
