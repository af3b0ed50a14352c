import { gzipSync } from 'node:zlib';
import { type RequestHandler } from 'express';

/** What is generated, and the same for everybody, is generated and compressed once: without a token nobody makes it anew for each request. */
export function generatedOnce(): RequestHandler {
  let kept: { readonly type: string; readonly plain: Buffer; readonly zipped: Buffer } | undefined;
  return (request, response, next) => {
    const send = (body: string | Buffer) => {
      const plain = Buffer.from(body);
      kept ??= { type: String(response.getHeader('Content-Type')), plain, zipped: gzipSync(plain) };
      const zipped = request.acceptsEncodings('gzip') !== false;
      response.set({ 'Content-Type': kept.type, 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' });
      if (zipped) response.set('Content-Encoding', 'gzip');
      response.end(zipped ? kept.zipped : kept.plain);
      return response;
    };
    if (kept) return void send(kept.plain);
    response.send = send;
    next();
  };
}
