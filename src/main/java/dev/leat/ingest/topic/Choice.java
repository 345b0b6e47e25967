package dev.leat.ingest.topic;

import java.util.Locale;

/** How lanes go on whose topic was made anew, or whose log has lost what they need. */
public enum Choice {
    /** What is in the log comes after all that was applied. */
    CONTINUE,
    /** The views begin anew with what is in the log. */
    REBUILD;

    /** As it is written in the API. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** With which events of the log. */
    public enum From {
        BEGINNING,
        END
    }
}
