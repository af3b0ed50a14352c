import { Column, Entity, Index } from 'typeorm';
import { measureEnd } from '../../domain/case/measure-status.js';
import { type LocalDate } from '../../domain/kernel/local-date.js';
import { type OrganisationId } from '../../domain/kernel/roles.js';
import { type MeasureType } from '../../domain/measures/types.js';
import { figure, FigureRow } from './figure.js';

/** A measure that began, and what came of it. Each answer has the day on which it was given. */
@Entity({ name: 'measure_outcome' })
@Index(['type'])
export class MeasureOutcomeRow extends FigureRow {
  @Column('text')
  type: MeasureType;

  /** The fund that answers for the case; its territory is that of the figures, as the directory has it when they are read. */
  @Column('text', { nullable: true })
  caisse: OrganisationId | null;

  @Column({ type: 'date', name: 'started_on' })
  startedOn: LocalDate;

  @Column({ type: 'date', name: 'ended_on', nullable: true })
  endedOn: LocalDate | null;

  /** The day of its final review. */
  @Column({ type: 'date', name: 'reviewed_on', nullable: true })
  reviewedOn: LocalDate | null;

  @Column('text', { nullable: true })
  result: string | null;

  /** Of the first closure that follows it. */
  @Column({ type: 'date', name: 'closure_on', nullable: true })
  closureOn: LocalDate | null;

  @Column('text', { nullable: true })
  situation: string | null;

  /** Of that closure's six-month call, or the day on which the person was given up as unreachable. */
  @Column({ type: 'date', name: 'call_on', nullable: true })
  callOn: LocalDate | null;

  @Column({ type: 'text', name: 'six_month_situation', nullable: true })
  sixMonthSituation: string | null;
}

export const measureOutcomes = figure(MeasureOutcomeRow, (v) =>
  v.measures.flatMap((m) => {
    if (m.type === undefined || m.startedOn === undefined) return [];
    const endedOn = m.closed || m.interruptedOn ? measureEnd(m) : undefined;
    const closure = v.closures.find(({ on }) => on >= (endedOn ?? m.startedOn!));
    const unreachable = closure?.call || closure?.unreachableOn === undefined ? undefined : 'unreachable';
    return [
      {
        type: m.type,
        caisse: v.caisse ?? null,
        startedOn: m.startedOn,
        endedOn: endedOn ?? null,
        reviewedOn: m.closed?.on ?? null,
        result: m.closed?.result ?? null,
        closureOn: closure?.on ?? null,
        situation: closure?.situation ?? null,
        callOn: closure?.call?.on ?? closure?.unreachableOn ?? null,
        sixMonthSituation: closure?.call?.situation ?? unreachable ?? null,
      },
    ];
  }),
);
