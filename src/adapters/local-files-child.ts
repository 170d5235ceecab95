/**
 * The same look at files, taken by a child that can be killed: for network, FUSE and second disks, whose daemon or server may be gone.
 * A read that hangs in this process would block one of libuv's four threads for good, and even the end of the process.
 */
import { HostError } from '../errors.ts';
import type { FileContent, FileStat, FilesystemStat } from '../ports.ts';
import { runForBytes } from './command.ts';
import { describing, explainFailure, type FileQuestion, hashing, listing, measuring, reading, type Slice } from './file-questions.ts';

/** Enough for every answer that is not a content, error messages included. */
const SMALL_OUTPUT_BYTES = 64 * 1024;
const LIST_BYTES = 64 * 1024 * 1024;

export function readInChild(path: string, wanted: Slice, timeoutMs: number): Promise<FileContent> {
  return ask(path, reading(path, wanted), timeoutMs, wanted.maxBytes + SMALL_OUTPUT_BYTES);
}

export function listInChild(path: string, timeoutMs: number): Promise<readonly string[]> {
  return ask(path, listing(path), timeoutMs, LIST_BYTES);
}

export function statInChild(path: string, timeoutMs: number): Promise<FileStat> {
  return ask(path, describing(path), timeoutMs);
}

export function hashInChild(path: string, timeoutMs: number): Promise<string> {
  return ask(path, hashing(path), timeoutMs);
}

export function statFilesystemInChild(path: string, timeoutMs: number): Promise<FilesystemStat> {
  return ask(path, measuring(path), timeoutMs);
}

async function ask<T>(path: string, question: FileQuestion<T>, timeoutMs: number, maxOutputBytes = SMALL_OUTPUT_BYTES): Promise<T> {
  const { exitCode, stdout, stderr } = await runForBytes(question.argv, { timeoutMs, maxOutputBytes });
  if (exitCode !== 0) throw explainFailure(path, exitCode, stderr.text());
  if (stdout.truncated) throw new HostError('unsupported', `${path}: too much to list`);
  return question.parse(stdout.bytes(), stderr.text());
}
