// Draws /api/schema. Text goes in as text, never as markup.
const METHODS = ['get', 'post', 'patch', 'delete', 'head', 'options']

function el(name, props = {}, ...children) {
  const node = Object.assign(document.createElement(name), props)
  node.append(...children)
  return node
}

// A schema as one would write it by hand: names of types instead of references.
function shape(schema, depth = 0) {
  if (!schema) return 'any'
  if (schema.$ref) return schema.$ref.split('/').pop()
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return choices.map((item) => shape(item, depth)).join(' | ')
  if (schema.enum) return schema.enum.map((item) => JSON.stringify(item)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.type === 'array') return `[${shape(schema.items, depth)}]`
  if (schema.properties) return members(schema, depth)
  if (schema.additionalProperties) return `{name: ${shape(schema.additionalProperties, depth)}}`
  return [schema.type ?? 'any'].flat().join(' | ')
}

function members(schema, depth) {
  const indent = '  '.repeat(depth + 1)
  const required = new Set(schema.required ?? [])
  const lines = Object.entries(schema.properties).map(
    ([name, item]) => `${indent}${name}${required.has(name) ? '' : '?'}: ${shape(item, depth + 1)}`,
  )
  return `{\n${lines.join(',\n')}\n${'  '.repeat(depth)}}`
}

function body(label, content) {
  return Object.entries(content ?? {}).flatMap(([media, { schema }]) => [
    el('p', { textContent: `${label} ${media}` }),
    el('pre', { textContent: shape(schema) }),
  ])
}

function parameters(list) {
  const rows = list.map((item) =>
    el(
      'tr',
      {},
      el('td', {}, el('code', { textContent: item.name })),
      el('td', { textContent: item.in }),
      el('td', { textContent: shape(item.schema) }),
    ),
  )
  return rows.length ? [el('table', {}, ...rows)] : []
}

function operation(path, method, found) {
  const box = el(
    'details',
    {},
    el(
      'summary',
      {},
      el('span', { className: 'verb', textContent: method.toUpperCase() }),
      el('code', { textContent: path }),
      ` ${found.summary ?? ''}`,
    ),
    el('p', { textContent: found.description ?? '' }),
    ...parameters(found.parameters ?? []),
    ...body('→', found.requestBody?.content),
    ...Object.entries(found.responses ?? {}).flatMap(([status, answer]) => [
      el('p', { textContent: `← ${status} ${answer.description ?? ''}` }),
      ...body('', answer.content),
    ]),
  )
  box.dataset.text = `${path} ${method} ${found.summary} ${found.description}`.toLowerCase()
  return box
}

function draw(found) {
  document.querySelector('#about').textContent = `${found.info.title} ${found.info.version}`
  const groups = new Map()
  for (const [path, methods] of Object.entries(found.paths)) {
    for (const method of METHODS.filter((name) => methods[name])) {
      const tag = methods[method].tags?.[0] ?? ''
      if (!groups.has(tag)) groups.set(tag, el('section', {}, el('h2', { textContent: tag })))
      groups.get(tag).append(operation(path, method, methods[method]))
    }
  }
  document.querySelector('#paths').replaceChildren(...groups.values())
  const schemas = Object.entries(found.components.schemas).map(([name, schema]) =>
    el(
      'details',
      { id: name },
      el('summary', {}, el('code', { textContent: name })),
      el('pre', { textContent: shape(schema) }),
    ),
  )
  document.querySelector('#schemas').replaceChildren(...schemas)
}

document.querySelector('#find').addEventListener('input', (event) => {
  const wanted = event.target.value.trim().toLowerCase()
  for (const box of document.querySelectorAll('#paths details')) {
    box.hidden = !box.dataset.text.includes(wanted)
  }
})

fetch('/api/schema')
  .then((answer) => answer.json())
  .then(draw)
  .catch(() => {
    document.querySelector('#paths').textContent = '读不到 /api/schema。检查网络后再打开。'
  })
