package dev.nightsafe.runner.local;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One mapping of a settings file; each error names file and line. */
final class ConfigYaml {
    private final String file;
    private final Map<String, Node> values = new LinkedHashMap<>();

    private ConfigYaml(String file, MappingNode node, Set<String> known) {
        this.file = file;
        for (NodeTuple tuple : node.getValue()) {
            String name = scalar(tuple.getKeyNode(), "a name");
            if (!known.contains(name)) {
                throw error(
                        tuple.getKeyNode(),
                        "unknown field '" + name + "'; known are " + String.join(", ", new TreeSet<>(known)));
            }
            if (values.put(name, tuple.getValueNode()) != null) {
                throw error(tuple.getKeyNode(), "'" + name + "' stands here twice");
            }
        }
    }

    /** Reads a file's text. Throws {@link ProblemCode#BAD_REQUEST}. */
    static ConfigYaml read(String file, String text, Set<String> known) {
        try {
            Optional<Node> root = new Compose(LoadSettings.builder()
                            .setLabel(file)
                            .setCodePointLimit(1 << 20)
                            .build())
                    .composeString(text);
            if (root.isPresent() && root.get() instanceof MappingNode map) {
                return new ConfigYaml(file, map, known);
            }
            throw new NightsafeException(ProblemCode.BAD_REQUEST, file + " must hold 'name: value' lines");
        } catch (MarkedYamlEngineException e) {
            String where = e.getProblemMark()
                    .map(mark -> " line " + (mark.getLine() + 1))
                    .orElse("");
            throw new NightsafeException(ProblemCode.BAD_REQUEST, file + where + ": " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new NightsafeException(ProblemCode.BAD_REQUEST, file + " is not YAML that can be read");
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).map(node -> scalar(node, "one value for '" + name + "'"));
    }

    /** A number of at least 1. */
    Optional<Integer> count(String name) {
        return text(name).map(text -> {
            try {
                int number = Integer.parseInt(text);
                if (number >= 1) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Said below.
            }
            throw error(name, "must be a whole number, at least 1");
        });
    }

    Optional<List<String>> list(String name) {
        Node node = values.get(name);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw error(name, "must be a list, for example [one, two]");
        }
        List<String> items = new ArrayList<>();
        sequence.getValue().forEach(item -> items.add(scalar(item, "a list of texts for '" + name + "'")));
        return Optional.of(List.copyOf(items));
    }

    Optional<ConfigYaml> map(String name, Set<String> known) {
        return Optional.ofNullable(values.get(name)).map(node -> {
            if (node instanceof MappingNode map) {
                return new ConfigYaml(file, map, known);
            }
            throw error(name, "must hold " + String.join(", ", new TreeSet<>(known)));
        });
    }

    /** An error at a field's line. */
    NightsafeException error(String name, String problem) {
        Node node = values.get(name);
        return node == null
                ? new NightsafeException(ProblemCode.BAD_REQUEST, file + ": '" + name + "' " + problem)
                : error(node, "'" + name + "' " + problem);
    }

    private NightsafeException error(Node node, String problem) {
        String line =
                node.getStartMark().map(mark -> " line " + (mark.getLine() + 1)).orElse("");
        return new NightsafeException(ProblemCode.BAD_REQUEST, file + line + ": " + problem);
    }

    private String scalar(Node node, String expected) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isEmpty()) {
            return scalar.getValue();
        }
        throw error(node, "expected " + expected);
    }
}
