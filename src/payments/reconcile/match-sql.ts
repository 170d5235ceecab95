/** The SQL that compares the two tables. It runs as it stands wherever there is a DuckDB, and with few changes in a warehouse. Pure. */

import type { Window } from './result.ts';

/** A rounding of its own on each side. */
const FEE_TOLERANCE = 1;

export interface Step {
  readonly title: string;
  readonly sql: string;
}

/** In order; the last one makes the table `differences`. */
export function matchSteps(): readonly Step[] {
  return [
    { title: 'Orders whose rows on the two sides are not one and the same: few, and all that follows looks at these alone', sql: SUSPECTS },
    {
      title: 'Which times each side covers; two sides that begin and end apart by the same time cut their days differently',
      sql: COVERAGE,
    },
    { title: 'The rows of those orders; a statement without the order number is found by the transaction id of the provider', sql: ROWS },
    { title: 'What each side says of an order, both in one row', sql: pairs() },
    { title: 'The differences', sql: DIFFERENCES },
  ];
}

/** The same rows of both sides meet in one group: two rows, one of each side, that agree. */
const SUSPECTS = `CREATE TABLE suspects AS
SELECT order_no FROM (
  SELECT 1 AS here, order_no, kind, state, minor, currency, fee FROM orders
  UNION ALL
  SELECT 0 AS here, order_no, kind, state, minor, currency, fee FROM statements
)
GROUP BY order_no
HAVING NOT (
  order_no <> '' AND bool_and(kind = 'payment') AND (
    (count(*) = 2 AND sum(here) = 1 AND min(state) = max(state) AND min(minor) = max(minor) AND min(currency) = max(currency)
      AND coalesce(count(fee) < 2 OR max(fee) - min(fee) <= ${FEE_TOLERANCE}, true))
    -- no money moved, and one side does not know the order
    OR (count(*) = 1 AND min(state) IN ('unpaid', 'pending'))
  )
)`;

const COVERAGE = `CREATE TABLE coverage AS
WITH ends AS (
  SELECT o.first AS o_first, o.last AS o_last, s.first AS s_first, s.last AS s_last
  FROM (SELECT min(moved_at) AS first, max(moved_at) AS last FROM orders WHERE kind = 'payment') o,
    (SELECT min(moved_at) AS first, max(moved_at) AS last FROM statements WHERE kind = 'payment') s
), shifts AS (
  SELECT *, epoch(o_first) - epoch(s_first) AS at_first, epoch(o_last) - epoch(s_last) AS at_last FROM ends
)
SELECT *,
  -- seconds; both ends are shifted, in one direction, about equally, by part of a day
  coalesce(abs(at_first) BETWEEN 1800 AND 50400 AND abs(at_last) BETWEEN 1800 AND 50400 AND sign(at_first) = sign(at_last)
    AND abs(at_first - at_last) <= 1800
    AND epoch(o_last) - epoch(o_first) >= 64800 AND epoch(s_last) - epoch(s_first) >= 64800, false) AS cut_differs
FROM shifts`;

/**
 * Of orders that differ the provider's transaction id decides to which a movement belongs, and the order number where the id is none of ours or
 * stands under several numbers.
 */
