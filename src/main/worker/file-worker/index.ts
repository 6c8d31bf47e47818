import { keepToOwner } from '../../files/private.ts'
import { runFolder } from './run-folder.ts'

/** The entry of a worker on a job folder: `node file-worker.js <folder>`. It ends with a code of contract/job-folder.ts. */
const folder = process.argv[2]
if (folder === undefined) {
  process.stderr.write('Name the folder of a job: the one with job.json in it.\n')
  process.exit(2)
}
keepToOwner()
process.exit(await runFolder(folder))
