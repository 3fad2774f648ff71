package dev.nightsafe.cli.machine;

import dev.nightsafe.cli.platform.CliCommand;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** {@code nightsafe down}. */
@Command(
        name = "down",
        header = "Stop what 'up' or 'demo' started.",
        description = """
            %nThe runner first, so that it finishes and puts back what it has, then console and keeper. What doesn't end \
            within 15 seconds is killed; nothing acknowledged is lost by that.""",
        footer = "%nExample:%n  nightsafe down")
public final class DownCommand extends CliCommand implements Runnable {
    static final List<Part> ORDER = List.of(Part.RUNNER, Part.CONSOLE, Part.KEEPER);
    static final Duration PATIENCE = Duration.ofSeconds(15);

    @Override
    public void run() {
        Stopper stopper = new Stopper(new RunFolder(session().home()), PATIENCE);
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (Part part : ORDER) {
            Stopper.Outcome outcome = stopper.stop(part);
            outcomes.put(part.id(), outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
            if (outcome != Stopper.Outcome.NOT_RUNNING && !output().isJson()) {
                output().done(part.id() + " " + outcomes.get(part.id()));
                terminal().out().flush();
            }
        }
        output().show(outcomes, all -> {
            if (all.values().stream().allMatch("not running"::equals)) {
                output().done("nothing was running in " + session().home());
            }
        });
    }
}
