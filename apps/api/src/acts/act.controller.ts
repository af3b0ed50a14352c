import { Body, Controller, Post, type Type, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { OpenCase, type Outcome, PerformAct, type RequestMeta } from '../../../../libs/application/messages.js';
import { type AnyAct } from '../../../../libs/domain/case/acts.js';
import { CurrentCaller } from '../auth/current-caller.js';
import {
  actBodyClass,
  actBodyOf,
  actExample,
  type ActInput,
  openCaseBodyClass,
  type OpenCaseInput,
  openCaseExample,
} from '../dto/bodies.js';
import { validated } from '../dto/validated.js';
import { SendOutcome } from '../http/answers.js';
import { CaseId } from '../http/case-id.js';
import { Meta } from '../http/request-meta.js';
import { describeAct, tagOf, Writes } from '../openapi/operations.js';

const camel = (command: string) => command.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** `POST /v1/cases/{caseId}/{command}`: one address for one act. */
export function performController(act: AnyAct, command: string): Type {
  const BodyClass = actBodyClass(act);

  @Controller('v1/cases')
  @UseInterceptors(SendOutcome)
  class PerformController {
    constructor(private readonly commands: CommandBus) {}

    @Post(`:caseId/${command}`)
    @Writes({
      operationId: camel(command),
      summary: act.label,
      description: describeAct(act),
      tag: tagOf(act),
      guarded: act.guarded,
      body: BodyClass,
      example: actExample(act),
      problems: ['case-not-found', 'person-erased'],
    })
    perform(
      @CaseId() caseId: string,
      @Body(validated(BodyClass)) body: ActInput,
      @CurrentCaller() caller: Caller,
      @Meta() meta: RequestMeta,
    ): Promise<Outcome> {
      return this.commands.execute(new PerformAct(command, caseId, actBodyOf(body), caller, meta));
    }
  }
  return PerformController;
}

/** `POST /v1/cases/{command}`: an act that may be the first of a case. */
export function openCaseController(act: AnyAct, command: string): Type {
  const BodyClass = openCaseBodyClass(act);

  @Controller('v1/cases')
  @UseInterceptors(SendOutcome)
  class OpenCaseController {
    constructor(private readonly commands: CommandBus) {}

    @Post(command)
    @Writes({
      operationId: `${camel(command)}OpeningCase`,
      summary: act.label,
      description: `Ouvre un dossier, ou rejoint celui qui est ouvert / Opens a case, or joins the open one.\n\n${describeAct(act)}`,
      tag: 'Ouvrir un dossier',
      guarded: false,
      body: BodyClass,
      example: openCaseExample(act),
      problems: ['invalid-identifier'],
    })
    open(
      @Body(validated(BodyClass)) { person, caisse, ...body }: OpenCaseInput,
      @CurrentCaller() caller: Caller,
      @Meta() meta: RequestMeta,
    ): Promise<Outcome> {
      return this.commands.execute(new OpenCase(command, person, caisse, actBodyOf(body), caller, meta));
    }
  }
  return OpenCaseController;
}

/** The controllers of every act that people or systems may ask for. */
export const actControllers = (acts: readonly AnyAct[]): Type[] =>
  acts.flatMap((act) => {
    if (act.command === null) return [];
    return [performController(act, act.command), ...(act.opens ? [openCaseController(act, act.command)] : [])];
  });