const ROWS = `CREATE TABLE strays AS
SELECT DISTINCT provider_ref FROM statements SEMI JOIN suspects USING (order_no)
WHERE provider_ref <> '' AND (order_no = '' OR order_no NOT IN (SELECT order_no FROM orders SEMI JOIN suspects USING (order_no)));
CREATE TABLE concerned AS
SELECT order_no FROM suspects
UNION
SELECT order_no FROM orders SEMI JOIN strays USING (provider_ref);
CREATE TABLE here_rows AS
WITH keyed AS (
  SELECT CASE WHEN order_no = '' THEN 'ref:' || provider_ref ELSE order_no END AS key, *
  FROM orders SEMI JOIN concerned USING (order_no)
)
SELECT *, row_number() OVER (PARTITION BY key, provider_ref, kind, state, minor, currency, moved_at ORDER BY file) AS copy
FROM keyed;
CREATE TABLE there_rows AS
WITH movement AS (
  SELECT * FROM statements SEMI JOIN concerned USING (order_no)
), ours AS (
  SELECT provider_ref, min(key) AS owner FROM here_rows WHERE provider_ref <> '' GROUP BY provider_ref HAVING count(DISTINCT key) = 1
), shared AS (
  SELECT provider_ref FROM movement WHERE provider_ref <> '' AND order_no <> '' GROUP BY provider_ref HAVING count(DISTINCT order_no) > 1
), keyed AS (
  SELECT CASE
      WHEN o.owner IS NOT NULL
        AND (m.order_no = '' OR m.order_no NOT IN (SELECT key FROM here_rows) OR m.provider_ref NOT IN (SELECT provider_ref FROM shared)) THEN o.owner
      WHEN m.order_no = '' THEN 'ref:' || m.provider_ref
      ELSE m.order_no
    END AS key, m.*
  FROM movement m LEFT JOIN ours o ON m.provider_ref = o.provider_ref
)
SELECT *, row_number() OVER (
  PARTITION BY key, provider_ref, kind, state,
    -- one transaction id is one payment; refunds may bear the id of the payment
    CASE WHEN kind = 'payment' AND provider_ref <> '' THEN NULL ELSE minor END,
    CASE WHEN kind = 'payment' AND provider_ref <> '' THEN NULL ELSE moved_at END
  ORDER BY file, moved_at, minor) AS copy
FROM keyed`;

function pairs(): string {
  return `CREATE TABLE pairs AS
WITH here AS (${sums('here')}
), there AS (${sums('there')}
)
SELECT key, coalesce(nullif(t.ref, ''), h.ref, '') AS ref, coalesce(t.currency, h.currency) AS currency, coalesce(t.moved_at, h.moved_at) AS moved_at,
  h.key IS NOT NULL AS is_here, t.key IS NOT NULL AS is_there,
  coalesce(h.listed, 0) AS h_listed, coalesce(t.listed, 0) AS t_listed, coalesce(h.paid_n, 0) AS h_paid_n, coalesce(t.paid_n, 0) AS t_paid_n,
  coalesce(h.paid, 0) AS h_paid, coalesce(t.paid, 0) AS t_paid, t.first_paid AS t_first, coalesce(t.in_files, false) AS t_in_files,
  coalesce(h.refunds, 0) AS h_refunds, coalesce(t.refunds, 0) AS t_refunds,
  coalesce(h.refunded, 0) AS h_refunded, coalesce(t.refunded, 0) AS t_refunded,
  coalesce(h.reversals, 0) AS h_reversals, coalesce(t.reversals, 0) AS t_reversals, coalesce(t.reversed, 0) AS t_reversed,
  coalesce(h.reversing, 0) AS h_reversing, coalesce(t.reversing, 0) AS t_reversing,
  h.currency AS h_currency, t.currency AS t_currency, h.asked AS h_asked,
  CASE WHEN h.fee IS NULL THEN h.fee_rows ELSE h.fee + coalesce(h.fee_rows, 0) END AS h_fee,
  CASE WHEN t.fee IS NULL THEN t.fee_rows ELSE t.fee + coalesce(t.fee_rows, 0) END AS t_fee,
  coalesce(t.disputes, 0) AS disputes, coalesce(t.disputed, 0) AS disputed, h.moved_at AS h_at, t.moved_at AS t_at,
  -- charges beyond what the order is worth, after what was taken back
  CASE
    -- paid in full through two channels, and both were booked
    WHEN t.in_files AND NOT t.of_amounts AND NOT h.of_amounts AND h.paid = t.paid AND h.asked = t.first_paid AND h.paid_n = t.paid_n
      AND t.reversed = 0 AND t.refunded = 0 THEN t.paid_n - 1
    WHEN coalesce(t.paid_n, 0) > 1 AND t.paid - t.reversed > coalesce(nullif(h.paid, 0), h.asked, t.first_paid)
    AND NOT (t.refunded - coalesce(h.refunded, 0) = t.paid - t.reversed - coalesce(nullif(h.paid, 0), h.asked, t.first_paid))
    THEN greatest(t.paid_n - t.reversals - greatest(coalesce(h.paid_n, 0), 1), 0)
    ELSE 0 END AS extra,
  -- a second charge that was given back already concerns nobody
  coalesce(t.paid_n > 1 AND t.refunded - coalesce(h.refunded, 0) > 0
    AND t.refunded - coalesce(h.refunded, 0) = t.paid - t.reversed - coalesce(nullif(h.paid, 0), h.asked, t.first_paid), false) AS is_given_back
FROM here h FULL JOIN there t USING (key)`;
}

