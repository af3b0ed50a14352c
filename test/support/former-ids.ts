import { type CommandId, Ids, uuidV5 } from '../../libs/application/ids.js';

const WATCH = '5b0f8e0c-3a55-4f0e-8d0e-6f4f3c7f9a21';
const COURIER = '0d6d6b52-9a0e-4f0c-8f35-4b3a8a1f7c11';
const PAIRS = '6f1f0c52-7c5d-4b61-9a77-0d3f5c1f2b90';

/** What made the ids before they had a key: whoever works with it writes what an installation of then wrote. */
export class FormerIds extends Ids {
  constructor() {
    super(Buffer.alloc(32));
  }
  override commandOf(organisation: string, idempotencyKey: string, formerKey = idempotencyKey): CommandId {
    const { former } = super.commandOf(organisation, idempotencyKey, formerKey);
    return { id: former, former };
  }
  override madeBy(commandId: string, label: string): string {
    return uuidV5(commandId, label);
  }
  override of(...[use, first, ...names]: Parameters<Ids['of']>): string {
    if (use === 'watch') return uuidV5(uuidV5(WATCH, first!), names.join());
    if (use === 'meeting') return uuidV5(uuidV5(COURIER, first!), names.join(' '));
    if (use === 'pair') return uuidV5(PAIRS, [first, ...names].join());
    return super.of(use, first!, ...names);
  }
}
