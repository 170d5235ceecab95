/** What `nginx -T` prints: where requests are passed on to. Pure. */

export interface UpstreamServer {
  /** `host:port`, or `unix:/path`. */
  readonly address: string;
  /** Taken out on purpose. */
  readonly down: boolean;
  readonly backup: boolean;
}

export interface Upstream {
  /** Of the group, or the address itself where a location names one. */
  readonly name: string;
  readonly servers: readonly UpstreamServer[];
  /** Does anything pass requests to it? */
  readonly used: boolean;
}

export interface PassedOn {
  readonly upstreams: readonly Upstream[];
  /** Targets that are known only when a request comes (variables). */
  readonly dynamic: number;
  /** Files that the configuration was read from. */
  readonly files: readonly string[];
}

interface Directive {
  readonly words: readonly string[];
  /** Names of the blocks around it, outermost first. */
  readonly inside: readonly (readonly string[])[];
}

const PASS = /^(?:proxy|fastcgi|uwsgi|scgi|grpc|memcached)_pass$/;

export function parseNginxDump(text: string): PassedOn {
  const directives = readDirectives(text);
  const groups = new Map<string, UpstreamServer[]>();
  const targets = new Set<string>();
  let dynamic = 0;
  for (const { words, inside } of directives) {
    const [name = '', value = ''] = words;
    const block = inside.at(-1);
    if (block?.[0] === 'upstream' && block[1]) {
      const servers = groups.get(block[1]) ?? [];
      if (name === 'server' && value !== '') servers.push(readServer(value, words.slice(2)));
      groups.set(block[1], servers);
    } else if (PASS.test(name)) {
      if (value.includes('$')) dynamic++;
      else targets.add(targetOf(value));
    }
  }
  const named = [...groups].map(([name, servers]) => ({ name, servers, used: targets.has(name) || dynamic > 0 }));
  const direct = [...targets]
    .filter((target) => !groups.has(target))
    .map((target) => ({ name: target, servers: [readServer(target, [])], used: true }));
  const files = [...text.matchAll(/^# configuration file (.+):$/gm)].map(([, file]) => file as string);
  return { upstreams: [...named, ...direct], dynamic, files };
}

/** `server 10.0.0.1:8080 weight=5 down;` */
function readServer(address: string, flags: readonly string[]): UpstreamServer {
  return { address: withPort(address, 80), down: flags.includes('down'), backup: flags.includes('backup') };
}

/** Of `http://name/path`, `grpcs://name:1`, `http://unix:/run/x.sock:/path`, `localhost:9000`: the group or the address. */
function targetOf(value: string): string {
  const [, scheme = '', rest = value] = /^(\w+):\/\/(.+)$/.exec(value) ?? [];
  if (rest.startsWith('unix:')) return rest.split(':').slice(0, 2).join(':');
  const authority = rest.split('/')[0] ?? '';
  return /^(?:https|grpcs)$/.test(scheme) && !/:\d+$/.test(authority) && authority.includes('.') ? `${authority}:443` : authority;
}

function withPort(address: string, port: number): string {
  return address.startsWith('unix:') || /:\d+$/.test(address) ? address : `${address}:${port}`;
}

/** Comments, quotes, blocks and semicolons of the nginx configuration; a `#` inside a word is part of it. */
const TOKEN = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\\.|\$\{[^}]*\}|[^\s{};"'\\])+/g;

function readDirectives(text: string): readonly Directive[] {
  const found: Directive[] = [];
  const inside: (readonly string[])[] = [];
  let words: string[] = [];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token.startsWith('#') && words.length === 0) continue;
    if (token === '}') inside.pop();
    else if (token === '{') {
      // A group without servers is one all the same.
      found.push({ words: [], inside: [...inside, words] });
      inside.push(words);
    } else if (token === ';') found.push({ words, inside: [...inside] });
    else {
      if (!token.startsWith('#')) words.push(token.replace(/^(["'])([\s\S]*)\1$/, '$2'));
      continue;
    }
    words = [];
  }
  return found;
}
