/**
 * The label join: from three event logs to samples.
 *
 * <p>A sample is an impression, labelled by what followed it. {@link
 * io.tagloom.features.samples.SampleJob} makes the samples of a date, {@link
 * io.tagloom.features.samples.SampleStore} reads them, {@link
 * io.tagloom.features.samples.JoinHealth} says what was found.
 *
 * <h2>Shape of the plan</h2>
 *
 * <pre>
 *  impressions ── ids, times ──┐ shuffle by impression_id
 *  clicks ── without copies ───┤   (by click_id for the copies)
 *  conversions ── without copies ── TOUCHES ──→ CONVERSIONS ──→ LABELS ──┐ shuffle by impression_id
 *  impressions ── all columns ── shuffle by impression_id ── without copies ── SAMPLES, by day
 * </pre>
 *
 * <ol>
 *   <li><b>Survey</b>, one pass over the key columns of each log, no shuffle but of counts: rows by
 *       day and outcome, busy keys by a hash to buckets. Bad input ends the run here. What the logs
 *       do not use (events without ids, limits, sampling) leaves no trace in the plans that follow.
 *   <li><b>Touches</b>: the earliest time of each impression id is an aggregate over a long, begun
 *       before the shuffle and without a sort; events meet it by a sort-merge join, and the count
 *       of each day's distinct impressions reads the same shuffle once more. In such joins the side
 *       of few rows is the one whose key is renamed: Spark shuffles again what has another name.
 *       Events without ids are put between the impressions of their user and item and take the last
 *       one seen ({@code AsOf}): linear, where a join on the pair would be quadratic in a hot pair.
 *   <li><b>Conversions</b> and <b>labels</b> work on rows that are as few as the events.
 *   <li><b>Samples</b>: the one shuffle of whole impressions, by id. Finding copies, the join with
 *       labels and the write all use its partitions and its order. The day is a date up to the
 *       write: a text would be made for every row, and its first eight letters, by which rows are
 *       sorted fast, are the same all month.
 * </ol>
 *
 * <p>Memory is bounded: every grouping of rows is a sort or a window that spills, or an aggregate
 * of fixed width; nothing is collected but counts by day. The number of tasks follows the number of
 * rows. Busy keys (one user, item or null-like id with a large share of the rows) are divided:
 * copies first within each input split, joins by dealing out the events of the key, as-of searches
 * by the hour, limits by rank within a share. Dividing changes no result.
 *
 * <h2>What is decided where the rules leave room</h2>
 *
 * <ul>
 *   <li>The most telling key that an event has decides, whether it leads anywhere or not: a click
 *       with an unknown impression id is an orphan even if user and item would fit.
 *   <li>By user and item a click belongs to the last impression up to the skew allowance after it.
 *   <li>A conversion belongs to clicks that count; of an impression with several, to the last one
 *       before it. Of several conversions the first gives time, type and value.
 *   <li>{@code elapsed_ms} runs from the click, or from the impression without one, to the end of
 *       the conversion window at most, so that it settles. A sample without a click is mature when
 *       a last possible click's window is over.
 *   <li>Copies are looked for as far back as {@code samples.look-back-days}.
 * </ul>
 */
package io.tagloom.features.samples;
