package dev.leat.benchmark;

/** A system that can be given tasks. */
interface Contender {

    String name();

    boolean does(Task task);

    /** Makes whatever must be there before it is started, and says where to look for the rows. */
    Sink prepare(Run run, Postgres postgres);

    /** Returns at once; the time counts from here. */
    Started start(Run run);
}
