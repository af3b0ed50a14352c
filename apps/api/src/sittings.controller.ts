import { Body, Controller, HttpCode, Logger, Post, Req, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsArray, IsObject, ArrayMaxSize, ArrayMinSize } from 'class-validator';
import { type Request } from 'express';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { NotFound, PerformAct, type RequestMeta } from '../../../libs/application/messages.js';
import { RecordAside } from '../../../libs/application/record-aside.js';
import { asideOf, ASIDES } from '../../../libs/domain/asides.js';
import { actOfCommand, caseActs } from '../../../libs/domain/case/acts.js';
import { givenFields } from '../../../libs/domain/kernel/fields.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { CurrentCaller } from './auth/current-caller.js';
import { actBodyClass, actBodyOf, type ActInput, BODY_NAMES } from './dto/bodies.js';
import { UUID } from './dto/checks.js';
import { classOf } from './dto/class-of.js';
import { validated } from './dto/validated.js';
import { Meta } from './http/request-meta.js';
import { Problems } from './openapi/operations.js';
import { languageOf } from './problems/language.js';
import { problemBody } from './problems/problem-body.js';
import { problemOf } from './problems/problem-of.js';
import { ApiProblem, type Fault } from './problems/problem.js';

const MOST_LINES = 200;

/** Lines are looked at one by one: a fault of one is told with it, and stops no other. */
class SittingBody {
  @IsArray()
  @ArrayMinSize(1, { context: { limit: 1 } })
  @ArrayMaxSize(MOST_LINES, { context: { limit: MOST_LINES } })
  @IsObject({ each: true })
  lines: readonly Readonly<Record<string, unknown>>[];
}
const known = new Map<string, Type<object>>();
const remembered = (command: string, make: () => Type<object>): Type<object> => {
  const made = known.get(command) ?? make();
  known.set(command, made);
  return made;
};
/** Besides the body of its act. */
const OF_A_LINE = ['command', 'caseId', 'ifMatch'];
const COMMANDS = [...caseActs().flatMap(({ command }) => command ?? []), ...ASIDES.map(({ command }) => command)].sort();
const unknown = (name: string): Fault => ({
  pointer: `/${name}`,
  code: 'unknown',
  detail: t('Propriété inconnue.', 'Unknown property.'),
});
const wrongType = (name: string): Fault => ({
  pointer: `/${name}`,
  code: 'text',
  detail: t('Un texte est attendu.', 'A text is expected.'),
});
/** Why there is no telling which act is meant, or by which names it is not told. */
function commandFaults({ command }: SittingBody['lines'][number]): Fault[] {
  if (typeof command === 'string' && COMMANDS.includes(command)) return [];
  const list = t(`Valeurs admises : ${COMMANDS.join(', ')}.`, `One of: ${COMMANDS.join(', ')}.`);
  return [{ pointer: '/command', code: command === undefined ? 'required' : 'unknown', detail: list }];
}
const FAULTS = {
  noCase: { pointer: '/caseId', code: 'required', detail: t('Un acte d’un dossier nomme ce dossier.', 'An act of a case names that case.') },
  notOfACase: { pointer: '/caseId', code: 'unknown', detail: t('Cet acte n’est pas d’un dossier : le dossier, s’il en faut un, est dans data.', 'That is no act of a case: the case, where one is needed, is in data.') },
}; // prettier-ignore
const EXAMPLE = {
  lines: [
    { command: 'record-contact-attempt', caseId: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', data: { channel: 'telephone', outcome: 'no-answer' } },
    { command: 'close-support', caseId: '6f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a12', ifMatch: '"q1w2e3"', data: { motive: 'goal-reached', situation: 'same-job' } },
    { command: 'give-avis', data: { meetingId: '7f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a13', caseId: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11', measureId: '8f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a14', opinion: 'favourable' } },
  ],
}; // prettier-ignore

/** What was decided about many people, recorded in one sitting: each line by itself, as if it had come alone. */
@Controller('v1/sittings')
export class SittingsController {
  readonly #log = new Logger('sittings');

  constructor(private readonly commands: CommandBus) {}

  @Post()
  @HttpCode(200)
  @ApiTags('Instances et réunions')
  @ApiOperation({
    operationId: 'recordSitting',
    summary: 'Enregistrer une séance : plusieurs actes, un résultat par ligne / Record a sitting: many acts, one result a line',
    description: `De 1 à ${MOST_LINES} lignes \`{ command, caseId, data, occurredOn, actor, evidence, ifMatch }\`, ou sans \`caseId\` pour ce qui s’enregistre autour des dossiers. Une ligne refusée n’arrête pas les autres. Renvoyée avec la même \`Idempotency-Key\`, une ligne enregistrée répond la même chose. / Each line by itself; sent again with the same key, what was recorded answers the same.`,
  })
  @ApiExtraModels(SittingBody)
  @ApiBody({ schema: { type: 'object', properties: { lines: { type: 'array', minItems: 1, maxItems: MOST_LINES, items: { type: 'object' } } } }, examples: { exemple: { value: EXAMPLE } } }) // prettier-ignore
  @ApiOkResponse({ description: '`{ recorded, refused, results: [{ line, status, outcome | problem }] }`', schema: { type: 'object' } }) // prettier-ignore
  @Problems('invalid', 'malformed-json', 'idempotency-key-required', 'unauthenticated', 'body-too-large', 'unsupported-media-type') // prettier-ignore
  async record(
    @Body(validated(SittingBody)) { lines }: SittingBody,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
    @Req() request: Request,
  ) {
    const results = [];
    for (const [i, line] of lines.entries()) {
      const key = `${meta.idempotencyKey}#${i + 1}`;
      try {
        results.push({ line: i + 1, status: 201, outcome: await this.perform(line, caller, { ...meta, idempotencyKey: key }) });
      } catch (error) {
        const problem = problemBody(problemOf(error, { params: ofCase(line) }), languageOf(request));
        if (problem.status >= 500) this.#log.error(error, { route: '/v1/sittings', status: problem.status, count: i + 1 });
        results.push({ line: i + 1, status: problem.status, problem });
      }
    }
    const recorded = results.filter((r) => r.status === 201).length;
    return { recorded, refused: results.length - recorded, results };
  }

  private async perform(line: SittingBody['lines'][number], caller: Caller, { source, idempotencyKey }: RequestMeta) {
    const { command, caseId, ifMatch, ...body } = line;
    const act = actOfCommand(String(command));
    const aside = asideOf(String(command));
    const names = [...OF_A_LINE, ...(aside ? ['data'] : BODY_NAMES)];
    const faults = [
      ...commandFaults(line),
      // Of an act its own body tells.
      ...(act ? [] : Object.keys(line).flatMap((name) => (names.includes(name) ? [] : [unknown(name)]))),
      ...['caseId', 'ifMatch'].flatMap((name) => (['string', 'undefined'].includes(typeof line[name]) ? [] : [wrongType(name)])),
    ];
    if (faults.length > 0) throw new ApiProblem('invalid', { errors: faults });
    if (act && typeof caseId === 'string') {
      if (!UUID.test(caseId)) throw new NotFound();
      const input = await checked<ActInput>(
        remembered(act.type, () => actBodyClass(act)),
        body,
      );
      const meta = { source, idempotencyKey, ...(typeof ifMatch === 'string' && { ifMatch }) };
      return this.commands.execute(new PerformAct(String(command), caseId.toLowerCase(), actBodyOf(input), caller, meta));
    }
    if (aside && caseId === undefined) {
      const Data = remembered(aside.type, () => classOf(`${aside.type}Line`, givenFields(aside.fields)));
      const data = await checked<Record<string, unknown>>(Data, body['data']);
      return this.commands.execute(new RecordAside(aside.command, { ...data }, caller, idempotencyKey));
    }
    throw new ApiProblem('invalid', { errors: [act ? FAULTS.noCase : FAULTS.notOfACase] });
  }
}
const ofCase = ({ caseId }: SittingBody['lines'][number]): Record<string, string> =>
  typeof caseId === 'string' ? { caseId } : {};
const checked = async <T>(type: Type<object>, value: unknown): Promise<T> =>
  (await validated(type).transform(value ?? {}, { type: 'body' })) as T;
