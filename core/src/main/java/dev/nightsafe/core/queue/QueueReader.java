package dev.nightsafe.core.queue;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.queue.QueueDefinition.Limits;
import dev.nightsafe.core.queue.QueueDefinition.SubQueue;
import dev.nightsafe.core.yaml.Faults;
import dev.nightsafe.core.yaml.Position;
import dev.nightsafe.core.yaml.YamlNode;
import dev.nightsafe.core.yaml.YamlNode.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one queue: what stands under its name. */
final class QueueReader {
    private static final int MAX_PRIORITY = 1_000_000;
    private static final int MAX_SUB_QUEUES = 100;
    private static final int MAX_RETRY = 1_000;

    private final String name;
    private final Position at;
    private final Faults faults;

    private QueueReader(String name, Position at, Faults faults) {
        this.name = name;
        this.at = at;
        this.faults = faults;
    }

    /** The queue, or empty with its faults added. */
    static Optional<QueueDefinition> read(Entry queue, Faults faults) {
        int before = faults.count();
        Optional<QueueDefinition> definition = new QueueReader(queue.name(), queue.at(), faults).read(queue.value());
        return faults.count() == before ? definition : Optional.empty();
    }

    private Optional<QueueDefinition> read(YamlNode body) {
        if (name.contains(".")) {
            faults.add(at, "queue name " + Faults.quoted(name) + " cannot contain '.'; use '-' or '_'");
        } else if (!Names.isName(name)) {
            faults.add(
                    at,
                    "queue name " + Faults.quoted(name) + " must be 1 to 64 ASCII letters, digits, '_' and"
                            + " '-', a letter or digit first");
        }
        return Fields.of(at, "queue " + Faults.quoted(name) + ": ", "", body, QueueFields.QUEUE, faults)
                .flatMap(fields -> queue(fields, body));
    }

    private Optional<QueueDefinition> queue(Fields fields, YamlNode body) {
        List<SubQueue> subQueues = subQueues(fields);
        List<QueueDefinition.Field> input = TaskFieldReader.read(fields, "input");
        List<QueueDefinition.Field> output = TaskFieldReader.read(fields, "output");
        List<QueueDefinition.Schedule> schedules = ScheduleReader.read(fields);
        if (fields.find("deployment").isEmpty()) {
            fields.missing("deployment", "write deployment: {git_url: …, startup_cmd: …}");
        }
        return fields.find("deployment")
                .flatMap(entry -> Fields.of(
                        entry.at(), fields.owner(), "deployment.", entry.value(), QueueFields.DEPLOYMENT, faults))
                .filter(_ -> body instanceof YamlNode.Mapping)
                .map(deployment -> new QueueDefinition(
                        name,
                        subQueues,
                        DeploymentReader.read(deployment),
                        limits(deployment),
                        input,
                        output,
                        schedules,
                        definition(body)));
    }

    private List<SubQueue> subQueues(Fields fields) {
        boolean priority = fields.find("priority").isPresent();
        boolean listed = fields.find("sub_queues").isPresent();
        if (priority && listed) {
            faults.add(at, fields.owner() + "priority and sub_queues exclude each other; remove one");
        } else if (priority) {
            return List.of(new SubQueue("default", (int) fields.whole("priority", 1, MAX_PRIORITY, 1)));
        } else if (!listed || isEmptyList(fields)) {
            faults.add(at, fields.owner() + "either priority or sub_queues is required; write for example priority: 1");
        }
        return listed(fields);
    }

    private static boolean isEmptyList(Fields fields) {
        return fields.find("sub_queues")
                .filter(entry -> entry.value() instanceof YamlNode.Sequence list
                        && list.items().isEmpty())
                .isPresent();
    }

    private List<SubQueue> listed(Fields fields) {
        List<SubQueue> subQueues = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<YamlNode> items = fields.items("sub_queues", MAX_SUB_QUEUES, "sub_queues: [{name: high, priority: 6}]");
        for (int i = 0; i < items.size(); i++) {
            int at = i;
            YamlNode item = items.get(i);
            Fields.of(item.at(), fields.owner(), "sub_queues[" + i + "].", item, QueueFields.SUB_QUEUE, faults)
                    .flatMap(QueueReader::subQueue)
                    .ifPresent(subQueue -> {
                        if (!names.add(Names.folded(subQueue.name()))) {
                            fields.wrong(item, "sub_queues[" + at + "].name", " is used before; rename one");
                        }
                        subQueues.add(subQueue);
                    });
        }
        return subQueues;
    }

    private static Optional<SubQueue> subQueue(Fields fields) {
        Optional<String> name = fields.required(
                "name", text -> Names.requireName("sub-queue", text), "write the sub-queue's name, for example high");
        if (fields.find("priority").isEmpty()) {
            fields.missing("priority", "write its weight, for example 6");
        }
        int priority = (int) fields.whole("priority", 1, MAX_PRIORITY, 1);
        return name.map(text -> new SubQueue(text, priority));
    }

    private Limits limits(Fields deployment) {
        return deployment
                .find("limits")
                .flatMap(entry -> Fields.of(
                        entry.at(),
                        deployment.owner(),
                        "deployment.limits.",
                        entry.value(),
                        QueueFields.LIMITS,
                        faults))
                .map(limits -> new Limits(
                        (int) limits.whole("max_retry", 0, MAX_RETRY, Limits.DEFAULT.maxRetry()),
                        limits.seconds("ttl_completed", Limits.DEFAULT.ttlCompletedSecs()),
                        limits.seconds("ttl_archived", Limits.DEFAULT.ttlArchivedSecs()),
                        limits.seconds("pending_timeout", Limits.DEFAULT.pendingTimeoutSecs()),
                        limits.seconds("active_timeout", Limits.DEFAULT.activeTimeoutSecs())))
                .orElse(Limits.DEFAULT);
    }

    private static Map<String, Object> definition(YamlNode body) {
        return body instanceof YamlNode.Mapping mapping ? mapping.plain() : Map.of();
    }
}
