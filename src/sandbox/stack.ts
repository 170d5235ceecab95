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
import { logPayments } from './payment-log.ts';
import { type ReportTool, startReportTool } from './report-tool.ts';
import { createRotation, type Rotation } from './rotation.ts';
import { BACKUP_NAME, BANK_NAME, type Keys, LOOPBACK, type Places, type SitePaths } from './site.ts';
import { createStore, type Store } from './store.ts';
import { startTimeServer, type TimeServer } from './time-server.ts';
import { createTraffic } from './traffic.ts';
import { createWeb, type Web } from './web.ts';

/** `app-2` is the spare node of the application: it waits until it is asked for. */
export type ServiceName = 'web' | 'app' | 'app-2' | 'store' | 'dns';
export const SPARE_NODE = 'app-2';

export interface Stack {
  readonly paths: SitePaths;
  readonly places: Places;
  readonly authorities: Authorities;
  readonly web: Web;
  readonly app: App;
  readonly spareApp: App;
  readonly rotation: Rotation;
  readonly store: Store;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly bank: Bank;
  readonly backup: Bank;
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
  const logs = { app: openLog(paths.log.app), store: openLog(paths.log.store), payments: openLog(paths.log.payments) };
  const rotation = createRotation({ file: paths.rotation, others: { [SPARE_NODE]: { host: LOOPBACK, port: places.spareApp } } });
  const services = createServices(paths, places, logs, rotation);
  const { web, app, store, dns, [SPARE_NODE]: spareApp } = services;
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
    ...{ web, app, spareApp, rotation, store, services, bank, backup, timeServers, dataMount, cards },
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
        spareApp.stop(),
        store.stop(),
        dns.stop(),
        bank.stop(),
        backup.stop(),
        cards?.service.stop(),
        cards?.host.stop(),
        ...timeServers.map((server) => server.close()),
      ]);
      web.closeLogs();
      for (const log of Object.values(logs)) log.close();
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

type Logs = Readonly<Record<'app' | 'store' | 'payments', LogFile>>;

function createServices(paths: SitePaths, places: Places, logs: Logs, rotation: Rotation) {
  const node = {
    envFile: paths.config.app,
    releaseDir: paths.release,
    dataDir: paths.data,
    traffic: createTraffic({ channel: paths.channel, routes: paths.routes }),
    channelFile: paths.channel,
    closedFile: paths.closedFunctions,
    hold: { setting: paths.hold, folder: paths.held },
    log: logTo(logs.app),
    payments: logPayments(logs.payments),
  };
  return {
    web: createWeb({
      configFile: paths.config.web,
      accessLog: paths.log.access,
      errorLog: paths.log.error,
      bannerFile: paths.banner,
      rotation,
    }),
    app: createApp({ ...node, name: 'app', jobsDir: paths.jobs }),
    [SPARE_NODE]: createApp({ ...node, name: SPARE_NODE, port: places.spareApp, jobsDir: paths.spareJobs }),
    store: createStore({ host: LOOPBACK, port: places.store, maxSessions: STORE_SESSIONS, log: logTo(logs.store) }),
    dns: createNameServer({ zoneFile: paths.config.dns, host: LOOPBACK, port: places.dns }),
  };
}
