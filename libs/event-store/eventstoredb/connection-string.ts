import { type Credentials } from '@eventstore/db-client';

const FORM =
  /^(?:esdb|kurrentdb)(?<discover>\+discover)?:\/\/(?:(?<username>[^:@/?]+):(?<password>[^@/?]+)@)?(?<hosts>[^@/?]+)\/?(?:\?(?<options>.+))?$/;

/**
 * `esdb://user:password@host:2113,host:2113?tls=true`, or `esdb+discover://` with one name that resolves to the nodes; `kurrentdb`,
 * the later name, means the same, and the client does not know it. What else is needed of it here is the user, whom each call must
 * name, and another host or option in place of one of it.
 */
export class ConnectionString {
  readonly credentials: Credentials;
  private readonly parts: Readonly<Record<string, string | undefined>>;

  /** @throws Error whose message completes "the setting …" and holds nothing of the text, which has a password */
  constructor(private readonly text: string) {
    const groups = FORM.exec(text.trim())?.groups;
    if (groups === undefined)
      throw new Error(
        'must look like esdb://user:password@host:2113 or esdb+discover://user:password@name, or the same with kurrentdb',
      );
    this.parts = groups;
    const { username, password, options = '' } = groups;
    if (username === undefined && !/(^|&)tls=false(&|$)/i.test(options))
      throw new Error('must name a user and its password, or say tls=false for a server without security');
    // Credentials choose the client's append of one call at a time; a server without security ignores them (ADR 0008).
    this.credentials = { username: decodeURIComponent(username ?? 'nobody'), password: decodeURIComponent(password ?? 'none') };
  }

  /**
   * As the client reads it.
   * @param hosts instead of those it has
   */
  with(options: Readonly<Record<string, string | number>>, hosts?: string): string {
    const { discover = '', username, password, options: own } = this.parts;
    const all = [...(own === undefined ? [] : [own]), ...Object.entries(options).map(([name, value]) => `${name}=${value}`)];
    const user = username === undefined ? '' : `${username}:${password}@`;
    return `esdb${hosts === undefined ? discover : ''}://${user}${hosts ?? this.parts.hosts}?${all.join('&')}`;
  }

  /** For people to read. */
  toString(): string {
    return this.text.replace(`:${this.parts.password}@`, ':…@');
  }
}
