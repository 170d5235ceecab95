// `npm start`: the main job on the embedded stack with a fault that is not told. At a terminal the operator is asked before each fix;
// without one, consent is given here, by name, to the fixes of the playbook: they can only touch the stack that this very run starts.
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const oor = fileURLToPath(new URL('../bin/oor.js', import.meta.url));
const interactive = process.stdin.isTTY && process.stderr.isTTY && !process.env.CI;
const listed = JSON.parse(execFileSync(process.execPath, [oor, 'playbook', 'list', '--json'], { encoding: 'utf8' }));
const fixes = listed.find(({ id }) => id === 'payment-gateway').fixes;
const consent = interactive ? [] : fixes.flatMap((id) => ['--allow-fix', id]);
const { status } = spawnSync(process.execPath, [oor, 'run', '--sandbox', ...consent, ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 70;
