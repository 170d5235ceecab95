/** All parts of the payment stack, wired; and starting and stopping them as one. */
import type { Random } from '../ports.ts';
import { type App, createApp } from './app.ts';
import type { Authorities } from './authorities.ts';
import { type Bank, createBank } from './bank.ts';
import { type CardHost, createCardHost } from './card-host.ts';
import { createCardSwitch } from './card-switch.ts';
import type { CardWire } from './card-wire.ts';
import { createDataMount, type DataMount } from './data-mount.ts';
import type { Service } from './listening.ts';
import { type LogFile, logTo, openLog } from './log-file.ts';
import { createNameServer } from './name-server.ts';
import { type ReportTool, startReportTool } from './report-tool.ts';
import { BACKUP_NAME, BANK_NAME, type Keys, LOOPBACK, type Places, type SitePaths } from './site.ts';
import { createStore, type Store } from './store.ts';
import { startTimeServer, type TimeServer } from './time-server.ts';
import { createWeb, type Web } from './web.ts';

export type ServiceName = 'web' | 'app' | 'store' | 'dns';

export interface Stack {
  readonly paths: SitePaths;
  readonly places: Places;
  readonly authorities: Authorities;
  readonly web: Web;
  readonly app: App;
  readonly store: Store;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly bank: Bank;
  readonly timeServers: TimeServer[];
  readonly dataMount: DataMount;
  /** The card line, where one is laid. */
  readonly cards: Cards | undefined;
  /** Starts the reporting tool of another department. */
  openReports(): void;
  closeReports(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Cards {
  readonly host: CardHost;
  readonly service: Service;
  closeLog(): void;
}

export interface StackOptions {
  readonly paths: SitePaths;
  readonly places: Places;
  readonly authorities: Authorities;
  readonly keys: Keys;
  readonly random: Random;
  /** Lays a card line whose messages are written so. */
  readonly cardWire: CardWire | undefined;
}

const STORE_SESSIONS = 20;

export function createStack({ paths, places, authorities, keys, random, cardWire }: StackOptions): Stack {
  const cards = cardWire && createCards(paths, places, cardWire, random);
  const appLog = openLog(paths.log.app);
  const storeLog = openLog(paths.log.store);
  const services = createServices(paths, places, appLog, storeLog);
  const { web, app, store, dns } = services;
  const bank = createBank({ ...places.bank, certificate: authorities.provider([BANK_NAME, places.bank.host]), apiKey: keys.bank });
  const backup = createBank({
    ...places.backup,
    certificate: authorities.provider([BACKUP_NAME, places.backup.host]),
    apiKey: keys.backup,
  });
  const dataMount = createDataMount(paths.data);
  const timeServers: TimeServer[] = [];
  let reports: ReportTool | undefined;

  return {
    paths,
    places,
    authorities,
    ...{ web, app, store, services, bank, timeServers, dataMount, cards },
    openReports() {
      reports ??= startReportTool({ host: LOOPBACK, port: places.store });
    },
    closeReports() {
      reports?.stop();
      reports = undefined;
    },
    async start() {
      for (const port of places.time) timeServers.push(await startTimeServer(LOOPBACK, port));
      await Promise.all([bank.start(), backup.start(), store.start(), dns.start(), cards?.host.start()]);
      await cards?.service.start();
      await app.start();
      await web.start();
    },
    async stop() {
      reports?.stop();
      await Promise.all([
        web.stop(),
        app.stop(),
        store.stop(),
        dns.stop(),
        bank.stop(),
        backup.stop(),
        cards?.service.stop(),
        cards?.host.stop(),
        ...timeServers.map((server) => server.close()),
      ]);
      web.closeLogs();
      appLog.close();
      storeLog.close();
      cards?.closeLog();
      await dataMount.unmount();
    },
  };
}

function createCards(paths: SitePaths, { card }: Places, wire: CardWire, random: Random): Cards {
  const file = openLog(paths.log.cards);
  const macKey = random.hex(16);
  return {
    host: createCardHost({ ...card.peer, wire, macKey }),
    service: createCardSwitch({ peer: card.peer, listenHost: LOOPBACK, listenPort: card.port, wire, macKey, random, log: logTo(file) }),
    closeLog: () => file.close(),
  };
}

function createServices(paths: SitePaths, places: Places, appLog: LogFile, storeLog: LogFile) {
  return {
    web: createWeb({ configFile: paths.config.web, accessLog: paths.log.access, errorLog: paths.log.error }),
    app: createApp({
      envFile: paths.config.app,
      releaseDir: paths.release,
      jobsDir: paths.jobs,
      dataDir: paths.data,
      channelFile: paths.channel,
      log: logTo(appLog),
    }),
    store: createStore({ host: LOOPBACK, port: places.store, maxSessions: STORE_SESSIONS, log: logTo(storeLog) }),
    dns: createNameServer({ zoneFile: paths.config.dns, host: LOOPBACK, port: places.dns }),
  };
}
