import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import type { CheckRegistry } from '../../src/checks/check.ts';
import type { v } from '../../src/checks/schema.ts';
import { profileShape } from '../../src/playbook/profile-shape.ts';
import { playbookDefinitions, playbookShape } from '../../src/playbook/shape.ts';

/** For editors: draft-07, which the YAML language server reads. Made of the schemas that validate. */
export function playbookSchema(registry: CheckRegistry): JsonSchema {
  const uses = { enum: Object.keys(registry).sort(), description: 'A check' };
  const schema = convert(playbookShape, playbookDefinitions, (object) =>
    object.properties?.uses ? withParams(object, uses, registry) : object,
  );
  return head(schema, 'oor playbook', 'playbook.v1.json');
}

export function profileSchema(registry: CheckRegistry): JsonSchema {
  const graded = Object.values(registry)
    .filter(({ thresholds }) => thresholds)
    .map(({ id }) => id)
    .sort();
  const schema = convert(profileShape, {}, (object) => object);
  const thresholds = schema.properties?.thresholds as JsonSchema;
  return head(
    { ...schema, properties: { ...schema.properties, thresholds: { ...thresholds, propertyNames: { enum: graded } } } },
    'oor site profile',
    'profile.v1.json',
  );
}

function head({ $schema: _, $defs, ...schema }: JsonSchema, title: string, file: string): JsonSchema {
  const whole = { $schema: 'http://json-schema.org/draft-07/schema#', $id: file, title, ...schema, ...($defs && { definitions: $defs }) };
  // The word of draft-07.
  return JSON.parse(JSON.stringify(whole).replaceAll('#/$defs/', '#/definitions/')) as JsonSchema;
}

type Adapt = (object: JsonSchema) => JsonSchema;

function convert(shape: v.GenericSchema, definitions: Record<string, v.GenericSchema>, adapt: Adapt): JsonSchema {
  return toJsonSchema(shape, {
    typeMode: 'input',
    errorMode: 'ignore',
    definitions,
    overrideSchema({ valibotSchema, jsonSchema }) {
      if (valibotSchema.type === 'strict_object')
        return adapt({ ...jsonSchema, additionalProperties: false, patternProperties: { '^x-': {} } });
      if (valibotSchema.type === 'record') return { ...jsonSchema, ...keyRule((valibotSchema as unknown as { key: v.GenericSchema }).key) };
      return undefined;
    },
  });
}

/** The patterns that the keys of a record must match. */
function keyRule(key: v.GenericSchema): JsonSchema {
  const { pipe = [] } = key as unknown as { pipe?: readonly { type: string; requirement?: unknown }[] };
  const pattern = pipe.find(({ type }) => type === 'regex')?.requirement;
  return pattern instanceof RegExp ? { propertyNames: { pattern: pattern.source } } : {};
}

/** `with` takes the parameters of the check that `uses` names. */
function withParams(object: JsonSchema, uses: JsonSchema, registry: CheckRegistry): JsonSchema {
  const branches = Object.values(registry).map(({ id, params }) => ({
    if: { properties: { uses: { const: id } }, required: ['uses'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: { properties: { with: orTemplates(strip(convert(params, {}, (inner) => inner))) } },
  }));
  return { ...object, properties: { ...object.properties, uses }, allOf: branches };
}

function strip({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

const TEMPLATE: JsonSchema = { type: 'string', pattern: '\\$\\{\\{' };

/** Any value may be a template that gives it. */
function orTemplates(params: JsonSchema): JsonSchema {
  const properties = Object.entries(params.properties ?? {}).map(([key, value]) => [key, { anyOf: [value, TEMPLATE] }]);
  return properties.length === 0 ? params : { ...params, properties: Object.fromEntries(properties) };
}
