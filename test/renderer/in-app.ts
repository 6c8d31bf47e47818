import { render } from '@testing-library/svelte'
import type { Component } from 'svelte'
import { Connection } from '../../src/renderer/src/api/connection.svelte.ts'
import type { Client } from '../../src/renderer/src/api/client.ts'
import type { Problem } from '../../src/renderer/src/api/problem.ts'
import { LabState } from '../../src/renderer/src/state/lab.svelte.ts'
import { Route } from '../../src/renderer/src/state/route.svelte.ts'
import { fakeClient } from './client.ts'
import InApp from './InApp.svelte'

/** Renders a component within the application, on the fake backend; problems that users would be told are collected. */
export async function renderInApp<Props extends Record<string, unknown>>(
  of: Component<Props>,
  props: Props,
  client: Client = fakeClient(),
  /** With everything that the lab holds, as on a page that has been open for a while. */
  full = false
) {
  const told: Problem[] = []
  const lab = new LabState(client, (problem) => told.push(problem))
  if (full) await lab.refresh()
  else await Promise.all([lab.home.load(), lab.settings.load(), lab.loadJobs(), lab.drafts.load()])
  const app = { client, lab, route: new Route(), connection: new Connection() }
  return {
    ...render(InApp, { props: { app, of: of as Component<Record<string, unknown>>, props } }),
    lab,
    client,
    told
  }
}
