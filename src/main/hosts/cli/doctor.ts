import { LabError } from '../../contract/error.ts'
import type { AddCommand } from './command.ts'
import { table } from './table.ts'

/** `doctor`: what is there, what is missing, what to do. */
export const addDoctor: AddCommand = (program, run) => {
  program
    .command('doctor')
    .description('look at this machine: what is there, what is missing, what to do')
    .action(
      run(async ({ client, print }) => {
        const report = await client.lab.doctor()
        const rows = report.checks.map(({ name, state, found }) => [name, state, found])
        const advice = report.checks
          .filter((check) => check.advice !== null && check.state !== 'ok')
          .map((check) => `${check.name}: ${check.advice}`)
        print(report, [table(['part', 'state', 'found'], rows), ...advice].join('\n'))
        const failed = report.checks.filter(({ state }) => state === 'failed').map(({ name }) => name)
        if (!report.healthy) throw new LabError('not-healthy', `Not working: ${failed.join(', ')}.`)
      })
    )
}
