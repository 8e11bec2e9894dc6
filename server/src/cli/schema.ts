/**
 * JSON Schemas (draft 2020-12) of what commands print, in a few words. Every command declares its own; `npm run generate`
 * writes them to docs/schemas/ and the tests hold every document against them.
 */

export type Schema = Readonly<Record<string, unknown>>

export const text: Schema = { type: 'string' }
export const flag: Schema = { type: 'boolean' }
/** Bytes and counts: exact, never negative. */
export const count: Schema = { type: 'integer', minimum: 0 }
export const severity: Schema = { enum: ['hint', 'information', 'warning', 'error'] }

/** A figure that may be inexact: unknown has null and a reason. */
export const figure: Schema = {
  oneOf: [
    { type: 'object', properties: { value: { type: 'number' }, certainty: { enum: ['exact', 'bounded', 'estimate'] }, reason: text }, required: ['value', 'certainty'], additionalProperties: false },
    { type: 'object', properties: { value: { type: 'null' }, certainty: { const: 'unknown' }, reason: text }, required: ['value', 'certainty', 'reason'], additionalProperties: false },
  ],
}

const position: Schema = object({ line: count, character: count })
export const range: Schema = object({ start: position, end: position })
export const place: Schema = object({ file: text, range })

/** All members required, none besides, unless `optional` names more. */
export function object(properties: Readonly<Record<string, Schema>>, optional: Readonly<Record<string, Schema>> = {}): Schema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties), additionalProperties: false }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] }
}

export function oneOf(...values: readonly string[]): Schema {
  return { enum: values }
}

/** An object used as a map: any name, values of one kind. */
export function map(values: Schema): Schema {
  return { type: 'object', additionalProperties: values }
}

/** The whole document of a command, from the schemas of its members. With wrong usage only `problems` is there. */
export function documentSchema(command: string, members: Readonly<Record<string, Schema>>): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `torch-footprint ${command} --json`,
    type: 'object',
    properties: {
      schema: { const: 1 },
      tool: object({ name: { const: 'torch-footprint' }, version: text }),
      ...members,
      problems: list(object({ input: text, message: text })),
    },
    required: ['schema', 'tool', ...Object.keys(members), 'problems'],
    additionalProperties: false,
  }
}
