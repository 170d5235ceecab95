/** What `nginx -T` prints -> servers, upstreams and logs. Pure. */

export interface NginxServer {
  readonly names: readonly string[];
  readonly listens: readonly { readonly port: number; readonly tls: boolean }[];
  readonly certificates: readonly string[];
  /** Ports on this machine that it hands requests to. */
  readonly proxiedPorts: readonly number[];
}

export interface NginxConfig {
  readonly files: readonly string[];
  readonly servers: readonly NginxServer[];
  readonly accessLogs: readonly string[];
  readonly errorLogs: readonly string[];
}

interface Directive {
  readonly words: readonly string[];
  readonly block: readonly Directive[];
}

export function readNginxConfig(text: string): NginxConfig {
  const tree = parse(tokenize(text));
  const all = flatten(tree);
  const upstreams = new Map(
    all
      .filter(({ words }) => words[0] === 'upstream')
      .map(({ words, block }) => [words[1] ?? '', block.filter((line) => line.words[0] === 'server').map((line) => line.words[1] ?? '')]),
  );
  const logs = (name: string): string[] =>
    unique(valuesOf(all, name).filter((path) => path.startsWith('/') && path !== '/dev/null' && !path.includes('$')));
  return {
    files: [...text.matchAll(/^# configuration file (\S+):$/gm)].map(([, file]) => file as string),
    servers: all.filter(({ words }) => words.length === 1 && words[0] === 'server').map((server) => readServer(server, upstreams)),
    accessLogs: logs('access_log'),
    errorLogs: logs('error_log'),
  };
}

function readServer({ block }: Directive, upstreams: ReadonlyMap<string, readonly string[]>): NginxServer {
  const lines = flatten(block);
  const listens = block.filter(({ words }) => words[0] === 'listen').map(({ words }) => readListen(words));
  const targets = ['proxy_pass', 'fastcgi_pass', 'uwsgi_pass', 'grpc_pass']
    .flatMap((name) => valuesOf(lines, name))
    .map((target) => target.replace(/^\w+:\/\//, '').replace(/\/.*$/, ''))
    .flatMap((target) => upstreams.get(target) ?? [target]);
  return {
    names: block.filter(({ words }) => words[0] === 'server_name').flatMap(({ words }) => words.slice(1)),
    listens: listens.length > 0 ? listens : [{ port: 80, tls: false }],
    certificates: unique(valuesOf(block, 'ssl_certificate').filter((path) => path.startsWith('/') && !path.includes('$'))),
    proxiedPorts: unique(targets.flatMap(localPort)),
  };
}

/** `443 ssl`, `127.0.0.1:8080`, `[::]:443 ssl http2`. */
function readListen(words: readonly string[]): { port: number; tls: boolean } {
  const [, address = ''] = words;
  const port = /^(?:.*:)?(\d+)$/.exec(address)?.[1];
  return { port: port === undefined ? 80 : Number(port), tls: words.includes('ssl') || words.includes('quic') };
}

function localPort(target: string): number[] {
  const [, host = '', port] = /^(127\.[\d.]+|localhost|\[::1\]|0\.0\.0\.0):(\d+)$/.exec(target) ?? [];
  return host === '' ? [] : [Number(port)];
}

function valuesOf(lines: readonly Directive[], name: string): string[] {
  return lines.filter(({ words }) => words[0] === name).flatMap(({ words }) => (words[1] === undefined ? [] : [words[1]]));
}

function flatten(lines: readonly Directive[]): Directive[] {
  return lines.flatMap((line) => [line, ...flatten(line.block)]);
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Words, `{`, `}` and `;`; quotes taken off, comments left out. */
function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const [, quoted, single, plain] of text.matchAll(/#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};]|[^\s{};"']+)/g)) {
    const token = quoted ?? single ?? plain;
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function parse(tokens: readonly string[]): Directive[] {
  let at = 0;
  const readBlock = (): Directive[] => {
    const lines: Directive[] = [];
    let words: string[] = [];
    while (at < tokens.length) {
      const token = tokens[at++] as string;
      if (token === '}') break;
      if (token !== ';' && token !== '{') {
        words.push(token);
        continue;
      }
      lines.push({ words, block: token === '{' ? readBlock() : [] });
      words = [];
    }
    return lines;
  };
  return readBlock();
}
