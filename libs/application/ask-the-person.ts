import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { actOfType } from '../domain/case/acts.js';
import { addressFor, askingFindings, type Channel, messageOf, noAddress, type Question, questionOf } from '../domain/case/asking-the-person.js'; // prettier-ignore
import { isGiven } from '../domain/case/accord.js';
import { type ActDefinition } from '../domain/case/act.js';
import { isSilent } from '../domain/case/deaths.js';
import { decide } from '../domain/case/decide.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { type CaseView, type Consent } from '../domain/case/view.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { CASE_WORKERS, type Evidence, type Party } from '../domain/kernel/roles.js';
import { t } from '../domain/kernel/text.js';
import { contextFor, loadCase, outcomeOf, runDecider, viewOf, type Written } from './case-stream.js';
import { type Asked } from './consent-codes.js';
import { Forbidden, NotFound, type Outcome, type RequestMeta } from './messages.js';
import { Parts } from './parts.js';
import { loadVisible, veiling } from './perform-act.js';

/** A code and a link go to the person, by a way that somebody else than whoever told of the accord has told. */
export class RequestConsentCode {
  constructor(
    readonly caseId: string,
    readonly consentId: string,
    readonly channel: Channel,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** What the person read back during the call. */
export class ConfirmConsentByCode {
  constructor(
    readonly caseId: string,
    readonly consentId: string,
    readonly code: string,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** Who holds the link reads what is asked. */
export class ReadConsentPage {
  constructor(readonly token: string) {}
}
export class AnswerConsentPage {
  constructor(
    readonly token: string,
    readonly answer: 'sign' | 'refuse',
  ) {}
}
/** `over`: answered, replaced by a newer message, past its days, or about an accord that is given no more. */
export interface ConsentPage {
  readonly state: 'open' | 'over' | 'signed' | 'refused';
  readonly question: Question;
}

const accordIn = (v: CaseView, id: string): Consent | undefined => v.consents.find((c) => c.id === id);

@CommandHandler(RequestConsentCode)
export class RequestConsentCodeHandler implements ICommandHandler<RequestConsentCode, { channel: Channel }> {
  constructor(private readonly parts: Parts) {}

  async execute({ caseId, consentId, channel, caller, meta }: RequestConsentCode): Promise<{ channel: Channel }> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    return parts.idempotency.once(command, [caller.role, 'request-consent-code', caseId, consentId, channel], async () => {
      const { view } = await loadVisible(parts, caseId, caller);
      worksOnCases(caller);
      const accord = accordIn(view, consentId);
      const found = askingFindings(view, accord, caller.organisation);
      const to = accord && addressFor(view, accord, channel);
      const sender = parts.asking.senders[channel];
      veiling(view, caller, parts, () => {
        if (found.length > 0) throw new Refused(found);
        if (!sender) throw new Refused([NOT_CONFIGURED]);
        if (to === undefined) throw new Refused([noAddress]);
      });
      await this.#send({ caseId, consentId, organisation: caller.organisation }, channel, to!);
      return { channel };
    });
  }

  async #send(about: Omit<Asked, 'id'>, channel: Channel, to: string): Promise<void> {
    const { parts } = this;
    const sent = await parts.asking.codes.make(about, parts.clock.now());
    if (!sent) throw new Refused([TOO_MANY]);
    const link = parts.asking.publicUrl === undefined ? undefined : new URL(`/accord/${sent.token}`, parts.asking.publicUrl).href;
    try {
      await parts.asking.senders[channel]!.send(to, messageOf(await nameOf(parts, about.organisation), sent.code, link));
    } catch (error) {
      await parts.asking.codes.forget(sent.id);
      throw error;
    }
  }
}

@CommandHandler(ConfirmConsentByCode)
export class ConfirmConsentByCodeHandler implements ICommandHandler<ConfirmConsentByCode, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ caseId, consentId, code, caller, meta }: ConfirmConsentByCode): Promise<Outcome> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    return parts.idempotency.once(command, [caller.role, 'confirm-consent-by-code', caseId, consentId, code], async () => {
      await loadVisible(parts, caseId, caller);
      worksOnCases(caller);
      const read = await parts.asking.codes.read(
        { caseId, consentId, organisation: caller.organisation },
        code,
        parts.clock.now(),
      );
      if (typeof read === 'string') throw new Refused([read === 'wrong' ? WRONG : OVER]);
      const recordedBy: Party = { organisation: caller.organisation, role: caller.role, person: caller.person };
      const how = { recordedBy, evidence: { kind: 'call' } as const, source: meta.source };
      const written = await tell(parts, read, caseId, 'ConsentConfirmed', { consentId, means: 'code' }, how);
      return outcomeOf(parts, caseId, caller, written);
    });
  }
}

