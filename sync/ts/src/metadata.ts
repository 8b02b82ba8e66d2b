// The tus header that names a blob (B01).

import type { Sha256 } from './entry.ts'
import { utf8 } from './utf8.ts'

/** `sha256 BASE64(hex)[,type BASE64(mime)]` */
export function uploadMetadata(sha256: Sha256, mime: string): string {
  const name = `sha256 ${base64(utf8(sha256))}`
  return mime === '' ? name : `${name},type ${base64(utf8(mime))}`
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const rest = bytes.length - i
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    const digit = (shift: number): string => DIGITS.charAt((group >> shift) & 63)
    text += digit(18) + digit(12) + (rest > 1 ? digit(6) : '=') + (rest > 2 ? digit(0) : '=')
  }
  return text
}
