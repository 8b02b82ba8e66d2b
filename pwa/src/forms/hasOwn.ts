// The CEL engine takes Object.hasOwn when it loads, and phones before Chrome 93, Safari 15.4 and
// Firefox 92 have none: every condition would be unknown there, and no rule would ever speak.

Object.hasOwn ??= (object, key) => Object.prototype.hasOwnProperty.call(object, key)
