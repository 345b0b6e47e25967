package dev.leat.benchmark;

/** What came of one round. */
record Result(String contender, Task task, DataSet data, Outcome outcome) {}
