package dev.leat.endtoend;

import dev.leat.endtoend.ChaosSteps.Sent;
import dev.leat.endtoend.ChaosSteps.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What there must be in the end, from what Kafka has acknowledged and in that order. Shares no code with the product. */
final class ChaosOracle {

    /**
     * @param seqs the numbers of the account's steps, {@code 0|1|2}: what is lost, there twice or out of order shows
     * @param last the newest of them
     */
    record Account(String seqs, long count, long sum, Step last) {}

    private final List<Sent> sent;

    ChaosOracle(List<Sent> sent) {
        this.sent = sent;
    }

    Map<String, Account> accounts() {
        Map<String, List<Step>> steps = new TreeMap<>();
        for (Step step : counted()) {
            steps.computeIfAbsent(step.account(), account -> new ArrayList<>()).add(step);
        }
        Map<String, Account> accounts = new TreeMap<>();
        steps.forEach((account, ofAccount) -> accounts.put(account, account(ofAccount)));
        return accounts;
    }

    private static Account account(List<Step> steps) {
        List<String> seqs = new ArrayList<>();
        long sum = 0;
        Step last = steps.getFirst();
        for (Step step : steps) {
            seqs.add(Long.toString(step.seq()));
            sum += step.amount();
            if (step.at() > last.at()) {
                last = step;
            }
        }
        return new Account(String.join("|", seqs), steps.size(), sum, last);
    }

    /** An event that was sent again counts once, where it was first. */
    private List<Step> counted() {
        Set<String> ids = new HashSet<>();
        return sent.stream()
                .filter(one -> !one.isBroken())
                .map(Sent::step)
                .filter(step -> ids.add(step.eventId()))
                .toList();
    }

    long repeats() {
        return sent.size() - broken().size() - counted().size();
    }

    List<Sent> broken() {
        return sent.stream().filter(Sent::isBroken).toList();
    }
}
