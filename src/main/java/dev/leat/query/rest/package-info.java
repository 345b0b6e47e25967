/**
 * Views over REST: what there is, rows by filters, one row by its key.
 *
 * <p>Guarantee: whatever can't be answered is answered with a problem detail (RFC 9457) that names what exists.
 *
 * <p>May import: query and what it may import, http.
 *
 * <p>The next parameter of a query string goes into {@code RestQuery}.
 */
package dev.leat.query.rest;
