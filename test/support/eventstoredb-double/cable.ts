import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A cable to a server. Told to, it carries nothing more on the connections that it has, and breaks none of them. */
export class Cable {
  private readonly sockets = new Set<Socket>();
  connections = 0;
  private readonly server;

  private constructor(private readonly target: number) {
    this.server = createServer((near) => {
      this.connections++;
      const far = connect(this.target, '127.0.0.1');
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) this.sockets.add(socket.on('error', () => undefined));
    });
  }

  static async to(port: number): Promise<Cable> {
    const cable = new Cable(port);
    await new Promise<void>((resolve) => cable.server.listen(0, '127.0.0.1', resolve));
    return cable;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** As a router that has forgotten them. */
  forgetConnections(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}
