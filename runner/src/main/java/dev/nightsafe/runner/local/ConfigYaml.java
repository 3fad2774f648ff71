package dev.nightsafe.runner.local;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Position;
import dev.nightsafe.core.yaml.Spelling;
import dev.nightsafe.core.yaml.Yaml;
import dev.nightsafe.core.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** One mapping of a settings file; each error names file, line and column, and what to write. */
final class ConfigYaml {
    private final YamlNode.Mapping mapping;

    private ConfigYaml(YamlNode.Mapping mapping, Set<String> known) {
        this.mapping = mapping;
        for (YamlNode.Entry entry : mapping.entries()) {
            if (!known.contains(entry.name())) {
                throw error(
                        entry.at(),
                        "unknown field " + Faults.quoted(entry.name()) + "; " + Spelling.hint(entry.name(), known));
            }
        }
    }

    /** Reads a file's text. Throws {@link ProblemCode#BAD_REQUEST}. */
    static ConfigYaml read(String file, String text, Set<String> known) {
        Faults faults = new Faults();
        Optional<YamlNode> root = Yaml.read(file, text, faults);
        if (!faults.isEmpty()) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, faults.text());
        }
        if (root.isPresent() && root.get() instanceof YamlNode.Mapping mapping) {
            return new ConfigYaml(mapping, known);
        }
        throw error(Position.startOf(file), "write 'name: value' lines");
    }

    Optional<String> text(String name) {
        return mapping.find(name).map(entry -> scalar(entry.value(), "one value for '" + name + "'"));
    }

    /** A number of at least 1. */
    Optional<Integer> count(String name) {
        return mapping.find(name).map(entry -> {
            if (entry.value() instanceof YamlNode.Scalar(Position _, String _, Long number)
                    && number >= 1
                    && number <= Integer.MAX_VALUE) {
                return number.intValue();
            }
            throw error(name, "must be a whole number, at least 1");
        });
    }

    Optional<List<String>> list(String name) {
        return mapping.find(name).map(entry -> {
            if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
                throw error(name, "must be a list, for example [one, two]");
            }
            List<String> items = new ArrayList<>();
            sequence.items().forEach(item -> items.add(scalar(item, "a list of texts for '" + name + "'")));
            return List.copyOf(items);
        });
    }

    /** The items of a list, each a word or fields; what {@code make} throws becomes an error at the item's place. */
    <T> List<T> items(String name, Set<String> known, Function<String, T> ofWord, Function<ConfigYaml, T> ofFields) {
        List<T> made = new ArrayList<>();
        mapping.find(name).ifPresent(entry -> {
            if (!(entry.value() instanceof YamlNode.Sequence sequence)) {
                throw error(name, "must be a list");
            }
            for (YamlNode item : sequence.items()) {
                try {
                    made.add(
                            item instanceof YamlNode.Mapping fields
                                    ? ofFields.apply(new ConfigYaml(fields, known))
                                    : ofWord.apply(scalar(item, "a name or fields in '" + name + "'")));
                } catch (IllegalArgumentException e) {
                    throw error(item.at(), "'" + name + "' " + e.getMessage());
                }
            }
        });
        return List.copyOf(made);
    }

    Optional<ConfigYaml> map(String name, Set<String> known) {
        return mapping.find(name).map(entry -> {
            if (entry.value() instanceof YamlNode.Mapping inner) {
                return new ConfigYaml(inner, known);
            }
            throw error(
                    name,
                    "has these fields: "
                            + String.join(", ", known.stream().sorted().toList()));
        });
    }

    /** An error at a field's place, or at the mapping's when it isn't there. */
    NightsafeException error(String name, String problem) {
        return error(mapping.find(name).map(YamlNode.Entry::at).orElse(mapping.at()), "'" + name + "' " + problem);
    }

    private static NightsafeException error(Position at, String problem) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, at + ": " + problem);
    }

    private static String scalar(YamlNode node, String expected) {
        if (node instanceof YamlNode.Scalar scalar && !scalar.text().isEmpty()) {
            return scalar.text();
        }
        throw error(node.at(), "expected " + expected);
    }
}
