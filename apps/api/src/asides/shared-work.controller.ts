import { Controller, Get } from '@nestjs/common';
import { type Caller } from '../../../../libs/access/authentication/caller.js';
import { Parts } from '../../../../libs/application/parts.js';
import { sitsIn } from '../../../../libs/domain/forum/forum.js';
import { meetingOf } from '../../../../libs/domain/forum/meeting.js';
import { t } from '../../../../libs/domain/kernel/text.js';
import { onDay, proposalsToSign, workOfConvention, workOfGroup, workOfMeeting } from '../../../../libs/domain/shared-work.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { Reads } from '../openapi/operations.js';

/** Meetings, conventions and group actions that wait for the caller's organisation: what its worklists, made of cases, can't hold. */
@Controller('v1/shared-work')
export class SharedWorkController {
  constructor(private readonly parts: Parts) {}

  @Get()
  @Reads({
    operationId: 'listSharedWork',
    summary: t(
      'Ce que votre organisation doit faire hors dossiers : réunions, conventions, actions collectives',
      'What your organisation has to do beside its cases: meetings, conventions, group actions',
    ),
    tag: 'Listes de travail',
  })
  async list(@CurrentCaller() { organisation }: Caller) {
    const { followed, clock } = this.parts;
    await followed.catchUp();
    const meetings = [...followed.histories('meeting').values()].flatMap((history) => {
      const meeting = meetingOf(history);
      const forum = meeting && followed.forum(meeting.forumId);
      return forum && sitsIn(forum, organisation) ? workOfMeeting(meeting, forum, organisation) : [];
    });
    const today = clock.today();
    const all = followed.conventions();
    const conventions = [...all.flatMap((c) => workOfConvention(c, organisation)), ...proposalsToSign(all, organisation, today)];
    const groups = followed.groupActions().flatMap((g) => workOfGroup(g, organisation));
    return { items: onDay([...meetings, ...conventions, ...groups], today) };
  }
}
