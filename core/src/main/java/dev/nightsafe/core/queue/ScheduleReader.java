package dev.nightsafe.core.queue;

import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.queue.QueueDefinition.Schedule;
import dev.nightsafe.core.yaml.YamlNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a queue's {@code schedule}. What a cron expression means is the console's to say. */
final class ScheduleReader {
    private static final int MAX_SCHEDULES = 100;
    private static final int LONGEST_CRON = 200;
    private static final int LONGEST_TYPE = 256;
    private static final ZoneId UTC = ZoneId.of("UTC");

    private ScheduleReader() {}

    static List<Schedule> read(Fields queue) {
        List<Schedule> schedules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<YamlNode> items = queue.items("schedule", MAX_SCHEDULES, "schedule: [{cron: '0 3 * * *'}]");
        for (int i = 0; i < items.size(); i++) {
            YamlNode item = items.get(i);
            String path = "schedule[" + i + "].";
            String number = String.valueOf(i + 1);
            Fields.of(item.at(), queue.owner(), path, item, QueueFields.SCHEDULE, queue.faults())
                    .map(fields -> schedule(fields, number))
                    .ifPresent(schedule -> {
                        if (!names.add(Names.folded(schedule.name()))) {
                            queue.wrong(
                                    item, path + "name", " is used before (without one it is the place in the list)");
                        }
                        schedules.add(schedule);
                    });
        }
        return schedules;
    }

    private static Schedule schedule(Fields fields, String number) {
        String cron = fields.required("cron", ScheduleReader::cron, "write for example cron: '0 3 * * *'")
                .orElse("");
        String name = fields.checked("name", text -> Names.requireName("schedule", text))
                .orElse(number);
        return new Schedule(
                name,
                cron,
                fields.checked("zone", ScheduleReader::zone).orElse(UTC),
                payload(fields),
                fields.checked("missed", ScheduleReader::missed).orElse(Schedule.Missed.SKIP),
                fields.checked("type", ScheduleReader::type).orElse(null),
                fields.checked("sub_queue", text -> Names.requireName("sub-queue", text))
                        .orElse(null));
    }

    private static Object payload(Fields fields) {
        return fields.find("payload")
                .flatMap(entry -> Optional.ofNullable(entry.value().plain()))
                .orElse(Map.of());
    }

    private static String cron(String text) {
        if (text.isBlank() || text.length() > LONGEST_CRON || !PlainText.isVisible(text)) {
            throw bad("write five fields: minute, hour, day of month, month, day of week");
        }
        return text;
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw bad("write a time zone, for example Europe/Berlin or UTC");
        }
    }

    private static Schedule.Missed missed(String text) {
        return switch (text) {
            case "skip" -> Schedule.Missed.SKIP;
            case "once" -> Schedule.Missed.ONCE;
            default -> throw bad("write skip or once");
        };
    }

    private static String type(String text) {
        if (text.isBlank() || text.length() > LONGEST_TYPE || !PlainText.isVisible(text)) {
            throw bad("write 1 to " + LONGEST_TYPE + " characters, each of them visible");
        }
        return text;
    }

    private static NightsafeException bad(String what) {
        return new NightsafeException(ProblemCode.INVALID_QUEUE, what);
    }
}
