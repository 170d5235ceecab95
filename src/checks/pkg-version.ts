import { HostError } from '../errors.ts';
import type { Host } from '../ports.ts';
import { defineCheck, type Judgement, type ProbeContext } from './check.ts';
import { requireLinux } from './linux.ts';
import { type Infer, strictObject, v } from './schema.ts';

const params = strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-zA-Z0-9][\w.+:-]*$/, 'expected the name of a package')),
  /** The version or its beginning: 1.22 fits 1.22.1-9, not 1.220. */
  want: v.nullish(v.pipe(v.string(), v.minLength(1))),
});
type Params = Infer<typeof params>;
const facts = v.object({
  observedAt: v.number(),
  manager: v.picklist(['dpkg', 'rpm']),
  /** null: not installed. */
  version: v.nullable(v.string()),
});
type Facts = Infer<typeof facts>;

export const pkgVersion = defineCheck<Params, Facts>({
  id: 'pkg.version',
  phase: 'software',
  title: { en: 'Installed package', 'zh-CN': '已安装软件包' },
  params,
  facts,
  messages: {
    ok: { en: '{name} {version} is installed', 'zh-CN': '已安装 {name} {version}' },
    differs: { en: '{name} is installed in version {version}, wanted {wanted}', 'zh-CN': '{name} 的版本为 {version}，应为 {wanted}' },
    missing: { en: '{name} is not installed', 'zh-CN': '未安装 {name}' },
  },
  example: { name: 'nginx', want: '1.22' },
  probe,
  judge,
});

async function probe({ name }: Params, { host }: ProbeContext): Promise<Facts> {
  requireLinux(host);
  const dpkg = await ask(host, ['dpkg-query', '-W', '-f', '${db:Status-Abbrev}\\t${Version}\\n', name]);
  const observedAt = host.now().wallMs;
  if (dpkg) {
    const found = dpkg.stdout.split('\n').find((line) => /^.i/.test(line));
    return { observedAt, manager: 'dpkg', version: found?.split('\t')[1] ?? null };
  }
  const rpm = await ask(host, ['rpm', '-q', '--qf', '%{VERSION}-%{RELEASE}\\n', name]);
  if (!rpm) throw new HostError('missing-tool', 'neither dpkg-query nor rpm is here', 'name the version in a file and use file.value');
  return { observedAt, manager: 'rpm', version: rpm.exitCode === 0 ? (rpm.stdout.split('\n')[0] ?? null) : null };
}

async function ask(host: Host, argv: readonly string[]) {
  try {
    return await host.run(argv, { timeoutMs: 5_000 });
  } catch (error) {
    if (error instanceof HostError && error.reason === 'missing-tool') return null;
    throw error;
  }
}

function judge({ version }: Facts, { name, want }: Params): Judgement {
  if (version === null) return { status: 'fail', code: 'missing', data: { name } };
  const data = { name, version, wanted: want ?? '' };
  if (want == null) return { status: 'ok', code: 'ok', data, value: version };
  const fits = [version, version.replace(/^\d+:/, '')].some(
    (each) => each === want || (each.startsWith(want) && /^[.\-+~]/.test(each.slice(want.length))),
  );
  return {
    status: fits ? 'ok' : 'fail',
    code: fits ? 'ok' : 'differs',
    data,
    value: version,
    threshold: want,
    thresholdSource: 'playbook',
  };
}
