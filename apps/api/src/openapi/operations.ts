import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { type AnyAct, chapterOf } from '../../../../libs/domain/case/acts.js';
import { type Fields, ZONES } from '../../../../libs/domain/kernel/fields.js';
import { type Role, ROLES } from '../../../../libs/domain/kernel/roles.js';
import { type Text } from '../../../../libs/domain/kernel/text.js';
import { PROBLEMS, type ProblemCode } from '../problems/catalogue.js';
import { OutcomeSchema, ProblemSchema } from './schemas.js';

const both = ({ fr, en }: Text) => `${fr} / ${en}`;
const rolesOf = (roles: readonly Role[]) => roles.map((role) => `${role} (${both(ROLES[role])})`).join(', ');
/** Acts stand together by chapter, in the order of a person's way through the case. */
export const tagOf = (act: AnyAct): string => chapterOf(act)?.fr ?? 'Actes';

/** Documents the problems that an operation may answer. */
export function Problems(...codes: readonly ProblemCode[]): MethodDecorator & ClassDecorator {
  const statuses = new Set(codes.map((code) => PROBLEMS[code].status));
  return applyDecorators(
    ApiExtraModels(ProblemSchema),
    ...[...statuses].map((status) =>
      ApiResponse({
        status,
        description: codes.flatMap((code) => (PROBLEMS[code].status === status ? [`\`${code}\` ${both(PROBLEMS[code].title)}`] : [])).join('; '),
        content: { 'application/problem+json': { schema: { $ref: getSchemaPath(ProblemSchema) } } },
      }),
    ),
  ); // prettier-ignore
}

const IdempotencyKey = ApiHeader({
  name: 'Idempotency-Key',
  required: true,
  schema: { type: 'string', minLength: 1, maxLength: 200 },
  description: 'La même clé est le même acte, pour toujours / The same key is the same act, for ever',
});
const ifMatch = (required: boolean) =>
  ApiHeader({ name: 'If-Match', required, description: 'ETag du dossier que vous avez vu / ETag of the case that you saw' });

interface Act {
  readonly operationId: string;
  readonly summary: Text;
  readonly description: string;
  readonly tag: string;
  readonly guarded: boolean;
  readonly body: Type<object> | readonly Type<object>[];
  readonly example: unknown;
  readonly problems?: readonly ProblemCode[];
}
/** An operation that writes: its body, its headers, what it answers. */
export function Writes({ operationId, summary, description, tag, guarded, body, example, problems = [] }: Act): MethodDecorator {
  const bodies = Array.isArray(body) ? (body as readonly Type<object>[]) : [body as Type<object>];
  const refs = bodies.map((type) => ({ $ref: getSchemaPath(type) }));
  return applyDecorators(
    ApiTags(tag),
    ApiOperation({ operationId, summary: both(summary), description }),
    ApiExtraModels(...bodies),
    IdempotencyKey,
    ...(guarded ? [ifMatch(true)] : []),
    ApiBody({
      schema: refs.length === 1 ? refs[0]! : { oneOf: refs },
      examples: { exemple: { summary: summary.fr, value: example as object } },
    }),
    ApiCreatedResponse({
      type: OutcomeSchema,
      headers: { ETag: { schema: { type: 'string' } }, Location: { schema: { type: 'string' } } },
    }),
    Problems('invalid', 'malformed-json', 'idempotency-key-required', 'unauthenticated', 'forbidden', 'refused', 'body-too-large',
      'unsupported-media-type', 'idempotency-mismatch', 'outcome-unknown', ...(guarded ? (['precondition-failed', 'precondition-required'] as const) : []), ...problems),
  ); // prettier-ignore
}

/** Who may, by which text, and whether it must say what it saw. */
export const describeAct = (act: AnyAct): string =>
  [
    `**Qui / Who**: ${rolesOf(act.by)}.`,
    ...(act.recorders.length ? [`**Peut enregistrer pour autrui / May record for another**: ${act.recorders.join(', ')}.`] : []),
    `**Source**: ${act.source}. **Zone**: ${both(ZONES[act.zone])}.`,
    act.nature === 'fact'
      ? 'Un fait : enregistré même irrégulier / A fact: recorded even when irregular.'
      : 'Une demande ou une décision : refusée si une règle s’y oppose / Asked or decided: refused when a rule forbids it.',
    ...(act.type === 'MeasureRequested'
      ? [
          '**Avant de choisir / Before choosing**: `GET /v1/measure-outcomes`, ce que ces mesures ont donné / what came of such measures.',
        ]
      : []),
  ].join('\n\n');

interface Reading {
  readonly operationId: string;
  readonly summary: Text;
  readonly tag: string;
  readonly problems?: readonly ProblemCode[];
}
/** An operation that reads; `If-None-Match` answers 304. */
export const Reads = ({ operationId, summary, tag, problems = [] }: Reading): MethodDecorator =>
  applyDecorators(
    ApiTags(tag),
    ApiOperation({ operationId, summary: both(summary) }),
    ApiHeader({ name: 'If-None-Match', required: false }),
    ApiOkResponse({
      description: 'Vu par l’appelant / As the caller sees it',
      headers: { ETag: { schema: { type: 'string' } } },
      schema: { type: 'object' },
    }),
    ApiResponse({ status: 304, description: 'Inchangé / Unchanged' }),
    Problems('unauthenticated', ...problems),
  );

/** Parameters of the query string, from their fields. */
export const QueryOf = (fields: Fields): MethodDecorator =>
  applyDecorators(
    ...Object.entries(fields).map(([name, field]) =>
      ApiQuery({
        name,
        required: field.required,
        description: both(field.label),
        schema: { type: field.kind === 'int' ? 'integer' : field.kind === 'bool' ? 'boolean' : 'string' },
        example: field.example,
      }),
    ),
  );

interface Aside {
  readonly operationId: string;
  readonly summary: Text;
  readonly by: readonly Role[];
  readonly body: Type<object>;
  readonly example: unknown;
}
/** An operation that records something beside the cases. */
export const WritesAside = ({ operationId, summary, by, body, example }: Aside): MethodDecorator =>
  applyDecorators(
    ApiTags('Autour des dossiers'),
    ApiOperation({ operationId, summary: both(summary), description: `**Qui / Who**: ${rolesOf(by)}.` }),
    ApiExtraModels(body),
    IdempotencyKey,
    ApiBody({ schema: { $ref: getSchemaPath(body) }, examples: { exemple: { value: example as object } } }),
    ApiCreatedResponse({
      schema: { type: 'object', properties: { ids: { type: 'object', additionalProperties: { type: 'string' } } } },
    }),
    Problems('invalid', 'malformed-json', 'idempotency-key-required', 'unauthenticated', 'forbidden', 'body-too-large', 'unsupported-media-type', 'outcome-unknown'), // prettier-ignore
  );
