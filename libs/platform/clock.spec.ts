import { setTimeout as sleep } from 'node:timers/promises';
import { type Instant } from '../domain/kernel/local-date.js';
import { atInstant, systemClock } from './clock.js';

const newYearsEve = '2024-12-31T23:30:00.000Z' as Instant;

describe('clock', () => {
  it('tells the time of the machine', () => {
    const before = new Date().toISOString();
    const now = systemClock.now();
    expect(before <= now && now <= new Date().toISOString()).toBe(true);
  });

  it('knows that the new year begins in Paris before it does in Martinique', () => {
    atInstant(newYearsEve, () => {
      expect(systemClock.today()).toBe('2025-01-01');
      expect(systemClock.today('America/Martinique')).toBe('2024-12-31');
    });
  });

  it('is overridden for one request and all that it awaits, not for those beside it', async () => {
    const played = atInstant(newYearsEve, async () => {
      await sleep(5);
      return systemClock.now();
    });
    expect(systemClock.now()).not.toBe(newYearsEve);
    expect(await played).toBe(newYearsEve);
  });
});