function sums(side: 'here' | 'there'): string {
  return `
WITH one AS (
  -- a payment that is listed as open and later as paid is paid
  SELECT * FROM ${side}_rows
  WHERE copy = 1
  QUALIFY kind <> 'payment' OR provider_ref = '' OR row_number() OVER (
    PARTITION BY key, kind, provider_ref ORDER BY CASE state WHEN 'refunded' THEN 0 WHEN 'paid' THEN 1 WHEN 'unpaid' THEN 2 ELSE 3 END) = 1
), marked AS (
  SELECT *, state IN ('paid', 'refunded') AS moved FROM one
)
SELECT key,
  count_if(kind = 'payment') AS listed,
  count_if(kind = 'payment' AND moved) AS paid_n,
  coalesce(${sum('minor', "kind = 'payment' AND moved")}, 0) AS paid,
  max(minor) FILTER (kind = 'payment') AS asked,
  arg_min(minor, moved_at) FILTER (kind = 'payment' AND moved) AS first_paid,
  coalesce(arg_min(provider_ref, moved_at) FILTER (kind = 'payment' AND moved), max(provider_ref) FILTER (kind = 'payment'), max(provider_ref)) AS ref,
  coalesce(min(currency) FILTER (kind = 'payment'), min(currency)) AS currency,
  coalesce(min(moved_at) FILTER (kind = 'payment'), min(moved_at)) AS moved_at,
  -- in several files, of several amounts
  coalesce(min(file) FILTER (kind = 'payment' AND moved) < max(file) FILTER (kind = 'payment' AND moved), false) AS in_files,
  coalesce(min(minor) FILTER (kind = 'payment' AND moved) < max(minor) FILTER (kind = 'payment' AND moved), false) AS of_amounts,
  CASE WHEN count_if(kind = 'refund' AND moved) = 0 THEN count_if(kind = 'payment' AND state = 'refunded')
    ELSE count_if(kind = 'refund' AND moved) END AS refunds,
  CASE WHEN count_if(kind = 'refund' AND moved) = 0 THEN coalesce(${sum('minor', "kind = 'payment' AND state = 'refunded'")}, 0)
    ELSE ${sum('minor', "kind = 'refund' AND moved")} END AS refunded,
  count_if(kind = 'reversal' AND moved) AS reversals,
  coalesce(${sum('minor', "kind = 'reversal' AND moved")}, 0) AS reversed,
  coalesce(${sum('minor', "kind = 'reversal' AND state <> 'unpaid' AND NOT moved")}, 0) AS reversing,
  ${sum('fee', "kind = 'payment' AND moved")} AS fee,
  ${sum('minor', "kind = 'fee'")} AS fee_rows,
  coalesce(${sum('minor', "kind = 'dispute'")}, 0) AS disputed,
  count_if(kind = 'dispute') AS disputes
FROM marked GROUP BY key`;
}

/** Of 64 bits, as what is summed: those of 128 slow down all that follows. */
function sum(column: 'minor' | 'fee', condition: string): string {
  return `CAST(sum(${column}) FILTER (${condition}) AS BIGINT)`;
}

