/**
 * Which files count, who may add some, and up to which offset: the manifest in Postgres.
 *
 * <p>Guarantee: manifest rows and checkpoint move in one transaction, and only by the owner of the newest epoch.
 *
 * <p>May import: postgres, pipeline, retry.
 *
 * <p>Another table format is another {@code Manifest}.
 */
package dev.leat.lake.manifest;
