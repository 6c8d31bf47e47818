/** Prints what the lab finds when it is asked for half precision here. */
import { LabError } from '../../../src/main/contract/error.ts'
import { chooseForHalf, testHalf } from '../../../src/main/engine/half-test.ts'

export interface HalfOffer {
  /** null: it can be had. */
  code: string | null
  message: string
  error: number | null
}

async function offer(): Promise<HalfOffer> {
  try {
    const { reason } = await chooseForHalf('webgpu')
    return { code: null, message: reason, error: (await testHalf('webgpu')).error }
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown
    return { code: thrown.code, message: thrown.message, error: null }
  }
}

process.stdout.write(JSON.stringify(await offer()), () => process.exit(0))
