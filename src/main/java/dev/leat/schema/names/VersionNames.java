package dev.leat.schema.names;

import dev.leat.schema.contract.ContractException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides a subject's versions in their order. A version that isn't fit is tried again after each later one that is, for that
 * may rename what is in its way; so what is decided doesn't depend on when somebody asks.
 */
public final class VersionNames {

    private final Consumer<ContractException> unfit;
    private FieldNames decided;

    // Of this walk, oldest first.
    private final List<List<Leaf>> left = new ArrayList<>();

    private VersionNames(FieldNames decided, Consumer<ContractException> unfit) {
        this.decided = decided;
        this.unfit = unfit;
    }

    /**
     * What was decided, with what is new, as far as it is fit.
     *
     * @param versions oldest first; those that are decided already among them
     * @param unfit is told of each that isn't, and why
     */
    public static FieldNames decided(FieldNames before, List<List<Leaf>> versions, Consumer<ContractException> unfit) {
        VersionNames names = new VersionNames(before, unfit);
        names.walk(versions);
        return names.decided;
    }

    private void walk(List<List<Leaf>> versions) {
        int newest = newestDecided(versions);
        for (int i = 0; i < versions.size(); i++) {
            List<Leaf> version = versions.get(i);
            if (decided.decision(version) == null) {
                boolean late = i < newest;
                if (attempt(late ? decided : before(versions.subList(0, i)), version, late)) {
                    attemptOlder();
                } else {
                    left.add(version);
                }
            }
        }
    }

    /** The last one that was decided for itself, and not because an older one has the same fields; -1 for none. */
    private int newestDecided(List<List<Leaf>> versions) {
        Set<FieldNames.Decision> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        int newest = -1;
        for (int i = 0; i < versions.size(); i++) {
            FieldNames.Decision decision = decided.decision(versions.get(i));
            if (decision != null && seen.add(decision)) {
                newest = i;
            }
        }
        return newest;
    }

    /** What is decided, for the version after these. */
    private FieldNames before(List<List<Leaf>> versions) {
        int fit = versions.size() - 1;
        while (fit >= 0 && !isFit(versions.get(fit))) {
            fit--;
        }
        FieldNames names = fit < 0 ? decided : decided.after(decided.decision(versions.get(fit)));
        for (List<Leaf> unfitOne : versions.subList(fit + 1, versions.size())) {
            names = names.afterUnfit(unfitOne);
        }
        return names;
    }

    private boolean isFit(List<Leaf> version) {
        FieldNames.Decision decision = decided.decision(version);
        return decision != null && !decision.late();
    }

    private void attemptOlder() {
        int i = 0;
        while (i < left.size()) {
            if (attempt(decided, left.get(i), true)) {
                left.remove(i);
                i = 0;
            } else {
                i++;
            }
        }
    }

    private boolean attempt(FieldNames names, List<Leaf> version, boolean late) {
        try {
            decided = names.with(version, late);
            return true;
        } catch (ContractException why) {
            unfit.accept(why);
            return false;
        }
    }
}
