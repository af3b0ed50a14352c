import { Controller, Get, Req, type Type } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Request } from 'express';
import { NotFound } from '../../../../libs/application/messages.js';
import { Public } from '../auth/public.js';

/** What a demonstration would have sent. */
export interface KeptMessages {
  readonly all: readonly object[];
}
const LOOPBACK = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/** The messages to persons, for whoever plays the person on this very machine. This controller exists in a demonstration only. */
export function messagesController(kept: KeptMessages): Type {
  @Public()
  @ApiTags('Démonstration')
  @Controller('demo')
  class MessagesController {
    @Get('messages')
    @ApiOperation({ operationId: 'demoMessages', summary: 'Messages aux personnes / Messages to persons', security: [] })
    messages(@Req() { socket, headers }: Request) {
      // Behind a proxy everybody comes from this machine.
      const direct = headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined;
      if (!direct || !LOOPBACK.includes(socket.remoteAddress ?? '')) throw new NotFound();
      return kept.all;
    }
  }
  return MessagesController;
}
