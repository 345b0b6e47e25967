package dev.leat.pipeline.sql;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a SELECT is made of. Expressions are pieces of the text: what they mean is Postgres's to say. Each object is one place
 * of the query; a WITH that is read twice is two places.
 */
public sealed interface Query {

    /** SELECT … FROM …, with everything up to the next set operator. */
    final class Select implements Query {
        private final Optional<Distinct> distinct;
        private final List<Item> items;
        private final List<FromElement> from;
        private final Optional<Span> where;
        private final List<Span> conjuncts;
        private final List<Span> groups;
        private final Optional<Span> having;
        private final Optional<Span> windows;
        private final Tail tail;
        private final List<SubLink> links;
        private final List<Call> called;
        private final List<List<Span>> partitions;

        Select(
                Optional<Distinct> distinct,
                List<Item> items,
                List<FromElement> from,
                Optional<Span> where,
                List<Span> conjuncts,
                List<Span> groups,
                Optional<Span> having,
                Optional<Span> windows,
                Tail tail,
                List<SubLink> links,
                List<Call> called,
                List<List<Span>> partitions) {
            this.distinct = distinct;
            this.items = items;
            this.from = from;
            this.where = where;
            this.conjuncts = conjuncts;
            this.groups = groups;
            this.having = having;
            this.windows = windows;
            this.tail = tail;
            this.links = links;
            this.called = called;
            this.partitions = partitions;
        }

        public Optional<Distinct> distinct() {
            return distinct;
        }

        public List<Item> items() {
            return items;
        }

        public List<FromElement> from() {
            return from;
        }

        /** The condition, without the word. */
        public Optional<Span> where() {
            return where;
        }

        /** The conditions that AND joins in WHERE. */
        public List<Span> conjuncts() {
            return conjuncts;
        }

        /** What is grouped by, each by itself. */
        public List<Span> groups() {
            return groups;
        }

        /** The condition, without the word. */
        public Optional<Span> having() {
            return having;
        }

        /** {@code WINDOW w AS (…)}, with the word. */
        public Optional<Span> windows() {
            return windows;
        }

        public Tail tail() {
            return tail;
        }

        /** The queries within its expressions; not those of FROM. */
        public List<SubLink> links() {
            return links;
        }

        /** Names of functions in what is selected and in HAVING, without window functions. */
        public Set<String> calls() {
            return called.stream().map(Call::name).collect(Collectors.toSet());
        }

        /** The same functions, each where it is called. */
        public List<Call> called() {
            return called;
        }

        /** What each window function is partitioned by. */
        public List<List<Span>> partitions() {
            return partitions;
        }

        /** The same, reading something else. */
        public Select from(List<FromElement> other) {
            return with(other, tail);
        }

        /** The same, without ORDER BY and LIMIT. */
        public Select withoutTail() {
            return with(from, Tail.NONE);
        }

        private Select with(List<FromElement> other, Tail end) {
            return new Select(
                    distinct, items, other, where, conjuncts, groups, having, windows, end, links, called, partitions);
        }
    }

    /** @param operator as {@code UNION ALL} */
    record SetOperation(String operator, Query left, Query right, Tail tail) implements Query {

        public boolean keepsAll() {
            return operator.equals("UNION ALL");
        }

        /** The same, without ORDER BY and LIMIT. */
        public SetOperation withoutTail() {
            return new SetOperation(operator, left, right, Tail.NONE);
        }
    }

    /** ORDER BY and LIMIT, with their words; OFFSET and FETCH count as LIMIT. */
    record Tail(Optional<Span> order, Optional<Span> limit, List<Order> orders) {
        static final Tail NONE = new Tail(Optional.empty(), Optional.empty(), List.of());
    }

    /** One of what ORDER BY names. */
    record Order(Span expression, Optional<Span> direction) {}

    /**
     * A call of a function that isn't a window function.
     *
     * @param place with FILTER and WITHIN GROUP
     * @param arguments without their parentheses; empty where there are none
     * @param filter the condition of FILTER
     */
    record Call(String name, Span place, Optional<Span> arguments, Optional<Span> filter, boolean isWithinGroup) {}

    /** @param on what DISTINCT ON names; empty for a DISTINCT of all */
    record Distinct(List<Span> on) {}

    /**
     * @param expression what is selected, without its name
     * @param name what it is called; empty where it is for Postgres to say
     */
    record Item(Span expression, Optional<String> name, Optional<Star> star) {}

    /** @param of an alias; empty for all of FROM */
    record Star(Optional<String> of) {}

    /** How what follows is joined with what stands before. */
    enum Join {
        FIRST(""),
        COMMA(", "),
        CROSS(" CROSS JOIN "),
        INNER(" JOIN "),
        LEFT(" LEFT JOIN "),
        RIGHT(" RIGHT JOIN "),
        FULL(" FULL JOIN ");

        private final String words;

        Join(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /**
     * @param alias by which the SELECT speaks of it
     * @param columns the alias's columns with their parentheses
     * @param condition ON or USING, with the word
     */
    record FromElement(
            Join join, boolean lateral, Source source, String alias, Optional<Span> columns, Optional<Span> condition) {

        public FromElement of(Source other) {
            return new FromElement(join, lateral, other, alias, columns, condition);
        }

        public FromElement joined(Join otherwise) {
            return new FromElement(otherwise, lateral, source, alias, columns, condition);
        }
    }

    /** What FROM reads. */
    sealed interface Source {}

    /** A stream or a view, in one place. */
    final class Table implements Source {
        private final String name;
        private final Span place;

        public Table(String name, Span place) {
            this.name = name;
            this.place = place;
        }

        public String name() {
            return name;
        }

        public Span place() {
            return place;
        }
    }

    /** @param place with its parentheses */
    record SubQuery(Query query, Span place) implements Source {}

    /** @param call as it is written */
    record Function(Span call) implements Source {}

    /**
     * A query within an expression.
     *
     * @param place with its parentheses
     * @param tested what stands before IN, if that is simple
     * @param isNegated whether NOT stands before that IN
     */
    record SubLink(Query query, Span place, Optional<Span> tested, boolean isNegated) {}
}
