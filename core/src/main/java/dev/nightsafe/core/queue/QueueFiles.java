package dev.nightsafe.core.queue;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Position;
import dev.nightsafe.core.yaml.Yaml;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Gathers the queues and the faults of one file or several. */
final class QueueFiles {
    static final int MAX_QUEUES = 1_000;

    private final Faults faults = new Faults();
    private final List<QueueDefinition> queues = new ArrayList<>();
    private final Map<String, Entry> seen = new HashMap<>();

    void read(String file, String text) {
        add(file, () -> Yaml.read(file, text, faults));
    }

    void readOne(String name, String body) {
        Position at = Position.startOf(name);
        Optional<YamlNode> node = Yaml.read(name, body, faults);
        if (node.isPresent()) {
            add(new Entry(at, name, node.get()));
        } else if (faults.isEmpty()) {
            faults.add(at, "queue " + Faults.quoted(name) + ": there is nothing; write priority and deployment");
        }
    }

    void readPath(Path path) {
        if (Files.isDirectory(path)) {
            List<Path> files = list(path);
            if (files.isEmpty() && faults.isEmpty()) {
                faults.add(Position.startOf(path.toString()), "this folder has no *.yaml and no *.yml");
            }
            files.forEach(this::readFile);
        } else {
            readFile(path);
        }
    }

    /** All queues in the order of the files. Throws {@code INVALID_QUEUE} with each fault, one a line. */
    List<QueueDefinition> queues() {
        if (!faults.isEmpty()) {
            throw new NightsafeException(ProblemCode.INVALID_QUEUE, faults.text());
        }
        return List.copyOf(queues);
    }

    private List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .filter(file -> !Files.isDirectory(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            faults.add(Position.startOf(folder.toString()), "this folder can't be read; check its permissions");
            return List.of();
        }
    }

    private void readFile(Path file) {
        add(file.toString(), () -> Yaml.readFile(file, faults));
    }

    private void add(String file, Supplier<Optional<YamlNode>> reading) {
        int before = faults.count();
        Optional<YamlNode> document = reading.get();
        if (document.isPresent()) {
            Fields.of(document.get().at(), "", "", document.get(), QueueFields.FILE, faults)
                    .ifPresent(fields -> queues(file, fields));
        } else if (faults.count() == before) {
            faults.add(
                    Position.startOf(file), "the file is empty; write queues: {<name>: {priority: 1, deployment: …}}");
        }
    }

    private void queues(String file, Fields fields) {
        Optional<Entry> found = fields.find("queues");
        if (found.isEmpty()) {
            faults.add(Position.startOf(file), "queues is required; write queues: and under it each queue's name");
        } else if (!(found.get().value() instanceof YamlNode.Mapping names)
                || names.entries().isEmpty()) {
            fields.wrong(found.get().value(), "queues", " must have each queue's name, and its fields under that");
        } else if (names.entries().size() > MAX_QUEUES) {
            fields.wrong(names, "queues", " has more than " + MAX_QUEUES + " queues; use several files");
        } else {
            names.entries().forEach(this::add);
        }
    }

    private void add(Entry entry) {
        Entry earlier = seen.putIfAbsent(Names.folded(entry.name()), entry);
        if (earlier != null) {
            String same =
                    earlier.name().equals(entry.name()) ? " is also at " : " differs only in case from the one at ";
            faults.add(
                    entry.at(),
                    "queue " + Faults.quoted(entry.name()) + same + earlier.at() + "; keep one or rename it");
        }
        QueueReader.read(entry, faults).ifPresent(queues::add);
    }
}
