import { BinaryReader } from '@bufbuild/protobuf/wire'
import { invalid } from '../read-json.ts'

/** What a piece is: `normal` ones are found in texts, `control` ones never. */
type PieceType = 'normal' | 'unknown' | 'control' | 'user' | 'unused' | 'byte'

export interface SentencePieceModel {
  pieces: { piece: string; score: number; type: PieceType }[]
  unknownId: number
  algorithm: 'unigram' | 'bpe' | 'word' | 'char'
  /** The compiled normalisation table; empty: texts stay as they are. */
  charsmap: Uint8Array
}

const types: readonly (PieceType | undefined)[] = [undefined, 'normal', 'unknown', 'control', 'user', 'unused', 'byte']
const algorithms = [undefined, 'unigram', 'bpe', 'word', 'char'] as const

/**
 * Reads spiece.model, a ModelProto of SentencePiece: the fields that a tokenizer needs.
 * @see https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto
 * @throws LabError `model-file-invalid`
 */
export function readSentencePiece(file: string, bytes: Uint8Array): SentencePieceModel {
  const model: SentencePieceModel = { pieces: [], unknownId: 0, algorithm: 'unigram', charsmap: new Uint8Array() }
  try {
    eachField(bytes, (field, reader) => {
      if (field === 1) model.pieces.push(readPiece(reader.bytes()))
      else if (field === 2) {
        eachField(reader.bytes(), (part, inner) => {
          if (part === 3) model.algorithm = algorithms[inner.int32()] ?? 'unigram'
          else if (part === 40) model.unknownId = inner.int32()
          else return false
          return true
        })
      } else if (field === 3) {
        eachField(reader.bytes(), (part, inner) => {
          if (part !== 2) return false
          model.charsmap = inner.bytes()
          return true
        })
      } else return false
      return true
    })
  } catch (cause) {
    throw invalid(file, 'it is not a SentencePiece model', cause)
  }
  if (model.pieces.length === 0) throw invalid(file, 'it has no pieces, so is not a SentencePiece model')
  return model
}

function readPiece(bytes: Uint8Array): SentencePieceModel['pieces'][number] {
  const piece: SentencePieceModel['pieces'][number] = { piece: '', score: 0, type: 'normal' }
  eachField(bytes, (field, reader) => {
    if (field === 1) piece.piece = reader.string()
    else if (field === 2) piece.score = reader.float()
    else if (field === 3) piece.type = types[reader.int32()] ?? 'normal'
    else return false
    return true
  })
  return piece
}

/** Calls `take` for each field; what it does not take is skipped. */
function eachField(bytes: Uint8Array, take: (field: number, reader: BinaryReader) => boolean): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag()
    if (!take(field, reader)) reader.skip(wire, field)
  }
}
