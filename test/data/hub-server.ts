import { onTestFinished } from 'vitest'
import { HubServer as HubDouble } from './hub-double.ts'

/** The double of a hub that ends with the test. */
export const HubServer = {
  async start(): Promise<HubDouble> {
    const hub = await HubDouble.open()
    onTestFinished(() => hub.close())
    return hub
  }
}
export type HubServer = HubDouble
export type { HubFile, Trouble } from './hub-double.ts'
