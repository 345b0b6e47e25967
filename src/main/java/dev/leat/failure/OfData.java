package dev.leat.failure;

/** A failure that says something of data, whatever its cause is: a fold may fail at the bytes of a field as I/O does. */
public interface OfData {}
