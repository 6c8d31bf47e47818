import { LabError, messageOf } from '../../contract/error.ts'
import { PickleEnded, PickleError } from './pickle-values.ts'
import type { ReadHeader } from './safetensors.ts'
import { damaged, type ByteSource } from './source.ts'
import { readTorchLegacy } from './torch-legacy.ts'
import { NoTensorsError, type TorchReading } from './torch-tensors.ts'
import { readTorchZip } from './torch-zip.ts'

/**
 * Reads which tensors a file made by `torch.save` holds and where; no elements yet, and nothing is executed. Knows the
 * zip layout (PyTorch 1.6 and later) and the legacy one before it.
 * @throws LabError `checkpoint-damaged`, `checkpoint-unsupported`
 */
export async function readTorch(file: ByteSource, reading: TorchReading = {}): Promise<ReadHeader> {
  const start = new Uint8Array(Math.min(8, file.length))
  await file.read(start, 0)
  try {
    if (start[0] === 0x50 && start[1] === 0x4b) return { tensors: await readTorchZip(file, reading), metadata: {} }
    if (start[0] === 0x80) return { tensors: await readTorchLegacy(file, reading), metadata: {} }
  } catch (error) {
    throw explained(file.file, error)
  }
  throw damaged(
    file.file,
    'it is neither a zip archive nor a pickle, as torch.save writes them',
    'Check that it is a file of PyTorch weights; a download may have stored an error page in its place.'
  )
}

function explained(file: string, error: unknown): unknown {
  if (error instanceof PickleEnded) return damaged(file, `its list of tensors is cut short: ${error.message}`)
  if (error instanceof NoTensorsError) {
    return new LabError(
      'checkpoint-unsupported',
      `${file}: this file has no weights that the lab can take: ${error.message}. ` +
        'Save the weights alone (torch.save(model.state_dict(), …) or save_pretrained) and try again.',
      { cause: error, details: { file } }
    )
  }
  if (!(error instanceof PickleError)) return error
  return new LabError(
    'checkpoint-unsupported',
    `${file}: its list of tensors is refused: ${messageOf(error)}. ` +
      'Only plain weights are read, and nothing in the file is executed. Use the safetensors file of this model, ' +
      'and do not open the file with other programs unless you trust its source.',
    { cause: error, details: { file } }
  )
}
