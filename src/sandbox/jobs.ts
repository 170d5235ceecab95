/**
 * Batch work of the payment application, started by files in its jobs folder. Each of the three is broken in a way batch
 * work is: one leaks connections, one never gives a lock back, one writes without bound.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Ledger } from './ledger.ts';
import type { Logger } from './log-file.ts';
import type { Pool } from './pool.ts';
import type { StoreConnection } from './store-client.ts';

export type JobTask = 'settlement-report' | 'fee-recalculation' | 'trace-dump';

export interface JobSurroundings {
  readonly dir: string;
  readonly dataDir: string;
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly log: Logger;
}

interface Job {
  /** Ends it and gives back what it holds. */
  end(): void;
}

const SCAN_MS = 100;
const TRACE_FILES_A_TICK = 64;

export interface Jobs {
  /** Looks at the folder now, without waiting for the next turn. */
  scan(): void;
  end(): void;
}

/** Starts a job for each file, ends it when the file goes. */
export function runJobs(surroundings: JobSurroundings): Jobs {
  const jobs = new Map<string, Job>();
  function scan(): void {
    const files = readdirSync(surroundings.dir).filter((name) => name.endsWith('.job'));
    for (const file of files) if (!jobs.has(file)) jobs.set(file, startJob(file, surroundings));
    for (const [file, job] of jobs) {
      if (files.includes(file)) continue;
      job.end();
      jobs.delete(file);
    }
  }
  const timer = setInterval(scan, SCAN_MS);
  return {
    scan,
    end() {
      clearInterval(timer);
      for (const job of jobs.values()) job.end();
    },
  };
}

function startJob(file: string, surroundings: JobSurroundings): Job {
  const path = join(surroundings.dir, file);
  const { task, file_bytes: fileBytes = 0 } = JSON.parse(readFileSync(path, 'utf8')) as { task: JobTask; file_bytes?: number };
  surroundings.log('INFO', `job ${task} started by ${file}`);
  if (task === 'settlement-report') return reportSettlement(surroundings);
  if (task === 'fee-recalculation') return recalculateFees(surroundings, path);
  return dumpTrace(surroundings, fileBytes);
}

/** Takes a connection for each merchant and forgets to give it back. */
function reportSettlement({ pool, log }: JobSurroundings): Job {
  const held: StoreConnection[] = [];
  let merchant = 0;
  let ended = false;
  const timer = setInterval(() => {
    merchant += 1;
    const number = merchant;
    pool.acquire().then(
      (connection) => {
        if (ended) return giveBack(connection);
        held.push(connection);
        log('INFO', `job settlement-report: reading merchant ${number}, ${held.length} cursors open`);
      },
      () => {},
    );
  }, 50);
  function giveBack(connection: StoreConnection): void {
    connection.close();
    pool.release(connection);
  }
  return {
    end() {
      ended = true;
      clearInterval(timer);
      for (const connection of held) giveBack(connection);
    },
  };
}

/** Runs once: its file goes when it starts. Takes the ledger lock and waits for a batch that was never sent. */
function recalculateFees({ ledger, log }: JobSurroundings, path: string): Job {
  rmSync(path);
  void ledger.use(() => {
    log('INFO', 'job fee-recalculation: ledger lock taken, waiting for batch 1 of 12');
    return new Promise<never>(() => {});
  });
  return { end() {} };
}

/** A debug trace somebody forgot to switch off. */
function dumpTrace({ dataDir, log }: JobSurroundings, fileBytes: number): Job {
  const dir = join(dataDir, 'trace');
  const chunk = Buffer.alloc(fileBytes, 'trace ');
  let count = 0;
  let failed = false;
  const timer = setInterval(() => {
    try {
      mkdirSync(dir, { recursive: true });
      for (let n = 0; n < TRACE_FILES_A_TICK; n += 1) {
        appendFileSync(join(dir, `trace-${String(count).padStart(6, '0')}.log`), chunk);
        count += 1;
      }
    } catch (error) {
      if (!failed) log('WARN', `trace: ${(error as Error).message}`);
      failed = true;
    }
  }, 50);
  return { end: () => clearInterval(timer) };
}
