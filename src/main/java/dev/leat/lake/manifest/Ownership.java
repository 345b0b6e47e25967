package dev.leat.lake.manifest;

import dev.leat.pipeline.Stream;

/**
 * The right to write the lake of one stream and partition, until another takes it.
 *
 * @param epoch rises with each new owner; writes of an older one are fenced
 * @param nextOffset the checkpoint when the right was taken
 */
public record Ownership(Stream stream, int partition, long epoch, long nextOffset) {}