@CommandHandler(ReadConsentPage)
export class ReadConsentPageHandler implements ICommandHandler<ReadConsentPage, ConsentPage> {
  constructor(private readonly parts: Parts) {}

  async execute({ token }: ReadConsentPage): Promise<ConsentPage> {
    return (await pageBehind(this.parts, token)).page;
  }
}

@CommandHandler(AnswerConsentPage)
export class AnswerConsentPageHandler implements ICommandHandler<AnswerConsentPage, ConsentPage> {
  constructor(private readonly parts: Parts) {}

  async execute({ token, answer }: AnswerConsentPage): Promise<ConsentPage> {
    const { parts } = this;
    const { page, asked, caseId } = await pageBehind(parts, token);
    if (page.state !== 'open') return page;
    const { consentId } = asked;
    const signed = answer === 'sign';
    const how = { recordedBy: null, evidence: null, source: 'page' };
    if (signed) await tell(parts, asked, caseId, 'ConsentConfirmed', { consentId, means: 'page' }, how);
    else await tell(parts, asked, caseId, 'ConsentWithdrawn', { consentId }, how);
    return { ...page, state: signed ? 'signed' : 'refused' };
  }
}

/** The person's own act. One answer to one message, however often it is given at once: its id is the message's. */
async function tell(
  parts: Parts,
  { id }: Asked,
  caseId: string,
  type: string,
  data: Record<string, unknown>,
  how: { readonly recordedBy: Party | null; readonly evidence: Evidence | null; readonly source: string },
): Promise<Written> {
  const commandId = parts.ids.madeBy(id, 'answer');
  const act = actOfType(type) as ActDefinition;
  const actor: Party = { organisation: null, role: 'ASSURE', person: null };
  const written = await runDecider(parts, caseId, { id: commandId, former: commandId }, async (history) => {
    const ctx = await contextFor(parts, commandId, history, []);
    const { personId } = viewOf(caseId, history, ctx.today);
    return decide(act, { caseId, personId, data: data as never, occurredOn: ctx.today, actor, correlationId: commandId, ...how }, history, ctx, actOfType);
  }); // prettier-ignore
  await parts.asking.codes.close(id, parts.clock.now());
  return written;
}

/** @throws NotFound for a link that was never given */
async function pageBehind(parts: Parts, token: string): Promise<{ page: ConsentPage; asked: Asked; caseId: string }> {
  const asked = await parts.asking.codes.behind(token, parts.clock.now());
  if (!asked) throw new NotFound();
  const { caseId, history } = await goingOn(parts, asked.caseId);
  const view = viewOf(caseId, history, parts.clock.today());
  const accord = accordIn(view, asked.consentId);
  if (!accord) throw new NotFound();
  const open = asked.open && isGiven(accord) && !isSilent(view);
  const question = questionOf(accord, await nameOf(parts, accord.recipient ?? accord.toldBy.organisation ?? asked.organisation));
  return { page: { state: open ? 'open' : 'over', question }, asked, caseId };
}
/** The case, or the one that it was joined to. */
async function goingOn(parts: Parts, caseId: string): Promise<{ caseId: string; history: RecordedEvent[] }> {
  const history = await loadCase(parts, caseId);
  const { mergedInto } = viewOf(caseId, history);
  return mergedInto === undefined ? { caseId, history } : goingOn(parts, mergedInto);
}

const nameOf = async ({ followed }: Parts, organisation: string): Promise<string> => {
  await followed.catchUp();
  return followed.find(organisation)?.name ?? organisation;
};
const worksOnCases = ({ role }: Caller): void => {
  if (!CASE_WORKERS.includes(role)) throw new Forbidden(`${role} does not work on cases`);
};
const NOT_CONFIGURED = impossible('consent.channelNotConfigured', t('Cette installation n’envoie rien par ce moyen : l’exploitant le règle (docs/configuration.md).', 'This installation sends nothing by this means: its operator sets it up (docs/configuration.md).'), 'convention (D)'); // prettier-ignore
const TOO_MANY = impossible('consent.tooManyCodes', t('La personne a déjà reçu trois messages en un jour pour cet accord.', 'The person has had three messages in a day about this consent.'), 'convention (D)'); // prettier-ignore
const WRONG = impossible('consent.codeWrong', t('Ce n’est pas le code qui a été envoyé.', 'That is not the code that was sent.'), 'convention (D)'); // prettier-ignore
const OVER = impossible('consent.codeOver', t('Aucun code n’attend : passé ses dix minutes, déjà lu, essayé cinq fois, ou jamais envoyé à votre demande.', 'No code is waiting: past its ten minutes, read already, tried five times, or never sent at your request.'), 'convention (D)'); // prettier-ignore
