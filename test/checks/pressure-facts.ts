/** What the kernel says of stalls, for the tests of the psi checks. */
export const PRESSURE_TEXT = 'some avg10=79.10 avg60=41.20 avg300=10.00 total=1\nfull avg10=3.10 avg60=2.20 avg300=1.00 total=1\n';

export const pressureFacts = (some: number, full: number) => ({
  observedAt: 0,
  where: 'host',
  pressure: { some: { avg10: 0, avg60: some }, full: { avg10: 0, avg60: full } },
});

/** A host outside of any container, where nothing waits. */
export const calmFiles = (resource: string) => ({
  '/sys/fs/cgroup/cgroup.type': null,
  '/proc/1/cgroup': '1:cpu:/\n0::/\n',
  [`/proc/pressure/${resource}`]: 'some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
});
