import { afterEach, expect, test, vi } from 'vitest'
import { FollowedTheme } from '../../../src/renderer/src/state/theme.svelte.ts'

const { setMode } = vi.hoisted(() => ({ setMode: vi.fn() }))
vi.mock('mode-watcher', () => ({ setMode }))
afterEach(() => {
  setMode.mockReset()
  localStorage.clear()
  delete window.recross
})

test('a change of the settings is followed, whoever made it; the same again is not', () => {
  const theme = new FollowedTheme()
  theme.take('system')
  setMode.mockReset()
  theme.take('dark')
  theme.take('dark')
  theme.take('light')
  expect(setMode.mock.calls).toEqual([['dark'], ['light']])
})

test('a browser keeps what was chosen in it; the lab’s own window has that of its frame', () => {
  localStorage.setItem('mode-watcher-mode', 'light')
  new FollowedTheme().take('dark')
  expect(setMode).not.toHaveBeenCalled()
  window.recross = {} as NonNullable<typeof window.recross>
  new FollowedTheme().take('dark')
  expect(setMode).toHaveBeenCalledWith('dark')
})
