import { Param } from '@nestjs/common';
import { NotFound } from '../../../../libs/application/messages.js';
import { UUID } from '../dto/checks.js';

const toCaseId = {
  transform(value: string): string {
    if (!UUID.test(value)) throw new NotFound();
    return value.toLowerCase();
  },
};
/** The case of the path. What is no UUID is no case either: one answer for all that the caller can't see. */
export const CaseId = (): ParameterDecorator => Param('caseId', toCaseId);
