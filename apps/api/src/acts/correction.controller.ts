import { Body, Controller, type PipeTransform, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { ConfirmFact, CorrectFact, type Outcome, type RequestMeta } from '../../../../libs/application/messages.js';
import { caseActs } from '../../../../libs/domain/case/acts.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import {
  correctBodyClass,
  correctExample,
  type CorrectInput,
  correctionHeadClass,
  WithdrawFactBody,
  type WithdrawInput,
} from '../dto/bodies.js';
import { validated } from '../dto/validated.js';
import { SendOutcome } from '../http/answers.js';
import { CaseId } from '../http/case-id.js';
import { Meta } from '../http/request-meta.js';
import { Writes } from '../openapi/operations.js';

/** What the order of the log decided has an act that undoes it; only what happened on a day is corrected. */
const facts = caseActs().filter((act) => act.order === 'date');
const bodies = new Map(facts.map((act) => [act.type, correctBodyClass(act)]));
const pipes = new Map([...bodies].map(([type, body]) => [type, validated(body)]));
const head = validated(correctionHeadClass([...bodies.keys()]));

/** The `type` in the body says which fields the replacement must have. */
const correction: PipeTransform = {
  transform(body: unknown, metadata) {
    const { event, type } = (body ?? {}) as { event?: unknown; type?: unknown };
    const ofType = typeof type === 'string' ? pipes.get(type) : undefined;
    return ofType ? ofType.transform(body, metadata) : head.transform({ event, type }, metadata);
  },
};

@Controller('v1/cases/:caseId')
@UseInterceptors(SendOutcome)
export class CorrectionController {
  constructor(private readonly commands: CommandBus) {}

  @Post('correct-fact')
  @Writes({
    operationId: 'correctFact',
    summary: t('Corriger un fait', 'Correct a fact'),
    description: 'Le remplacement est entier ; l’histoire garde les deux / The replacement is whole; history keeps both.',
    tag: 'Corrections',
    guarded: true,
    body: [...bodies.values()],
    example: correctExample(facts[0]!),
    problems: ['case-not-found', 'person-erased'],
  })
  correct(
    @CaseId() caseId: string,
    @Body(correction) { event, ...replacement }: CorrectInput,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new CorrectFact(caseId, event, replacement, caller, meta));
  }

  @Post('withdraw-fact')
  @Writes({
    operationId: 'withdrawFact',
    summary: t('Retirer un fait', 'Withdraw a fact'),
    description: 'Un fait enregistré à tort ; l’histoire le garde / A fact recorded by mistake; history keeps it.',
    tag: 'Corrections',
    guarded: true,
    body: WithdrawFactBody,
    example: { event: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11' },
    problems: ['case-not-found'],
  })
  withdraw(
    @CaseId() caseId: string,
    @Body(validated(WithdrawFactBody)) { event }: WithdrawInput,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new CorrectFact(caseId, event, undefined, caller, meta));
  }

  @Post('confirm-fact')
  @Writes({
    operationId: 'confirmFact',
    summary: t('Confirmer un fait', 'Confirm a fact'),
    description:
      'Dit par un partenaire qui n’est pas celui que ce fait concerne, il ne met fin à rien d’ici là / Told by a partner that it does not concern, it ends nothing until then.',
    tag: 'Corrections',
    guarded: true,
    body: WithdrawFactBody,
    example: { event: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11' },
    problems: ['case-not-found'],
  })
  confirm(
    @CaseId() caseId: string,
    @Body(validated(WithdrawFactBody)) { event }: WithdrawInput,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfirmFact(caseId, event, 'confirmed', caller, meta));
  }

  @Post('deny-fact')
  @Writes({
    operationId: 'denyFact',
    summary: t('Démentir un fait', 'Deny a fact'),
    description:
      'Dit par un partenaire qui n’est pas celui que ce fait concerne, il ne compte plus ; l’histoire le garde / Told by a partner that it does not concern, it counts for nothing; history keeps it.',
    tag: 'Corrections',
    guarded: true,
    body: WithdrawFactBody,
    example: { event: '5f1a4a53-2e9c-5b0e-9d5b-0c6f2f6f6a11' },
    problems: ['case-not-found'],
  })
  deny(
    @CaseId() caseId: string,
    @Body(validated(WithdrawFactBody)) { event }: WithdrawInput,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfirmFact(caseId, event, 'denied', caller, meta));
  }
}
