/**
 * What the native image has in place of Parquet's ways into Hadoop. The image is linked as a whole, so that a branch that
 * never runs would pull in all of Hadoop; here it throws, or says that there is nothing. Not loaded on a JVM.
 *
 * <p>Guarantee: none of it is reached when files are written with {@code dev.leat.lake.parquet.Codecs} and without Hadoop's
 * configuration; a mistake fails loudly.
 *
 * <p>May import: nothing of ours.
 */
package dev.leat.lake.nativeimage;
