import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { type Caller } from '../access/authentication/caller.js';
import { actOfType } from '../domain/case/acts.js';
import { addressFor, answerTo, askingFindings, type Channel, isAwaited, type Matter, matterIn, messageOf, noAddress, type Question, questionOf } from '../domain/case/asking-the-person.js'; // prettier-ignore
import { type ActDefinition } from '../domain/case/act.js';
import { decide } from '../domain/case/decide.js';
import { type RecordedEvent } from '../domain/case/event.js';
import { impossible, Refused } from '../domain/kernel/errors.js';
import { CASE_WORKERS, type Evidence, type Party } from '../domain/kernel/roles.js';
import { t } from '../domain/kernel/text.js';
import { contextFor, loadCase, outcomeOf, runDecider, viewOf, type Written } from './case-stream.js';
import { type Asked } from './consent-codes.js';
import { Forbidden, NotFound, type Outcome, type RequestMeta } from './messages.js';
import { Parts } from './parts.js';
import { loadVisible, veiling } from './perform-act.js';

/** A code and a link go to the person, by a way that somebody else than whoever told of the matter has told. */
export class RequestCode {
  constructor(
    readonly kind: Matter['kind'],
    readonly caseId: string,
    /** Of the accord, or of the file that tells of the change. */
    readonly aboutId: string,
    readonly channel: Channel,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** What the person read back during the call. */
export class ConfirmByCode {
  constructor(
    readonly kind: Matter['kind'],
    readonly caseId: string,
    readonly aboutId: string,
    readonly code: string,
    readonly caller: Caller,
    readonly meta: RequestMeta,
  ) {}
}
/** Names of the commands, in the path. */
const COMMANDS = {
  accord: { request: 'request-consent-code', confirm: 'confirm-consent-by-code' },
  change: { request: 'request-change-code', confirm: 'confirm-change-by-code' },
} as const satisfies Record<Matter['kind'], unknown>;
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
/** `over`: answered, replaced by a newer message, past its days, or about what is settled by now. */
export interface ConsentPage {
  readonly state: 'open' | 'over' | 'signed' | 'refused';
  readonly question: Question;
}

@CommandHandler(RequestCode)
export class RequestCodeHandler implements ICommandHandler<RequestCode, { channel: Channel }> {
  constructor(private readonly parts: Parts) {}

  async execute({ kind, caseId, aboutId, channel, caller, meta }: RequestCode): Promise<{ channel: Channel }> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    return parts.idempotency.once(command, [caller.role, COMMANDS[kind].request, caseId, aboutId, channel], async () => {
      const { view } = await loadVisible(parts, caseId, caller);
      worksOnCases(caller);
      const matter = matterIn(view, kind, aboutId);
      const found = askingFindings(view, kind, aboutId, caller);
      const to = matter && addressFor(view, matter, channel);
      const sender = parts.asking.senders[channel];
      veiling(view, caller, parts, () => {
        if (found.length > 0) throw new Refused(found);
        if (!sender) throw new Refused([NOT_CONFIGURED]);
        if (to === undefined) throw new Refused([noAddress]);
      });
      await this.#send(kind, { caseId, aboutId, organisation: caller.organisation }, view.personId, channel, to!);
      return { channel };
    });
  }

  async #send(
    kind: Matter['kind'],
    about: Omit<Asked, 'id'>,
    person: string | null,
    channel: Channel,
    to: string,
  ): Promise<void> {
    const { parts } = this;
    const sent = await parts.asking.codes.make(about, person, parts.clock.now());
    if (!sent) throw new Refused([TOO_MANY]);
    const link = parts.asking.publicUrl === undefined ? undefined : new URL(`/accord/${sent.token}`, parts.asking.publicUrl).href;
    try {
      const message = messageOf(kind, await nameOf(parts, about.organisation), sent.code, link);
      await parts.asking.senders[channel]!.send(to, message);
    } catch (error) {
      await parts.asking.codes.forget(sent.id);
      throw error;
    }
  }
}

@CommandHandler(ConfirmByCode)
export class ConfirmByCodeHandler implements ICommandHandler<ConfirmByCode, Outcome> {
  constructor(private readonly parts: Parts) {}

