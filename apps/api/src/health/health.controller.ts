import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Response } from 'express';
import { Public } from '../auth/public.js';

/** One thing that must work before the process takes requests. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<{ readonly ok: boolean; readonly detail?: object }>;
}
export const HEALTH_CHECKS = Symbol('HEALTH_CHECKS');
const TIMEOUT_MS = 2_000;

const outcomeOf = async (check: HealthCheck) => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ ok: false }>((resolve) => (timer = setTimeout(() => resolve({ ok: false }), TIMEOUT_MS)));
  try {
    return await Promise.race([check.check(), late]);
  } catch {
    // The address is public: why it fails is for the logs of whatever failed.
    return { ok: false };
  } finally {
    clearTimeout(timer);
  }
};

@Public()
@ApiTags('Santé')
@Controller('health')
export class HealthController {
  constructor(@Inject(HEALTH_CHECKS) private readonly checks: readonly HealthCheck[]) {}

  @Get('live')
  @ApiOperation({ operationId: 'live', summary: 'Le processus tourne / The process runs', security: [] })
  live() {
    return { ok: true };
  }

  @Get('ready')
  @ApiOperation({ operationId: 'ready', summary: 'Prêt à répondre, sinon 503 / Ready to answer, else 503', security: [] })
  async ready(@Res({ passthrough: true }) response: Response) {
    const outcomes = await Promise.all(this.checks.map(outcomeOf));
    const ok = outcomes.every((outcome) => outcome.ok);
    response.status(ok ? 200 : 503);
    return { ok, checks: Object.fromEntries(this.checks.map(({ name }, i) => [name, outcomes[i]])) };
  }
}
