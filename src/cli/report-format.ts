/** The formats of an incident report: which there are, and the one door to each. */
import type { Language } from '../ports.ts';
import type { Incident } from '../report/incident.ts';
import { jsonLine } from '../report/json-text.ts';
import { REPORT_FORMATS } from './formats.ts';
import { type GlobalOptions, usage } from './options.ts';

export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportFile {
  readonly format: ReportFormat;
  readonly file: string;
}

/** What goes to stdout; a format that is named outranks the short flags, which may come from the environment. */
export function chooseReportFormat({ format, json, jsonl }: Pick<GlobalOptions, 'format' | 'json' | 'jsonl'>): ReportFormat | 'jsonl' {
  if (format === undefined) return json ? 'json' : jsonl ? 'jsonl' : 'text';
  return format === 'jsonl' ? format : readFormat(format, `--format ${format}`);
}

/** `html=report.html`, as often as it was given. */
export function readReportFiles({ report }: Pick<GlobalOptions, 'report'>): readonly ReportFile[] {
  return report.map(readReportFile);
}

/** Throws where what was asked for is no report, before anything is done. */
export function checkReports(options: Pick<GlobalOptions, 'format' | 'json' | 'jsonl' | 'report'>): void {
  chooseReportFormat(options);
  readReportFiles(options);
}

function readReportFile(text: string): ReportFile {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw usage(`--report ${text}: expected format=file`, 'for example --report html=incident.html');
  return { format: readFormat(text.slice(0, at), `--report ${text}`), file: text.slice(at + 1) };
}

function readFormat(given: string, where: string): ReportFormat {
  const known = REPORT_FORMATS.find((each) => each === (given === 'markdown' ? 'md' : given));
  if (known === undefined) throw usage(`${where}: there is no such report`, `one of: ${REPORT_FORMATS.join(', ')}`);
  return known;
}

/** For a file or a pipe: without colour. Loads the one format that is asked for. */
export async function renderReport(format: ReportFormat, incident: Incident, language: Language): Promise<string> {
  const { plan, session, diagnosis } = incident;
  switch (format) {
    case 'text':
      return (await import('../report/text.ts')).renderText(plan, session, diagnosis, {
        language,
        ascii: false,
        paint: (_style, text) => text,
      });
    case 'md':
      return (await import('../report/markdown-report.ts')).renderMarkdown(incident, language);
    case 'html':
      return (await import('../report/html-report.ts')).renderHtml(incident, language);
    case 'junit':
      return (await import('../report/junit-report.ts')).renderJunit(incident, language);
    case 'csv':
      return (await import('../report/csv-timeline.ts')).renderCsv(incident, language);
    case 'json':
      return jsonLine((await import('../report/json.ts')).runAsJson(plan, session, diagnosis), 2);
  }
}
