import { createContext } from 'svelte'
import type { Client } from '../api/client.ts'
import type { Connection } from '../api/connection.svelte.ts'
import type { Attention } from './attention.svelte.ts'
import type { LabState } from './lab.svelte.ts'
import type { Route } from './route.svelte.ts'

/** What every screen may reach for. */
export interface App {
  client: Client
  lab: LabState
  route: Route
  connection: Connection
}

export const [getApp, setApp] = createContext<App>()

/** How far the work is, for whoever shows it outside the page. */
export const [getAttention, setAttention] = createContext<Attention>()
