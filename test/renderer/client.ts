import { createRouterClient, ORPCError } from '@orpc/server'
import type { Client } from '../../src/renderer/src/api/client.ts'
import type { DraftStore } from '../../src/renderer/src/state/drafts.svelte.ts'
import { fakeRouter, type Scenario } from './fake/router.ts'

/** A client of the fake backend without a wire, and the fake itself is a new one for each test. */
export function fakeClient(scenario: Scenario = 'usual'): Client {
  const client: Client = createRouterClient(fakeRouter(scenario), { context: {} })
  return client
}

/** Drafts that are forgotten at the end of the test. */
export function memoryDrafts(): DraftStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    read: (name) => kept.get(name) ?? null,
    keep: (name, text) => void kept.set(name, text),
    forget: (name) => void kept.delete(name)
  }
}

/** The same client with some of its calls answered otherwise. */
export function overridden<Feature extends keyof Client>(
  client: Client,
  feature: Feature,
  calls: { [Name in keyof Client[Feature]]?: (input: never) => Promise<unknown> }
): Client {
  const over = (target: object, by: object): object =>
    new Proxy(target, {
      get: (inner, name) => Reflect.get(Object.hasOwn(by, name) ? by : inner, name) as unknown
    })
  return over(client, { [feature]: over(client[feature], calls) }) as Client
}

/** An error as the lab's own reach the page. */
export function labError(code: string, message: string, details: Record<string, unknown> = {}): Error {
  return new ORPCError('LAB_ERROR', { defined: true, message, data: { code, details, cause: null } })
}
