import { pipeline } from 'node:stream/promises';
import { Controller, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request, type Response } from 'express';
import { type Caller } from '../../../libs/access/authentication/caller.js';
import { InvalidHeader, type Reason } from '../../../libs/application/import/columns.js';
import { type Format, importTransmissions } from '../../../libs/application/import/import-transmissions.js';
import { Parts } from '../../../libs/application/parts.js';
import { t } from '../../../libs/domain/kernel/text.js';
import { CurrentCaller } from './auth/current-caller.js';
import { Problems } from './openapi/operations.js';
import { ApiProblem } from './problems/problem.js';

const FORMAT_OF: Readonly<Record<string, Format>> = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' };
const TYPES = Object.keys(FORMAT_OF);
const NEITHER = t(`Un import est en ${TYPES.join(' ou ')}, UTF-8.`, `An import is ${TYPES.join(' or ')}, UTF-8.`);

/** Sick-leave transmissions as CSV or NDJSON (docs/import.md): the body is read, and the answer written, line by line. */
@Controller('v1/imports')
export class ImportController {
  constructor(
    private readonly commands: CommandBus,
    private readonly parts: Parts,
  ) {}

  @Post('sick-leave-transmissions')
  @ApiTags('Import')
  @ApiOperation({
    operationId: 'importSickLeaveTransmissions',
    summary: 'Des transmissions d’arrêts en CSV ou NDJSON / Sick-leave transmissions as CSV or NDJSON',
    description: '**Qui / Who**: CPAM, MC. Colonnes / Columns: docs/import.md. Le même fichier deux fois ne fait rien de plus / The same file twice does nothing more.', // prettier-ignore
  })
  @ApiConsumes(...TYPES)
  @ApiBody({ schema: { type: 'string' } })
  @ApiOkResponse({
    description: 'Une ligne JSON par ligne rejetée, puis le bilan / One line of JSON for each rejected line, then the summary',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  @Problems('unauthenticated', 'forbidden', 'invalid', 'unsupported-media-type')
  async import(@CurrentCaller() caller: Caller, @Req() request: Request, @Res() response: Response): Promise<void> {
    const format = FORMAT_OF[request.is(TYPES) || ''];
    if (!format) throw new ApiProblem('unsupported-media-type', { detail: NEITHER });
    const lines = importTransmissions(request, format, caller, {
      parts: this.parts,
      execute: (command) => this.commands.execute(command),
    });
    // The first word comes once the header is known to be good; until then a refusal is a problem like any other.
    const first = await lines.next().catch((error: unknown) => {
      throw error instanceof InvalidHeader ? new ApiProblem('invalid', { errors: error.reasons.map(faultOf) }) : error;
    });
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8', 'Cache-Control': 'no-store' });
    await pipeline(async function* () {
      if (!first.done) yield ndjson(first.value);
      for await (const line of lines) yield ndjson(line);
    }, response);
  }
}

const faultOf = ({ code, message }: Reason) => ({ code, detail: message });
const ndjson = (line: object): string => `${JSON.stringify(line)}\n`;
