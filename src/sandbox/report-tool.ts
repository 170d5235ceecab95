/** Somebody's reporting tool on another desk: it opens sessions with our database until it gets no more, and keeps them. */
import { connectStore, type StoreAddress, type StoreConnection } from './store-client.ts';

export interface ReportTool {
  stop(): void;
}

export const REPORT_TOOL = 'bi-report';
const OPEN_EVERY_MS = 15;
const ANSWER_MS = 1000;

export function startReportTool(store: StoreAddress): ReportTool {
  let sessions: StoreConnection[] = [];
  let opening = false;
  let stopped = false;
  const timer = setInterval(() => {
    if (opening) return;
    opening = true;
    sessions = sessions.filter((session) => !session.closed);
    connectStore({ ...store, application: REPORT_TOOL, timeoutMs: ANSWER_MS })
      .then(
        (session) => (stopped ? session.close() : sessions.push(session)),
        () => {},
      )
      .finally(() => {
        opening = false;
      });
  }, OPEN_EVERY_MS);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      for (const session of sessions) session.close();
    },
  };
}
