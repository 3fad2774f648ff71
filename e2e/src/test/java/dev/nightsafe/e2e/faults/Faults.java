package dev.nightsafe.e2e.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** {@code e2e/faults}: runs the fault test for as long as one likes, or checks a history again. That script explains the options. */
public final class Faults {
    private Faults() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length == 3 && arguments[0].equals("--check")) {
            List<String> violations =
                    Checker.violations(History.read(List.of(Path.of(arguments[1]), Path.of(arguments[2]))));
            violations.forEach(System.out::println);
            System.exit(violations.isEmpty() ? 0 : 1);
        }
        Map<String, String> options = options(arguments);
        long seed = Long.parseLong(options.getOrDefault("--seed", Long.toString(System.nanoTime() >>> 10)));
        boolean good = true;
        for (EngineUnderTest engine : EngineUnderTest.values()) {
            String wanted = options.getOrDefault("--engine", "both");
            if (wanted.equals("both") || wanted.equalsIgnoreCase(engine.name())) {
                good &= tried(seed, engine, options);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static Map<String, String> options(String[] arguments) {
        Map<String, String> options = new TreeMap<>();
        List<String> known = List.of("--minutes", "--hours", "--steps", "--seed", "--engine");
        for (int i = 0; i < arguments.length; i += 2) {
            if (!known.contains(arguments[i]) || i + 1 == arguments.length) {
                System.err.println("unknown or without a value: " + arguments[i] + "; see e2e/faults --help");
                System.exit(2);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
        return options;
    }

    private static boolean tried(long seed, EngineUnderTest engine, Map<String, String> options)
            throws IOException, InterruptedException {
        System.out.printf("seed %d on %s%n", seed, engine);
        try (FaultRun run = new FaultRun(seed, engine)) {
            FaultRun.Report report = run.run(goesOn(options));
            System.out.print(text(seed, engine, report));
            return report.violations().isEmpty();
        }
    }

    private static BooleanSupplier goesOn(Map<String, String> options) {
        if (options.containsKey("--steps")) {
            return steps(Integer.parseInt(options.getOrDefault("--steps", "1")));
        }
        Duration length = options.containsKey("--hours")
                ? Duration.ofHours(Long.parseLong(options.getOrDefault("--hours", "1")))
                : Duration.ofMinutes(Long.parseLong(options.getOrDefault("--minutes", "5")));
        long until = System.nanoTime() + length.toNanos();
        return () -> System.nanoTime() < until;
    }

    /** So many steps. */
    static BooleanSupplier steps(int count) {
        int[] left = {count};
        return () -> left[0]-- > 0;
    }

    /** What there was, and how to have it again. */
    static String text(long seed, EngineUnderTest engine, FaultRun.Report report) {
        StringBuilder text = new StringBuilder();
        text.append("%d events, %d steps, %d violations%n"
                .formatted(
                        report.events(),
                        report.steps().size(),
                        report.violations().size()));
        if (!report.violations().isEmpty()) {
            report.violations()
                    .forEach(violation -> text.append("  ").append(violation).append('\n'));
            text.append("the faults were:\n");
            report.steps().forEach(step -> text.append("  ").append(step).append('\n'));
            text.append("the history is in ")
                    .append(report.history())
                    .append(", the logs beside it; the same faults again: e2e/faults")
                    .append(" --seed ")
                    .append(seed)
                    .append(" --steps ")
                    .append(report.steps().size())
                    .append(" --engine ")
                    .append(engine.name().toLowerCase(java.util.Locale.ROOT))
                    .append('\n');
        }
        return text.toString();
    }
}
