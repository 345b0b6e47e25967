/**
 * The files of the lake in a folder: their names, folders by day, publishing and sweeping.
 *
 * <p>Guarantee: a complete file is on disk before it has its name. A crash leaves temporaries, which readers skip and the
 * next owner sweeps.
 *
 * <p>May import: lake.manifest, pipeline.
 *
 * <p>An object store goes here, beside the folder.
 */
package dev.leat.lake.store;
