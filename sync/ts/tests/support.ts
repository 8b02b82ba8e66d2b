import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

export * from '../src/index.ts'
export { isSeen } from '../src/overlay.ts'
export { own } from '../src/own.ts'
export { utf8Text } from '../src/utf8.ts'

export const sha256Hex = (bytes: Uint8Array): string => bytesToHex(sha256(bytes))
