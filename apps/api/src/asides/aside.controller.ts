import { Body, Controller, Post, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { type RequestMeta } from '../../../../libs/application/messages.js';
import { type AsideOutcome, RecordAside } from '../../../../libs/application/record-aside.js';
import { ASIDES } from '../../../../libs/domain/asides.js';
import { type AsideDefinition } from '../../../../libs/domain/kernel/aside.js';
import { exampleOf, givenFields } from '../../../../libs/domain/kernel/fields.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { classOf } from '../dto/class-of.js';
import { validated } from '../dto/validated.js';
import { Meta } from '../http/request-meta.js';
import { WritesAside } from '../openapi/operations.js';

/** What is recorded beside the cases: one address each, made from the fields of its event. */
export const asideControllers = (): Type[] => ASIDES.map(asideController);

function asideController({ type, command, path, label, by, fields }: AsideDefinition): Type {
  const BodyClass = classOf(`${type}Body`, givenFields(fields));

  @Controller('v1')
  class AsideController {
    constructor(private readonly commands: CommandBus) {}

    @Post(path)
    @WritesAside({
      operationId: command.replace(/-(.)/g, (_, l: string) => l.toUpperCase()),
      summary: label,
      by,
      body: BodyClass,
      example: exampleOf(fields),
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
