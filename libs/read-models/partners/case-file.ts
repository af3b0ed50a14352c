import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { type RecordedEvent } from '../../domain/case/event.js';

/** A case whole, in clear: whatever is served of a case is computed from here, by reader and by day. */
@Entity({ name: 'case_file' })
export class CaseFile {
  @PrimaryColumn({ type: 'text', name: 'case_id', collation: 'C' })
  caseId: string;

  @Index()
  @Column({ type: 'text', name: 'person_id', nullable: true })
  personId: string | null;

  /** Of a case that is under way: two with one in common are perhaps one person's. */
  @Column({ type: 'text', array: true })
  likeness: string[];

  /** All that ever took part. */
  @Column({ type: 'text', array: true })
  organisations: string[];

  /** Of the last event that is in it. */
  @Column('int')
  revision: number;

  @Column('text')
  position: string;

  @Column('json')
  events: RecordedEvent[];
}
