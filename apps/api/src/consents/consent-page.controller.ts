import { Controller, Get, HttpCode, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { AnswerConsentPage, type ConsentPage, ReadConsentPage } from '../../../../libs/application/ask-the-person.js';
import { NotFound } from '../../../../libs/application/messages.js';
import { Refused } from '../../../../libs/domain/kernel/errors.js';
import { Public } from '../auth/public.js';
import { consentPage, noPage } from './consent-page.js';

const TOKEN = /^[\w-]{43}$/;

/**
 * The page that a person reads and signs, without an account: whoever holds the link of her message. Reading changes nothing, since mail
 * programs follow links; a token opens one question, once.
 */
@Public()
@ApiExcludeController()
@Controller('accord')
export class ConsentPageController {
  constructor(private readonly commands: CommandBus) {}

  @Get(':token')
  read(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.#show(response, token, () => this.commands.execute(new ReadConsentPage(token)));
  }
  @Post(':token/sign')
  @HttpCode(200)
  sign(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.#show(response, token, () => this.commands.execute(new AnswerConsentPage(token, 'sign')));
  }
  @Post(':token/refuse')
  @HttpCode(200)
  refuse(@Param('token') token: string, @Res() response: Response): Promise<void> {
    return this.#show(response, token, () => this.commands.execute(new AnswerConsentPage(token, 'refuse')));
  }

  async #show(response: Response, token: string, page: () => Promise<ConsentPage>): Promise<void> {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' }).type('html');
    try {
      if (!TOKEN.test(token)) throw new NotFound();
      response.send(consentPage(token, await page()));
    } catch (error) {
      if (!(error instanceof NotFound) && !(error instanceof Refused)) throw error;
      response.status(404).send(noPage());
    }
  }
}