  async execute({ kind, caseId, aboutId, code, caller, meta }: ConfirmByCode): Promise<Outcome> {
    const { parts } = this;
    const command = parts.ids.commandOf(caller.organisation, meta.idempotencyKey);
    return parts.idempotency.once(command, [caller.role, COMMANDS[kind].confirm, caseId, aboutId, code], async () => {
      const { view } = await loadVisible(parts, caseId, caller);
      worksOnCases(caller);
      const about = { caseId, aboutId, organisation: caller.organisation };
      const read = await parts.asking.codes.read(about, code, parts.clock.now());
      const matter = matterIn(view, kind, aboutId);
      if (typeof read === 'string' || !matter) throw new Refused([read === 'wrong' ? WRONG : OVER]);
      const recordedBy: Party = { organisation: caller.organisation, role: caller.role, person: caller.person };
      const how = { recordedBy, evidence: { kind: 'call' } as const, source: meta.source };
      const written = await tell(parts, read, caseId, matter, true, 'code', how);
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
    const { page, asked, caseId, matter } = await pageBehind(parts, token);
    if (page.state !== 'open') return page;
    const signed = answer === 'sign';
    await tell(parts, asked, caseId, matter, signed, 'page', { recordedBy: null, evidence: null, source: 'page' });
    return { ...page, state: signed ? 'signed' : 'refused' };
  }
}

/** The person's own act. One answer to one message, however often it is given at once: its id is the message's. */
async function tell(
  parts: Parts,
  { id, aboutId }: Asked,
  caseId: string,
  matter: Matter,
  yes: boolean,
  means: 'code' | 'page',
  how: { readonly recordedBy: Party | null; readonly evidence: Evidence | null; readonly source: string },
): Promise<Written> {
  const commandId = parts.ids.madeBy(id, 'answer');
  const answer = answerTo(matter, yes);
  const data = { ...answer.data, ...(answer.type === 'ConsentConfirmed' && { means }) };
  const act = actOfType(answer.type) as ActDefinition;
  const actor: Party = { organisation: null, role: 'ASSURE', person: null };
  const written = await runDecider(parts, caseId, { id: commandId, former: commandId }, async (history) => {
    const ctx = await contextFor(parts, commandId, history, []);
    const view = viewOf(caseId, history, ctx.today);
    const { personId } = view;
    // A code and a page ask the same, at the moment of the answer.
    if (![matterIn(view, matter.kind, aboutId)].some((now) => now && isAwaited(view, now))) throw new Refused([OVER]);
    return decide(act, { caseId, personId, data: data as never, occurredOn: ctx.today, actor, correlationId: commandId, ...how }, history, ctx, actOfType);
  }); // prettier-ignore
  await parts.asking.codes.close(id, parts.clock.now());
  return written;
}

interface Behind {
  readonly page: ConsentPage;
  readonly asked: Asked;
  readonly caseId: string;
  readonly matter: Matter;
}
/** @throws NotFound for a link that was never given */
async function pageBehind(parts: Parts, token: string): Promise<Behind> {
  const asked = await parts.asking.codes.behind(token, parts.clock.now());
  if (!asked) throw new NotFound();
  const { caseId, history } = await goingOn(parts, asked.caseId);
  const view = viewOf(caseId, history, parts.clock.today());
  const matter = matterIn(view, 'accord', asked.aboutId) ?? matterIn(view, 'change', asked.aboutId);
  if (!matter) throw new NotFound();
  const who = matter.kind === 'accord' ? (matter.accord.recipient ?? matter.accord.toldBy.organisation) : matter.file.openedBy;
  const question = questionOf(matter, await nameOf(parts, who ?? asked.organisation));
  return { page: { state: asked.open && isAwaited(view, matter) ? 'open' : 'over', question }, asked, caseId, matter };
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
const TOO_MANY = impossible('consent.tooManyCodes', t('La personne a déjà reçu en un jour trois messages à votre demande, quel qu’en soit le sujet.', 'The person has had three messages in a day at your request, whatever they were about.'), 'convention (D)'); // prettier-ignore
const WRONG = impossible('consent.codeWrong', t('Ce n’est pas le code qui a été envoyé.', 'That is not the code that was sent.'), 'convention (D)'); // prettier-ignore
const OVER = impossible('consent.codeOver', t('Aucun code n’attend : passé ses dix minutes, déjà lu, essayé cinq fois, jamais envoyé à votre demande, ou la réponse n’est plus attendue.', 'No code is waiting: past its ten minutes, read already, tried five times, never sent at your request, or no answer is awaited any more.'), 'convention (D)'); // prettier-ignore
