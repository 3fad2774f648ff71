package dev.nightsafe.core.yaml;

import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Makes our nodes from the library's: aliases written out within budgets, merge keys applied, names unique. */
final class NodeReader {
    private static final int LONGEST_NAME = 128;

    private final String file;
    private final Faults faults;
    private int nodes;

    NodeReader(String file, Faults faults) {
        this.file = file;
        this.faults = faults;
    }

    YamlNode read(Node node) {
        return read(node, 1);
    }

    // An alias inside its own anchor is endless; both limits hold again here because aliases multiply what they name.
    private YamlNode read(Node node, int depth) {
        if (depth > Yaml.MAX_DEPTH + 1 || ++nodes > Yaml.MAX_NODES) {
            throw new StopReading(at(node), "its aliases unfold to too much; write out what is meant");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence ->
                new YamlNode.Sequence(
                        at(node),
                        sequence.getValue().stream()
                                .map(item -> read(item, depth + 1))
                                .toList());
            case MappingNode mapping -> mapping(mapping, depth);
            default -> throw new StopReading(at(node), "not a value, a list or fields");
        };
    }

    private YamlNode.Mapping mapping(MappingNode node, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : node.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
                faults.add(at(tuple.getKeyNode()), "a field's name must be text");
            } else if (name.isPlain() && name.getValue().equals("<<")) {
                merged.add(tuple.getValueNode());
            } else {
                add(entries, name, read(tuple.getValueNode(), depth + 1));
            }
        }
        merged.forEach(source -> merge(entries, read(source, depth)));
        return new YamlNode.Mapping(at(node), List.copyOf(entries.values()));
    }

    private void add(Map<String, Entry> entries, ScalarNode node, YamlNode value) {
        String name = node.getValue();
        if (name.length() > LONGEST_NAME || !isPrintable(name)) {
            faults.add(at(node), "a field's name has at most " + LONGEST_NAME + " visible characters");
            return;
        }
        Entry earlier = entries.putIfAbsent(name, new Entry(at(node), name, value));
        if (earlier != null) {
            faults.add(
                    at(node),
                    Faults.quoted(name) + " is here twice, first at line "
                            + earlier.at().line() + "; keep one");
        }
    }

    private void merge(Map<String, Entry> entries, YamlNode source) {
        switch (source) {
            case YamlNode.Mapping mapping ->
                mapping.entries().forEach(entry -> entries.putIfAbsent(entry.name(), entry));
            case YamlNode.Sequence sequence -> sequence.items().forEach(item -> merge(entries, item));
            case YamlNode.Scalar scalar -> faults.add(scalar.at(), "'<<' takes fields, for example an alias of some");
        }
    }

    private YamlNode.Scalar scalar(ScalarNode node) {
        String text = node.getValue();
        if (!isPrintable(text)) {
            faults.add(at(node), "the text has a control character or half of a surrogate pair; remove it");
        }
        return new YamlNode.Scalar(at(node), text, value(node, text));
    }

    private @Nullable Object value(ScalarNode node, String text) {
        Tag tag = node.getTag();
        try {
            if (tag.equals(Tag.NULL)) {
                return null;
            } else if (tag.equals(Tag.BOOL)) {
                return Boolean.valueOf(text);
            } else if (tag.equals(Tag.INT)) {
                return whole(text);
            } else if (tag.equals(Tag.FLOAT) && Double.isFinite(Double.parseDouble(text))) {
                return Double.valueOf(text);
            } else if (!tag.equals(Tag.FLOAT)) {
                return text;
            }
        } catch (NumberFormatException e) {
            // Too large for a long, or YAML's .inf and .nan: no number that JSON and every reader of it can carry.
        }
        faults.add(at(node), "a number out of range; put it in quotes if it is text");
        return 0L;
    }

    // U+0085 is a letter to JSON and a line's end to the parser: refused, so that a text means the same to both.
    private static boolean isPrintable(String text) {
        return StreamReader.isPrintable(text) && text.indexOf('\u0085') < 0;
    }

    private static long whole(String text) {
        if (text.startsWith("0x")) {
            return Long.parseLong(text.substring(2), 16);
        }
        return text.startsWith("0o") ? Long.parseLong(text.substring(2), 8) : Long.parseLong(text);
    }

    private Position at(Node node) {
        return Yaml.position(file, node.getStartMark());
    }
}
