// An HTTP proxy on loopback that passes everything on unchanged, keeps a record, and can lose an answer.

import http from 'node:http';

export class LossyProxy {
  exchanges = [];
  #upstream;
  #toLose;
  #server;

  static async open(upstream) {
    const proxy = new LossyProxy();
    proxy.#upstream = new URL(upstream);
    proxy.#server = http.createServer((request, answer) => proxy.#passOn(request, answer));
    await new Promise((listening) => proxy.#server.listen(0, '127.0.0.1', listening));
    proxy.url = `http://127.0.0.1:${proxy.#server.address().port}`;
    return proxy;
  }

  /** The next answer to `path` is read to its end, and the connection is cut instead of passing it on. */
  loseNextAnswerTo(path) {
    this.#toLose = path;
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #passOn(request, answer) {
    const { method, url: path, headers } = request;
    const { hostname: host, port } = this.#upstream;
    const outgoing = http.request({ host, port, method, path, headers, agent: false });
    outgoing.end(await whole(request));
    const incoming = await new Promise((resolve) => outgoing.on('response', resolve));
    const content = await whole(incoming);

    const delivered = this.#toLose !== path;
    const idempotencyKey = headers['idempotency-key'];
    this.exchanges.push({ method, path, idempotencyKey, status: incoming.statusCode, delivered });
    if (!delivered) {
      this.#toLose = undefined;
      request.socket.destroy();
      return;
    }
    const passed = { ...incoming.headers, 'content-length': content.length };
    delete passed.connection;
    delete passed['transfer-encoding'];
    answer.writeHead(incoming.statusCode, passed).end(content);
  }
}

async function whole(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
