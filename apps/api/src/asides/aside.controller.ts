import { Body, Controller, Post, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { type RequestMeta } from '../../../../libs/application/messages.js';
import { type AsideCommand, ASIDES, type AsideOutcome, RecordAside } from '../../../../libs/application/small-aggregates.js';
import { exampleOf } from '../../../../libs/domain/kernel/fields.js';
import { type Text, t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { classOf } from '../dto/class-of.js';
import { validated } from '../dto/validated.js';
import { Meta } from '../http/request-meta.js';
import { WritesAside } from '../openapi/operations.js';

const ADDRESSES: Readonly<Record<AsideCommand, { path: string; summary: Text }>> = {
  'register-organisation': {
    path: 'organisations',
    summary: t('Enregistrer une organisation de l’annuaire', 'Register an organisation'),
  },
  'grant-mandate': { path: 'mandates', summary: t('Donner mandat à un auditeur', 'Grant a mandate to an auditor') },
  'set-delay': {
    path: 'delays',
    summary: t('Fixer un délai de convention, à partir d’un jour', 'Set a delay of convention, from a day on'),
  },
  'plan-group-action': { path: 'group-actions', summary: t('Programmer une action collective', 'Plan a group action') },
  'hold-group-action': {
    path: 'group-actions/held',
    summary: t('Constater une action collective', 'Record a group action held'),
  },
  'answer-satisfaction': {
    path: 'satisfaction',
    summary: t('Enregistrer une réponse de satisfaction', 'Record a satisfaction level'),
  },
};

/** What is recorded beside the cases: one address each, made from the fields of its event. */
export const asideControllers = (): Type[] => (Object.keys(ASIDES) as AsideCommand[]).map(asideController);

function asideController(command: AsideCommand): Type {
  const { event, by } = ASIDES[command];
  const { path, summary } = ADDRESSES[command];
  const BodyClass = classOf(`${event.type}Body`, event.fields);

  @Controller('v1')
  class AsideController {
    constructor(private readonly commands: CommandBus) {}

    @Post(path)
    @WritesAside({
      operationId: command.replace(/-(.)/g, (_, l: string) => l.toUpperCase()),
      summary,
      by,
      body: BodyClass,
      example: exampleOf(event.fields),
    })
    record(
      @Body(validated(BodyClass)) data: Readonly<Record<string, unknown>>,
      @CurrentCaller() caller: Caller,
      @Meta() meta: RequestMeta,
    ): Promise<AsideOutcome> {
      return this.commands.execute(new RecordAside(command, { ...data }, caller, meta.idempotencyKey));
    }
  }
  return AsideController;
}
