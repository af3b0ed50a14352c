import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** OpenAPI schemas of what the API answers; the types themselves are the application's. */
export class RecordedEvent {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ example: 'SickLeaveRecorded' }) type: string;
}
export class IrregularitySchema {
  @ApiProperty({ example: 'essaiEncadre.tiExcluded' }) code: string;
  @ApiProperty({ example: 'D.323-6-5 CSS' }) article: string;
}
export class OutcomeSchema {
  @ApiProperty({ format: 'uuid' }) caseId: string;
  @ApiProperty({ type: [RecordedEvent] }) events: RecordedEvent[];
  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string', format: 'uuid' },
    description: "Identifiants de ce que l'acte a créé / Identifiers of what the act made",
  })
  ids: Record<string, string>;
  @ApiProperty({ type: [IrregularitySchema], description: 'Ce qui a eu lieu contre une règle / What happened against a rule' })
  irregularities: IrregularitySchema[];
  @ApiProperty({
    description: 'À passer en ?after= pour relire ce qui vient d’être écrit / Pass it as ?after= to read your own write',
  })
  cursor: string;
  @ApiProperty({ description: 'ETag du dossier tel que vous le voyez / ETag of the case as you see it' }) etag: string;
}
export class FaultSchema {
  @ApiPropertyOptional({ example: '/data/slots/0/date', description: 'JSON pointer (RFC 6901)' }) pointer?: string;
  @ApiPropertyOptional({ example: 'limit' }) parameter?: string;
  @ApiProperty({ example: 'date' }) code: string;
  @ApiProperty() detail: string;
}
export class RuleSchema extends IrregularitySchema {
  @ApiProperty() detail: string;
}
export class ProblemSchema {
  @ApiProperty({ example: 'urn:fil-rouge:problem:invalid' }) type: string;
  @ApiProperty() title: string;
  @ApiProperty({ example: 400 }) status: number;
  @ApiProperty() detail: string;
  /** That of the header `X-Request-Id`. */
  @ApiPropertyOptional() requestId?: string;
  @ApiPropertyOptional({ type: [FaultSchema] }) errors?: FaultSchema[];
  @ApiPropertyOptional({ type: [RuleSchema] }) rules?: RuleSchema[];
}
