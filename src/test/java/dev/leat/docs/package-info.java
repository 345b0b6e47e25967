/**
 * Tests of the pages: README, {@code docs/}, CONTRIBUTING and CHANGELOG.
 *
 * <p>Guarantee: every block of code is run or parsed, every link leads somewhere, and keys, metrics, endpoints and classes
 * that a page names exist; every key, metric and endpoint that exists is on a page. CONTRIBUTING.md says how a block is
 * marked.
 *
 * <p>Add a check of all pages to {@link dev.leat.docs.PagesTest}, of what they name to {@link dev.leat.docs.NamesTest}, of
 * blocks to {@link dev.leat.docs.BlocksTest}, and what needs a running application to {@link dev.leat.docs.RunningPagesTest}.
 */
package dev.leat.docs;
