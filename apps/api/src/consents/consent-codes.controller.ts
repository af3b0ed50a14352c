import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { ConfirmConsentByCode, RequestConsentCode } from '../../../../libs/application/ask-the-person.js';
import { type Outcome, type RequestMeta } from '../../../../libs/application/messages.js';
import { CHANNELS } from '../../../../libs/domain/case/asking-the-person.js';
import { code, type DataOf, exampleOf, pattern, ref } from '../../../../libs/domain/kernel/fields.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { classOf } from '../dto/class-of.js';
import { validated } from '../dto/validated.js';
import { SendOutcome } from '../http/answers.js';
import { CaseId } from '../http/case-id.js';
import { Meta } from '../http/request-meta.js';
import { Writes } from '../openapi/operations.js';

const consentId = ref('consent', t('accord', 'consent'));
const ASK = { consentId, channel: code('coordination', t('par quel moyen', 'by which means'), CHANNELS) };
const READ = {
  consentId,
  code: pattern('coordination', t('code lu par la personne', 'code that the person read'), /^\d{6}$/, '123456'),
};
const AskBody = classOf('RequestConsentCodeBody', ASK);
const ReadBody = classOf('ConfirmConsentByCodeBody', READ);

/** The person is asked herself. The code is no event: what she answers is. */
@Controller('v1/cases/:caseId')
export class ConsentCodesController {
  constructor(private readonly commands: CommandBus) {}

  @Post('request-consent-code')
  @Writes({
    operationId: 'requestConsentCode',
    summary: t('Envoyer à la personne un code et une page pour confirmer un accord', 'Send the person a code and a page to confirm a consent'),
    description: 'À un téléphone ou une adresse qu’une autre organisation a donnés. Code : 10 minutes, 5 essais ; 3 messages par jour / To a phone or address that another organisation told. Code: 10 minutes, 5 tries; 3 messages a day.',
    tag: 'Accords',
    guarded: false,
    body: AskBody,
    example: exampleOf({ ...ASK }),
    problems: ['case-not-found', 'person-erased', 'message-not-sent'],
  })
  request(
    @CaseId() caseId: string,
    @Body(validated(AskBody)) { consentId: id, channel }: DataOf<typeof ASK>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<object> {
    return this.commands.execute(new RequestConsentCode(caseId, id, channel, caller, meta));
  }

  @Post('confirm-consent-by-code')
  @UseInterceptors(SendOutcome)
  @Writes({
    operationId: 'confirmConsentByCode',
    summary: t('Confirmer un accord par le code que la personne a lu', 'Confirm a consent by the code that the person read'),
    description: 'Par l’organisation qui l’a fait envoyer / By the organisation that had it sent.',
    tag: 'Accords',
    guarded: false,
    body: ReadBody,
    example: exampleOf({ ...READ }),
    problems: ['case-not-found', 'person-erased'],
  })
  confirm(
    @CaseId() caseId: string,
    @Body(validated(ReadBody)) { consentId: id, code: read }: DataOf<typeof READ>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfirmConsentByCode(caseId, id, read, caller, meta));
  }
} // prettier-ignore
