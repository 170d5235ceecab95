/**
 * Rows that a command answers by itself. `oor playbook coverage` holds each command, word and flag against the program, and the build fails
 * for one that does not exist.
 */
export interface Feature {
  readonly row: string;
  readonly kind: 'feature' | 'template';
  /** As it is typed behind `oor`; words that stand for something are left out. */
  readonly command: string;
  /** What it does for the row. */
  readonly does: string;
}

export const FEATURES: readonly Feature[] = [
  feature('F48', 'decode --table', 'meaning, whose turn it is, whether money moved, for a code of the table that is named'),
  feature('P02', 'decode', 'a code or message copied from a screen, explained; all tables where it is not known whose code it is'),
  feature('P05', 'report --format md', 'first failure, last success and duration, with the zone of the clock'),
  feature('P06', 'redact --pseudonyms', 'people, phones, accounts under names that stand for them'),
  feature('P09', 'bundle create', 'facts, commands, log windows, redaction report, signed; verify proves it unaltered'),
  feature('P17', 'check --retry-for', 'delay, loss and interface counters looked at again until they are good'),
  feature('P22', 'run', 'an experiment for each suspected cause whose outcome was not its evidence; the score says what it changed'),
  feature('P24', 'run --dry-run', 'the fixes that fit with commands, saved state, way back and signal; nothing is changed'),
  feature('P25', 'run', 'after a fix the steps of its signal run again, then the entry is watched for the time of validate.soak'),
  feature('P26', 'run', 'a validation that fails goes back to the evidence, keeps the history, and tries validate.max times'),
  feature('P27', 'run', 'what a leading cause explains supports no other; what remains is ranked again, so several causes stand at once'),
  feature('H02', 'run', 'the record opens with the first command: an append-only journal that nobody can change unseen'),
  feature('H08', 'report --format html', 'logs of gateway, application and database on one timeline'),
  feature('H17', 'reconcile', 'orders against statements of all channels: what is missing, what is twice, the value at risk'),
  feature('H18', 'reconcile', 'per order the repair with its evidence and its own number; nothing is sent'),
  feature('H22', 'report --format md', 'failed payments and their value, with what is known and what is not'),
  feature(
    'H32',
    'decode --dialect --framing',
    'framing, TPDU, MTI, bitmap, encoding and MAC of a message, with the offset of what is wrong',
  ),
  feature('H33', 'bundle verify', 'digests of every item; the first that differs is named and nothing is guessed'),
  feature('H43', 'reconcile --check-repairs', 'a repair that was altered or that two people did not approve is refused'),
  feature('V04', 'check --format prometheus', 'every check as a metric with its threshold, for whatever watches'),
  template(
    'H05',
    'report --template postmortem',
    'an action with owner and date for the root of each cause, each fix that failed and each blind spot',
  ),
  template(
    'H07',
    'report --template postmortem',
    'the record as a postmortem: impact, timeline, five whys, factors, what detection missed',
  ),
  template(
    'H19',
    'report --template compensation',
    'what is owed and what is policy, computed apart, from counts that are given; never invented',
  ),
  template(
    'H20',
    'report --template postmortem',
    'five whys with the first one answered from the evidence, actions by kind, agenda marked for its owner',
  ),
  template(
    'H24',
    'report --template regulator-report',
    'clock and counts against the limits of China, the EU and Singapore, each with its source',
  ),
  template('H25', 'report --template handover', 'what stands still since when, which measures are on, who waits for what'),
  template(
    'H31',
    'report --template provider-ticket',
    'one message to a support desk: evidence, what is excluded here, ids to look up, one question',
  ),
  template('H39', 'report --template bank-limit-request', 'which limit refuses, how often, for how much; what is asked for and why'),
  template('H44', 'report --template customer-mail', 'the answer to a customer who paid and sees "unpaid", or paid twice'),
  template(
    'P21',
    'report --template provider-ticket',
    'the same for whoever runs the network: path, since when, what answers and what does not',
  ),
  feature('V07', 'drill', 'incidents to practise on, scored against an expert, with trends'),
  feature('V16', 'drill --list', 'recorded incidents to practise on, each with the score of your last try: what was drilled, and how well'),
  feature('V16', 'run --sandbox', 'the same with a stack of its own in which one part really breaks, and the fixes really run'),
];

function feature(row: string, command: string, does: string): Feature {
  return { row, kind: 'feature', command, does };
}

/** A letter filled from the session. */
function template(row: string, command: string, does: string): Feature {
  return { row, kind: 'template', command, does };
}
