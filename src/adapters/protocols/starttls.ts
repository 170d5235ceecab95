/** The words before TLS on a port that begins in the clear; each leaves the stream where the client's hello is expected. */
import type { Duplex } from 'node:stream';
import type { StartTls } from '../../ports.ts';
import type { Deadline } from '../deadline.ts';

export interface Refusal {
  readonly errorCode: string;
  readonly error: string;
}

/** undefined: the server is ready for TLS. */
export async function openInTheClear(stream: Duplex, protocol: StartTls, deadline: Deadline): Promise<Refusal | undefined> {
  const talk = listen(stream, deadline);
  try {
    return await DIALOGUES[protocol](talk);
  } catch (error) {
    const { code = 'ERR_STARTTLS', message } = error as NodeJS.ErrnoException;
    return { errorCode: code, error: message };
  } finally {
    talk.stop();
  }
}

interface Talk {
  send(bytes: Buffer | string): void;
  /** Resolves with all that came, once `complete` of it holds. */
  read(complete: (bytes: Buffer) => boolean): Promise<Buffer>;
  stop(): void;
}

/** A greeting that goes on for ever is none. */
const MAX_BYTES = 64 * 1024;

function listen(stream: Duplex, deadline: Deadline): Talk {
  let come = Buffer.alloc(0);
  let failure: Error | undefined;
  let look = (): void => {};
  const fail = (message: string, code: string): void => {
    failure ??= Object.assign(new Error(message), { code });
    look();
  };
  const onData = (chunk: Buffer): void => {
    come = Buffer.concat([come, chunk]);
    if (come.length > MAX_BYTES) fail('too much before TLS', 'ERR_STARTTLS');
    look();
  };
  const onEnd = (): void => fail('closed by the peer before TLS', 'ECONNRESET');
  const onError = ({ message, code = 'ECONNRESET' }: NodeJS.ErrnoException): void => fail(message, code);
  stream.on('data', onData).once('end', onEnd).once('close', onEnd).on('error', onError);
  const timer = setTimeout(() => fail('no answer to STARTTLS in time', 'ETIMEDOUT'), deadline.remainingMs());
  return {
    send: (bytes) => void stream.write(bytes),
    read: (complete) =>
      new Promise((resolve, reject) => {
        look = () => {
          if (complete(come)) {
            look = () => {};
            const found = come;
            come = Buffer.alloc(0);
            resolve(found);
          } else if (failure) reject(failure);
        };
        look();
      }),
    stop() {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('close', onEnd);
      stream.pause();
      stream.on('error', () => {});
      stream.off('error', onError);
    },
  };
}

function refuse(what: string): Refusal {
  return { errorCode: 'STARTTLS_REFUSED', error: what.trim().slice(0, 200) };
}

/** A reply of SMTP or FTP: its last line has a space after the code. */
const REPLY = /^\d{3} [^\n]*\n$/m;
const reply = (bytes: Buffer): boolean => REPLY.test(bytes.toString('latin1'));

async function sayLines(talk: Talk, commands: readonly string[], accepted: RegExp): Promise<Refusal | undefined> {
  await talk.read(reply);
  let answer = '';
  for (const command of commands) {
    talk.send(`${command}\r\n`);
    answer = (await talk.read(reply)).toString('latin1');
  }
  return accepted.test(answer) ? undefined : refuse(answer);
}

const DIALOGUES: Readonly<Record<StartTls, (talk: Talk) => Promise<Refusal | undefined>>> = {
  smtp: (talk) => sayLines(talk, ['EHLO oor', 'STARTTLS'], /^220/),
  ftp: (talk) => sayLines(talk, ['AUTH TLS'], /^234/),
  async imap(talk) {
    await talk.read((bytes) => bytes.includes('\n'));
    talk.send('a STARTTLS\r\n');
    const answer = (await talk.read((bytes) => /^a [^\n]*\n/m.test(bytes.toString('latin1')))).toString('latin1');
    return /^a OK/im.test(answer) ? undefined : refuse(answer);
  },
  async pop3(talk) {
    await talk.read((bytes) => bytes.includes('\n'));
    talk.send('STLS\r\n');
    const answer = (await talk.read((bytes) => bytes.includes('\n'))).toString('latin1');
    return answer.startsWith('+OK') ? undefined : refuse(answer);
  },
  /** RFC 4511 section 4.14: an extended request, and a result code of 0. */
  async ldap(talk) {
    const name = Buffer.from('1.3.6.1.4.1.1466.20037');
    talk.send(Buffer.concat([Buffer.from([0x30, 29, 2, 1, 1, 0x77, 24, 0x80, name.length]), name]));
    const answer = await talk.read((bytes) => bytes.length >= 2 && bytes.length >= 2 + (bytes[1] as number));
    return answer.includes(Buffer.from([0x0a, 1, 0])) ? undefined : refuse(answer.toString('latin1').replace(/[^ -~]+/g, ' '));
  },
  /** PostgreSQL 15 manual, 55.7: SSLRequest; one byte back. */
  async postgres(talk) {
    talk.send(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
    const answer = await talk.read((bytes) => bytes.length > 0);
    return answer[0] === 0x53 ? undefined : refuse(answer[0] === 0x4e ? 'the server does not offer TLS' : answer.toString('latin1'));
  },
  /** The greeting, then a handshake response that is cut off after its flags: CLIENT_SSL, CLIENT_PROTOCOL_41, CLIENT_SECURE_CONNECTION. */
  async mysql(talk) {
    const greeting = await talk.read((bytes) => bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3));
    if (greeting[4] === 0xff) return refuse(greeting.subarray(7).toString('latin1'));
    const afterVersion = greeting.indexOf(0, 5) + 1;
    const offered = greeting.readUInt16LE(afterVersion + 4 + 8 + 1);
    if (!(offered & 0x0800)) return refuse('the server does not offer TLS');
    const request = Buffer.alloc(36);
    request.writeUIntLE(32, 0, 3);
    request.writeUInt8(1, 3);
    request.writeUInt32LE(0x0000_8a00, 4);
    request.writeUInt32LE(0x0100_0000, 8);
    request.writeUInt8(45, 12);
    talk.send(request);
    return undefined;
  },
};
