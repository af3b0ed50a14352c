import { actOfCommand } from './case/acts.js';
import { DelaySet } from './config/delay.js';
import { ConventionCountersigned, ConventionEnded, ConventionRenewed, ConventionSigned } from './convention/convention.js';
import { ForumRegistered } from './forum/forum.js';
import {
  AgendaItemAdded, AgendaItemRemoved, AvisGiven, MeetingCancelled, MeetingClosed, MeetingHeld, MeetingMoved, MeetingScheduled,
} from './forum/meeting.js'; // prettier-ignore
import { GroupActionCancelled, GroupActionHeld, GroupActionMoved, GroupActionPlanned } from './group/group.js';
import { type AsideDefinition } from './kernel/aside.js';
import { MandateGranted } from './mandate/mandate.js';
import { OrganisationRegistered } from './organisation/organisation.js';
import { ResourceListed, ResourceRetired } from './resource/resource.js';
import { SatisfactionAnswered } from './satisfaction/satisfaction.js';

/** All that is recorded beside the cases. */
export const ASIDES = [
  OrganisationRegistered,
  MandateGranted,
  DelaySet,
  GroupActionPlanned,
  GroupActionMoved,
  GroupActionCancelled,
  GroupActionHeld,
  ConventionSigned,
  ConventionCountersigned,
  ConventionRenewed,
  ConventionEnded,
  ResourceListed,
  ResourceRetired,
  SatisfactionAnswered,
  ForumRegistered,
  MeetingScheduled,
  MeetingMoved,
  MeetingCancelled,
  AgendaItemAdded,
  AgendaItemRemoved,
  MeetingHeld,
  AvisGiven,
  MeetingClosed,
] as unknown as readonly AsideDefinition[];

export const asideOf = (command: string): AsideDefinition | undefined => ASIDES.find((a) => a.command === command);

/** An act of a case, or what is recorded beside the cases, by its command. */
export const commandOf = (command: string) => {
  const beside = asideOf(command);
  return actOfCommand(command) ?? (beside && { ...beside, opens: false, guarded: false });
};
