// The tus header that names a blob (B01).

import { base64 } from './base64.ts'
import type { Sha256 } from './entry.ts'
import { utf8 } from './utf8.ts'

/** `sha256 BASE64(hex)[,type BASE64(mime)]` */
export function uploadMetadata(sha256: Sha256, mime: string): string {
  const name = `sha256 ${base64(utf8(sha256))}`
  return mime === '' ? name : `${name},type ${base64(utf8(mime))}`
}