/** One row a difference. `cut_differs` turns what only one side covers into `cross_day`. */
const DIFFERENCES = `CREATE TABLE differences AS
WITH found AS (
  SELECT 'paid_not_recorded' AS class, CASE WHEN h_refunds > 0 THEN 'refunded-here' ELSE 'paid-there' END AS reason,
    key, ref, currency, t_paid - t_reversed - t_refunded AS minor, moved_at
  FROM pairs
  WHERE h_listed > 0 AND h_paid_n = 0 AND h_reversals = 0 AND h_reversing = 0 AND t_paid_n > 0 AND t_paid - t_reversed - t_refunded > 0
  UNION ALL
  SELECT CASE WHEN cut_differs AND (h_at < s_first OR h_at > s_last) THEN 'cross_day' ELSE 'missing_at_provider' END, 'not-listed',
    key, ref, currency, h_paid, moved_at
  FROM pairs, coverage WHERE h_paid_n > 0 AND NOT is_there
  UNION ALL
  SELECT CASE WHEN cut_differs AND (t_at < o_first OR t_at > o_last) THEN 'cross_day' ELSE 'missing_here' END, 'no-order',
    key, ref, currency, coalesce(t_first, t_paid), moved_at
  FROM pairs, coverage WHERE t_paid_n > 0 AND NOT is_here AND t_paid - t_reversed > 0
  UNION ALL
  SELECT 'duplicate_charge', CASE WHEN p.t_in_files THEN 'across-channels' ELSE 'charged-again' END, p.key, c.provider_ref, c.currency, c.minor, c.moved_at
  FROM pairs p JOIN (
    SELECT *, row_number() OVER (PARTITION BY key ORDER BY moved_at DESC, provider_ref DESC) AS latest
    FROM there_rows WHERE copy = 1 AND kind = 'payment' AND state IN ('paid', 'refunded')
  ) c ON p.key = c.key AND c.latest <= p.extra
  UNION ALL
  SELECT 'amount_mismatch', 'amount', key, ref, currency, abs(h_paid - CASE WHEN extra > 0 THEN t_first ELSE t_paid END), moved_at
  FROM pairs
  WHERE h_paid_n > 0 AND t_paid_n > 0 AND h_currency = t_currency AND t_reversals = 0 AND NOT is_given_back
    AND h_paid <> CASE WHEN extra > 0 THEN t_first ELSE t_paid END
    AND NOT (extra > 0 AND h_paid_n > 1)
  UNION ALL
  SELECT 'currency_mismatch', h_currency || ' here, ' || t_currency || ' there', key, ref, currency, t_paid, moved_at
  FROM pairs WHERE h_paid_n > 0 AND t_paid_n > 0 AND h_currency <> t_currency
  UNION ALL
  SELECT 'status_mismatch', 'not-paid-there', key, ref, currency, h_paid, moved_at
  FROM pairs WHERE h_paid_n > 0 AND t_listed > 0 AND t_paid_n = 0 AND t_reversals = 0
  UNION ALL
  SELECT 'refund_mismatch',
    CASE WHEN t_paid > 0 AND t_refunded > t_paid THEN 'refund-exceeds-payment'
      WHEN t_refunds = 0 THEN 'refund-only-here' WHEN h_refunds = 0 THEN 'refund-only-there'
      WHEN t_refunds > h_refunds THEN 'refunded-again-there' WHEN t_refunds < h_refunds THEN 'refunded-again-here' ELSE 'refund-amount' END,
    key, ref, currency, CASE WHEN t_refunded = h_refunded THEN t_refunded - t_paid ELSE abs(t_refunded - h_refunded) END, moved_at
  FROM pairs
  WHERE ((t_refunded <> h_refunded AND (is_here AND is_there OR h_listed + t_listed = 0) AND NOT (h_listed > 0 AND h_paid_n = 0 AND h_refunds = 0))
      OR (t_paid > 0 AND t_refunded > t_paid))
    AND NOT is_given_back
  UNION ALL
  SELECT 'reversal_open',
    CASE WHEN h_reversing + t_reversing > 0 THEN 'unanswered' WHEN t_reversals > 0 THEN 'counted-here' ELSE 'charged-there' END,
    key, ref, currency, greatest(t_reversed, t_paid, h_reversing, t_reversing, h_paid), moved_at
  FROM pairs
  WHERE (h_reversing > 0 AND t_reversals = 0) OR (t_reversing > 0 AND h_reversals = 0) OR (h_reversing > 0 AND t_reversing > 0)
    OR (t_reversals > 0 AND h_reversals = 0 AND h_paid > 0 AND t_paid - t_reversed < h_paid)
    OR (h_reversals > 0 AND t_reversals = 0 AND t_reversing = 0 AND t_paid - t_refunded > 0)
  UNION ALL
  SELECT 'fee_mismatch', 'fee', key, ref, currency, abs(h_fee - t_fee), moved_at
  FROM pairs
  WHERE h_fee IS NOT NULL AND t_fee IS NOT NULL AND h_paid_n > 0 AND t_paid_n > 0 AND h_currency = t_currency AND extra = 0 AND NOT is_given_back
    AND abs(h_fee - t_fee) > ${FEE_TOLERANCE} * greatest(t_paid_n, 1)
  UNION ALL
  SELECT 'dispute', 'disputed', key, ref, currency, disputed, moved_at FROM pairs WHERE disputes > 0
  UNION ALL
  SELECT 'duplicate_row', 'statement', key, provider_ref, currency, minor, moved_at FROM there_rows WHERE copy > 1
  UNION ALL
  SELECT 'duplicate_row', 'orders', key, provider_ref, currency, minor, moved_at FROM here_rows WHERE copy > 1
)
SELECT class, reason, CASE WHEN starts_with(key, 'ref:') THEN '' ELSE key END AS order_no, coalesce(ref, '') AS provider_ref,
  currency, minor, strftime(moved_at, '%Y-%m-%dT%H:%M:%SZ') AS moved_at,
  -- the statement that may hold it is not out yet
  coalesce(moved_at >= (SELECT s_last - INTERVAL 1 DAY FROM coverage), false) AS near_end
FROM found`;

