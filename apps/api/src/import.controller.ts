import { pipeline } from 'node:stream/promises';
import { MIMEType } from 'node:util';
import { Controller, Optional, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { type Charset, CHARSETS, charsetOf } from '../../../libs/application/import/charset.js';
import { InvalidHeader, type Reason } from '../../../libs/application/import/columns.js';
import { type Format, importTransmissions, type ImportWord } from '../../../libs/application/import/import-transmissions.js';
import { Interrupted } from '../../../libs/application/import/interruption.js';
import { Parts } from '../../../libs/application/parts.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { Stopping } from '../../../libs/platform/stopping.js';
import { CurrentCaller } from './auth/current-caller.js';
import { passOver } from './http/lifetimes.js';
import { Problems } from './openapi/operations.js';
import { ApiProblem } from './problems/problem.js';

const FORMAT_OF: Readonly<Record<string, Format>> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };
const TYPES = Object.keys(FORMAT_OF);
const NEITHER = t(`Un import est en ${TYPES.join(' ou ')}.`, `An import is ${TYPES.join(' or ')}.`);
const CODED = t('Un import n’est pas compressé (Content-Encoding).', 'An import is not compressed (Content-Encoding).');
const UNKNOWN_CHARSET = t(`Jeux de caractères connus : ${CHARSETS.join(', ')}.`, `Charsets known: ${CHARSETS.join(', ')}.`);
/** Milliseconds that a client may send nothing while we wait for it, or read nothing while it is to read. */
const PATIENCE = 5 * 60_000;

/** Sick-leave transmissions as CSV or NDJSON (docs/import.md): the body is read, and the answer written, line by line. */
@Controller('v1/imports')
export class ImportController {
  constructor(
    private readonly commands: CommandBus,
    private readonly parts: Parts,
    @Optional() private readonly stopping: Stopping = new Stopping(),
  ) {}

  @Post('sick-leave-transmissions')
  @ApiTags('Import')
  @ApiOperation({
    operationId: 'importSickLeaveTransmissions',
    summary: 'Des transmissions d’arrêts en CSV ou NDJSON / Sick-leave transmissions as CSV or NDJSON',
    description: '**Qui / Who**: CPAM, MC. Colonnes, jeux de caractères / Columns, charsets: docs/import.md. Le même fichier deux fois ne fait rien de plus / The same file twice does nothing more.', // prettier-ignore
  })
  @ApiConsumes(...TYPES)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({
    description:
      'Une ligne JSON par ligne rejetée, puis `summary`, ou `stopped` : renvoyer le fichier / One line of JSON for each rejected line, then `summary`, or `stopped`: send the file again',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  @Problems('unauthenticated', 'forbidden', 'invalid', 'request-timeout', 'unsupported-media-type', 'unavailable')
  async import(@CurrentCaller() caller: Caller, @Req() request: Request, @Res() response: Response): Promise<void> {
    const format = FORMAT_OF[request.is(TYPES) || ''];
    if (!format) throw new ApiProblem('unsupported-media-type', { detail: NEITHER });
    if (!/^(identity)?$/i.test(request.get('Content-Encoding') ?? ''))
      throw new ApiProblem('unsupported-media-type', { detail: CODED, headers: { 'Accept-Encoding': 'identity' } });
    const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
    const words = importTransmissions(
      chunks,
      format,
      caller,
      { parts: this.parts, execute: (command) => this.commands.execute(command) },
      { ...charsetTold(request), stop: this.stopping.signal, patience: PATIENCE },
    );
    // The first word comes once the header is known to be good; until then a refusal is a problem like any other.
    const first = await words.next().catch((error: unknown) => {
      throw problemOfStart(error);
    });
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', 'Cache-Control': 'no-store' });
    await pipeline(async function* () {
      if (!first.done) yield ndjson(first.value);
      for await (const word of words) {
        const deaf = setTimeout(() => response.destroy(), PATIENCE).unref();
        yield ndjson(word);
        clearTimeout(deaf);
        if (word.type === 'stopped') await passOver(chunks);
      }
    }, response);
  }
}

/** @throws ApiProblem for a charset that is not known */
function charsetTold(request: Request): { readonly charset?: Charset } {
  const name = new MIMEType(request.get('Content-Type')!).params.get('charset');
  const charset = name === null ? undefined : charsetOf(name);
  if (name !== null && !charset) throw new ApiProblem('unsupported-media-type', { detail: UNKNOWN_CHARSET });
  return { ...(charset && { charset }) };
}

function problemOfStart(error: unknown): unknown {
  if (error instanceof InvalidHeader) return new ApiProblem('invalid', { errors: error.reasons.map(faultOf) });
  if (!(error instanceof Interrupted)) return error;
  return error.reason === 'idle'
    ? new ApiProblem('request-timeout')
    : new ApiProblem('unavailable', { headers: { 'Retry-After': '2' } });
}

const faultOf = ({ code, message }: Reason) => ({ code, detail: message });
const ndjson = (word: ImportWord): string => `${JSON.stringify(word)}\n`;
