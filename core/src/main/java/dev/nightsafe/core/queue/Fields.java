package dev.nightsafe.core.queue;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Position;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import dev.nightsafe.core.yaml.YamlNode.Mapping;
import dev.nightsafe.core.yaml.YamlNode.Scalar;
import dev.nightsafe.core.yaml.YamlNode.Sequence;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The fields of one part of a queue file, asked for by name and type. What is missing or of another type becomes a fault,
 * and the answer is then a stand-in, so that reading goes on to find the other faults.
 */
final class Fields {
    private final Position at;
    private final String owner;
    private final String path;
    private final Mapping mapping;
    private final Faults faults;

    private Fields(Position at, String owner, String path, Mapping mapping, Faults faults) {
        this.at = at;
        this.owner = owner;
        this.path = path;
        this.mapping = mapping;
        this.faults = faults;
    }

    /**
     * The fields in {@code node}, or empty (with a fault) when it has none.
     *
     * @param at where this part's name stands: the place of what is missing
     * @param owner how each fault begins, for example {@code "queue 'x': "}
     * @param path how a field's name begins, for example {@code "deployment."}, {@code ""} at the top
     */
    static Optional<Fields> of(
            Position at, String owner, String path, YamlNode node, List<String> known, Faults faults) {
        if (!(node instanceof Mapping mapping)) {
            String part = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + " ";
            faults.add(node.at(), owner + part + "must have fields, for example '" + known.getFirst() + ": …'");
            return Optional.empty();
        }
        Fields fields = new Fields(at, owner, path, mapping, faults);
        mapping.entries().stream()
                .filter(entry -> !known.contains(entry.name()))
                .forEach(entry -> fields.unknown(entry, known));
        return Optional.of(fields);
    }

    private void unknown(Entry entry, List<String> known) {
        String part = path.isEmpty() ? "" : path.substring(0, path.length() - 1) + ": ";
        faults.add(
                entry.at(),
                owner + part + "unknown field " + Faults.quoted(entry.name()) + "; "
                        + QueueFields.hint(path, entry.name(), known));
    }

    String owner() {
        return owner;
    }

    String path() {
        return path;
    }

    Faults faults() {
        return faults;
    }

    Optional<Entry> find(String name) {
        return mapping.find(name);
    }

    /** A fault of this part as a whole: something that isn't there. */
    void missing(String name, String hint) {
        faults.add(at, owner + path + name + " is required; " + hint);
    }

    void wrong(YamlNode node, String name, String what) {
        faults.add(node.at(), owner + path + name + what);
    }

    Optional<String> text(String name) {
        return find(name).flatMap(entry -> text(entry.value(), name));
    }

    Optional<String> text(YamlNode node, String name) {
        if (node instanceof Scalar scalar && scalar.plain() instanceof String text) {
            return Optional.of(text);
        }
        String hint = node instanceof Scalar value && value.plain() != null ? "; put it in quotes" : "";
        wrong(node, name, " must be text, not " + node.kind() + hint);
        return Optional.empty();
    }

    /** What {@code check} makes of a text; what {@code check} throws becomes a fault, and the answer is empty. */
    <T> Optional<T> checked(YamlNode node, String name, Function<String, T> check) {
        return text(node, name).flatMap(text -> {
            try {
                return Optional.of(check.apply(text));
            } catch (NightsafeException e) {
                wrong(node, name, ": " + e.getMessage());
                return Optional.empty();
            }
        });
    }

    <T> Optional<T> checked(String name, Function<String, T> check) {
        return find(name).flatMap(entry -> checked(entry.value(), name, check));
    }

    /** As {@link #checked}, for a field that must be there; {@code hint} says what to write. */
    <T> Optional<T> required(String name, Function<String, T> check, String hint) {
        if (find(name).isEmpty()) {
            missing(name, hint);
        }
        return checked(name, check);
    }

    long whole(String name, long least, long most, long fallback) {
        return find(name).map(entry -> whole(entry.value(), name, least, most)).orElse(fallback);
    }

    private long whole(YamlNode node, String name, long least, long most) {
        if (node instanceof Scalar scalar
                && scalar.plain() instanceof Long number
                && number >= least
                && number <= most) {
            return number;
        }
        wrong(node, name, " must be a whole number from " + least + " to " + most);
        return least;
    }

    boolean flag(String name) {
        return find(name).map(entry -> flag(entry.value(), name)).orElse(false);
    }

    private boolean flag(YamlNode node, String name) {
        if (node instanceof Scalar scalar && scalar.plain() instanceof Boolean flag) {
            return flag;
        }
        wrong(node, name, " must be true or false, without quotes");
        return false;
    }

    /** Seconds, from a whole number or a text such as {@code 24h}. */
    long seconds(String name, long fallback) {
        return find(name).map(entry -> seconds(entry.value(), name)).orElse(fallback);
    }

    private long seconds(YamlNode node, String name) {
        Object plain = node instanceof Scalar scalar ? scalar.plain() : null;
        Optional<Long> seconds =
                plain instanceof Long number ? Durations.inRange(number) : Durations.seconds(String.valueOf(plain));
        if (seconds.isEmpty()) {
            wrong(node, name, " must be seconds or a time such as 90s, 30m, 24h, 7d or 1h30m, at most ten years");
        }
        return seconds.orElse(0L);
    }

    /** The list under {@code name}, empty when there is none. */
    List<YamlNode> items(String name, int most, String example) {
        Optional<Entry> found = find(name);
        if (found.isEmpty()) {
            return List.of();
        }
        YamlNode node = found.get().value();
        if (!(node instanceof Sequence list)) {
            wrong(node, name, " must be a list, not " + node.kind() + "; write " + example);
            return List.of();
        }
        if (list.items().size() > most) {
            wrong(node, name, " has more than " + most + " items");
            return List.of();
        }
        return list.items();
    }
}
