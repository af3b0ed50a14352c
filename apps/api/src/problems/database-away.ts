/** Codes of the network, and SQLSTATEs: connection lost (08), too many (53300), the server stops, crashes or starts (57P01 to 57P03). */
const AWAY = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|08.{3}|53300|57P0[123])$/;
/** The driver has no code for these. */
const TOLD = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** The database is not there for the moment: it restarts, or the way to it is cut. */
export const isDatabaseAway = (error: unknown): boolean => {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && AWAY.test(code)) || (typeof message === 'string' && TOLD.test(message));
};
