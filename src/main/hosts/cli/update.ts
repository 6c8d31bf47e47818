import type { AddCommand } from './command.ts'
import { bytes, table } from './table.ts'

const sums = { agrees: 'checksum agrees', differs: 'CHECKSUM DIFFERS: do not use it', none: 'no checksum beside it' }

/** `update`: is there a newer version, on the release page or in a folder. Nothing is installed by it. */
export const addUpdate: AddCommand = (program, run) => {
  program
    .command('update')
    .description('say whether there is a newer version: on the release page, or as an installer in a folder')
    .option('--from <folder>', 'look at the installers in this folder, without a network')
    .action(
      run(async ({ client, print }, { from }: { from?: string }) => {
        if (from !== undefined) {
          const installers = await client.lab.installers({ folder: from })
          const rows = installers.map(({ path, version, bytes: size, newer, fits, checksum }) => [
            version,
            fits ? (newer ? 'newer' : 'not newer') : 'for another system',
            bytes(size),
            sums[checksum],
            path
          ])
          print(installers, table(['version', 'for you', 'size', 'checksum', 'installer'], rows))
          return
        }
        const update = await client.lab.lookForUpdate()
        const { current, newer, release } = update
        const files = release.files.map(({ name, bytes: size, sha256 }) => `${name}  ${bytes(size)}  sha256 ${sha256}`)
        const text = newer
          ? [
              `Version ${release.version} of ${release.date} is newer than this one (${current}).`,
              release.notes,
              ...files
            ]
          : [`This is the newest version (${current}).`]
        print(update, text.filter((line) => line !== '').join('\n'))
      })
    )
}
