import { keepToOwner } from '../files/private.ts'
import { tellOfRequests } from '../data/download/sent.ts'
import { openChannel } from './channel.ts'
import { startHeartbeat } from './heartbeat.ts'
import { JobRunner } from './runner.ts'

/**
 * The entry of a worker process, the same for Electron's utilityProcess and for child_process.fork. It takes one job
 * after another until its channel closes, which happens when the lab ends in whatever way.
 */
keepToOwner()
const channel = openChannel()
startHeartbeat()
const runner = new JobRunner((message) => channel.send(message))
channel.onMessage((message) => runner.take(message))
channel.onClose(() => process.exit(0))
tellOfRequests((request) => channel.send({ type: 'request', request }))
channel.send({ type: 'ready' })
