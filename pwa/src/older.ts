// What phones before Chrome 93, Safari 15.4 and Firefox 92 lack. It comes before anything else: hashes
// and the CEL engine take Object.hasOwn when they load, and the app would not start.

Object.hasOwn ??= (object, key) => Object.prototype.hasOwnProperty.call(object, key)
Array.prototype.at ??= function <T>(this: T[], index: number): T | undefined {
  return this[index < 0 ? this.length + index : index]
}
