/**
 * What all HTTP faces share: problem details and the bounds of an answer.
 *
 * <p>Guarantee: a question that can't be answered gets a problem detail (RFC 9457) that says what would be right. A
 * problem of one kind looks the same on every face, and none has values of rows or secrets in it.
 *
 * <p>May import: pipeline.
 *
 * <p>The next thing that every face needs (access, rate limits) goes here. A problem of one face alone stays with it.
 */
package dev.leat.http;
