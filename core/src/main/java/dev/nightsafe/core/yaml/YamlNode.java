package dev.nightsafe.core.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A part of a YAML or JSON document, and where it stands. Immutable; names in a mapping are unique. */
public sealed interface YamlNode {

    Position at();

    /** This part as String, Long, Double, Boolean, null, List and Map with String keys: what JSON can say. */
    @Nullable
    Object plain();

    /** What this is, for an error: {@code text}, {@code a list}, … */
    String kind();

    /**
     * A single value.
     *
     * @param text as the file spells it, without quotes
     * @param plain what it means: String, Long, Double, Boolean or null
     */
    record Scalar(Position at, String text, @Nullable Object plain) implements YamlNode {
        @Override
        public String kind() {
            return switch (plain) {
                case null -> "empty";
                case Boolean _ -> "true or false";
                case Number _ -> "a number";
                default -> "text";
            };
        }

        /** Without the text, which may be a secret in the wrong place. */
        @Override
        public String toString() {
            return kind() + " at " + at;
        }
    }

    /** A list. */
    record Sequence(Position at, List<YamlNode> items) implements YamlNode {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        @SuppressWarnings("NullAway") // a list may hold JSON's null, which List.of can't
        public List<Object> plain() {
            List<Object> list = new ArrayList<>(items.size());
            items.forEach(item -> list.add(item.plain()));
            return Collections.unmodifiableList(list);
        }

        @Override
        public String kind() {
            return "a list";
        }
    }

    /** Named fields, in the file's order. */
    record Mapping(Position at, List<Entry> entries) implements YamlNode {
        public Mapping {
            entries = List.copyOf(entries);
        }

        public Optional<Entry> find(String name) {
            return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
        }

        @Override
        @SuppressWarnings("NullAway") // a map may hold JSON's null, which Map.of can't
        public Map<String, Object> plain() {
            Map<String, Object> map = new LinkedHashMap<>();
            entries.forEach(entry -> map.put(entry.name(), entry.value().plain()));
            return Collections.unmodifiableMap(map);
        }

        @Override
        public String kind() {
            return "fields";
        }
    }

    /**
     * One field of a mapping.
     *
     * @param at where its name stands
     */
    record Entry(Position at, String name, YamlNode value) {}
}