const ROWS_A_TEXT = 2000;

/** Each row a `DifferenceRow`, thousands of them as one text of JSON: it is handed over many times as fast as cells one by one. */
export const RESULT_SQL = `SELECT '[' || string_agg(line, ',' ORDER BY place) || ']' AS lines
FROM (
  SELECT row_number() OVER (${orderBy()}) AS place,
    CAST(to_json([class, reason, order_no, provider_ref, currency, CAST(minor AS VARCHAR), moved_at, CAST(near_end AS VARCHAR)]) AS VARCHAR) AS line
  FROM differences
)
GROUP BY place // ${ROWS_A_TEXT} ORDER BY place // ${ROWS_A_TEXT}`;

/** What moved within a window, and what says no time. */
export function reportSql({ fromMs, toMs }: Window): string {
  const bounds = [
    ...(fromMs === undefined ? [] : [`moved_at >= '${showSecond(Math.ceil(fromMs / 1000))}'`]),
    ...(toMs === undefined ? [] : [`moved_at <= '${showSecond(Math.floor(toMs / 1000))}'`]),
  ];
  const where = bounds.length === 0 ? '' : `WHERE moved_at IS NULL OR (${bounds.join(' AND ')}) `;
  return `SELECT * FROM differences ${where}${orderBy()}`;
}

/** Of one class, what two channels were paid for comes first. */
function orderBy(): string {
  return `ORDER BY class, reason <> 'across-channels', order_no, provider_ref, minor`;
}

/** As `differences` has its times. */
function showSecond(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** How far apart the clocks of the two sides are for the same orders, in minutes; a zone that was taken for another shows here. */
export const SKEW_SQL = `SELECT round(median(epoch(s.moved_at) - epoch(o.moved_at)) / 60) AS minutes, count(*) AS pairs
FROM (SELECT order_no, moved_at FROM orders WHERE kind = 'payment' AND moved_at IS NOT NULL LIMIT 5000) o
JOIN statements s ON s.order_no = o.order_no AND s.kind = 'payment' AND s.moved_at IS NOT NULL`;

/** Of fees that differ by no more than rounding: how many orders, and what they come to together. */
export const FEE_DRIFT_SQL = `SELECT currency, count(*) AS orders, sum(t_fee - h_fee) AS minor
FROM pairs
WHERE h_paid_n > 0 AND t_paid_n > 0 AND h_currency = t_currency AND h_fee <> t_fee AND abs(h_fee - t_fee) <= ${FEE_TOLERANCE} * greatest(t_paid_n, 1)
GROUP BY currency ORDER BY currency`;
