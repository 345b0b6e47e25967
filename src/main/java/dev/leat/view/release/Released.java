package dev.leat.view.release;

/**
 * What a release has come to, in numbers of events.
 *
 * @param events that wait no longer: they are applied, or dead letters
 * @param expired those of them that have waited as long as the pipeline says, though the right side hadn't come as far
 */
public record Released(int events, int expired) {

    static final Released NOTHING = new Released(0, 0);

    Released plus(Released other) {
        return new Released(events + other.events, expired + other.expired);
    }
}
