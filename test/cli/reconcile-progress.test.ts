import { describe, expect, it } from 'vitest';
import { createReadProgress } from '../../src/cli/reconcile-progress.ts';

const MIB = 1024 * 1024;

function watch(language: 'en' | 'zh-CN', animated = true) {
  const written: string[] = [];
  let monoMs = 0;
  const progress = createReadProgress({
    err: (text) => void written.push(text),
    clock: { now: () => ({ wallMs: monoMs, monoMs }) } as never,
    language,
    animated,
    totalBytes: 1000 * MIB,
  });
  return { progress, written, at: (ms: number) => (monoMs = ms) };
}

describe('the progress of reading', () => {
  it('says how much, how fast and how long, in one line that goes away', () => {
    const { progress, written, at } = watch('en');
    at(100);
    progress.read(10 * MIB);
    expect(written).toEqual([]);
    at(2000);
    progress.read(500 * MIB);
    expect(written).toEqual(['\rreading 500 of 1000 MiB, 250 MiB/s, about 2 s left\x1b[K']);
    progress.stage('comparing');
    progress.end();
    progress.end();
    expect(written.slice(1)).toEqual(['\rcomparing\x1b[K', '\r\x1b[K']);
  });

  it('speaks Chinese, and knows no end where nothing was read', () => {
    const { progress, written, at } = watch('zh-CN');
    at(1000);
    progress.read(0);
    at(4000);
    progress.read(800 * MIB);
    expect(written).toEqual(['\r读取 0/1000 MiB，0 MiB/s\x1b[K', '\r读取 800/1000 MiB，200 MiB/s，约剩 1 秒\x1b[K']);
  });

  it('is silent away from a terminal', () => {
    const { progress, written, at } = watch('en', false);
    at(5000);
    progress.read(MIB);
    progress.stage('comparing');
    progress.end();
    expect(written).toEqual([]);
  });
});
