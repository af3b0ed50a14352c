import { Body, Controller, Post, UseInterceptors } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { ConfirmByCode, RequestCode } from '../../../../libs/application/ask-the-person.js';
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
const fileId = ref('case', t('dossier qui annonce le changement', 'file that tells of the change'));
const channel = code('coordination', t('par quel moyen', 'by which means'), CHANNELS);
const read = pattern('coordination', t('code lu par la personne', 'code that the person read'), /^\d{6}$/, '123456');
const ASK = { consentId, channel };
const READ = { consentId, code: read };
const ASK_CHANGE = { fileId, channel };
const READ_CHANGE = { fileId, code: read };
const AskBody = classOf('RequestConsentCodeBody', ASK);
const ReadBody = classOf('ConfirmConsentByCodeBody', READ);
const AskChangeBody = classOf('RequestChangeCodeBody', ASK_CHANGE);
const ReadChangeBody = classOf('ConfirmChangeByCodeBody', READ_CHANGE);
/** To her, by a way that somebody else told. */
const SENT = 'À un téléphone ou une adresse qu’une autre organisation a donnés. Code : 10 minutes, 5 essais ; 3 messages par jour / To a phone or address that another organisation told. Code: 10 minutes, 5 tries; 3 messages a day.'; // prettier-ignore
const READ_BACK = 'Par l’organisation qui l’a fait envoyer / By the organisation that had it sent.';

/** The person is asked herself. The code is no event: what she answers is. */
@Controller('v1/cases/:caseId')
export class ConsentCodesController {
  constructor(private readonly commands: CommandBus) {}

  @Post('request-consent-code')
  @Writes({
    operationId: 'requestConsentCode',
    summary: t('Envoyer à la personne un code et une page pour confirmer un accord', 'Send the person a code and a page to confirm a consent'),
    description: SENT,
    tag: 'Accords',
    guarded: false,
    body: AskBody,
    example: exampleOf({ ...ASK }),
    problems: ['case-not-found', 'person-erased', 'message-not-sent'],
  })
  request(
    @CaseId() caseId: string,
    @Body(validated(AskBody)) { consentId: id, channel: by }: DataOf<typeof ASK>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<object> {
    return this.commands.execute(new RequestCode('accord', caseId, id, by, caller, meta));
  }

  @Post('confirm-consent-by-code')
  @UseInterceptors(SendOutcome)
  @Writes({
    operationId: 'confirmConsentByCode',
    summary: t('Confirmer un accord par le code que la personne a lu', 'Confirm a consent by the code that the person read'),
    description: READ_BACK,
    tag: 'Accords',
    guarded: false,
    body: ReadBody,
    example: exampleOf({ ...READ }),
    problems: ['case-not-found', 'person-erased'],
  })
  confirm(
    @CaseId() caseId: string,
    @Body(validated(ReadBody)) { consentId: id, code: said }: DataOf<typeof READ>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfirmByCode('accord', caseId, id, said, caller, meta));
  }

  @Post('request-change-code')
  @Writes({
    operationId: 'requestChangeCode',
    summary: t('Envoyer à la personne un code et une page pour confirmer un changement de caisse ou de SPST', 'Send the person a code and a page to confirm a change of fund or health service'),
    description: SENT,
    tag: 'Doublons',
    guarded: false,
    body: AskChangeBody,
    example: exampleOf({ ...ASK_CHANGE }),
    problems: ['case-not-found', 'person-erased', 'message-not-sent'],
  })
  requestChange(
    @CaseId() caseId: string,
    @Body(validated(AskChangeBody)) { fileId: id, channel: by }: DataOf<typeof ASK_CHANGE>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<object> {
    return this.commands.execute(new RequestCode('change', caseId, id, by, caller, meta));
  }

  @Post('confirm-change-by-code')
  @UseInterceptors(SendOutcome)
  @Writes({
    operationId: 'confirmChangeByCode',
    summary: t('Confirmer un changement de caisse ou de SPST par le code que la personne a lu', 'Confirm a change of fund or health service by the code that the person read'),
    description: READ_BACK,
    tag: 'Doublons',
    guarded: false,
    body: ReadChangeBody,
    example: exampleOf({ ...READ_CHANGE }),
    problems: ['case-not-found', 'person-erased'],
  })
  confirmChange(
    @CaseId() caseId: string,
    @Body(validated(ReadChangeBody)) { fileId: id, code: said }: DataOf<typeof READ_CHANGE>,
    @CurrentCaller() caller: Caller,
    @Meta() meta: RequestMeta,
  ): Promise<Outcome> {
    return this.commands.execute(new ConfirmByCode('change', caseId, id, said, caller, meta));
  }
} // prettier-ignore
