package dev.nightsafe.cli.demo;

import dev.nightsafe.cli.machine.Installation;
import dev.nightsafe.cli.machine.Machine;
import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Programs;
import dev.nightsafe.cli.vault.ValueInput;
import dev.nightsafe.core.secret.SecretBytes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe demo}. */
@Command(
        name = "demo",
        header = "See a secret's whole way, on this machine, in a folder of its own.",
        description = """
            %nStarts keeper, console and runner in ~/.nightsafe/demo ($NIGHTSAFE_HOME/demo), deposits a random secret, \
            runs a Python task that uses it, and shows what each side can see of it. Can be repeated.""",
        footer = """
            %nExamples:
              nightsafe demo
              nightsafe demo --ask
              nightsafe demo --exit""")
public final class DemoCommand extends CliCommand implements Callable<Integer> {
    @ArgGroup(exclusive = true)
    private Source source = new Source();

    @Option(names = "--exit", description = "Stop everything at the end.")
    private boolean exit;

    static final class Source {
        @Option(names = "--ask", description = "Ask for the secret, without echo, instead of making a random one.")
        private boolean ask;

        @Option(names = "--value-stdin", description = "Take the secret from standard input.")
        private boolean stdin;
    }

    @Override
    public Integer call() {
        requireTools();
        Installation installation = Installation.of(terminal().environment());
        DemoHome home = DemoHome.of(terminal().environment());
        Story story = new Story(output());
        try (SecretBytes secret = secret();
                Machine machine = new Machine(home.path(), installation, environment())) {
            story.headline("Nightsafe demo; everything is kept in " + home.path());
            home.create();
            if (!machine.isAnyRunning()) {
                home.choosePorts();
            }
            Demo.Outcome outcome = new Demo(story, terminal(), home, machine, installation).play(secret);
            finish(story, home, machine);
            if (output().isJson()) {
                output().json(outcome);
            }
            boolean well = outcome.signatureRight() && outcome.foundIn() == 0;
            return well ? ExitCode.OK.code() : ExitCode.FAILED.code();
        }
    }

    private void finish(Story story, DemoHome home, Machine machine) {
        if (exit) {
            machine.stopAll();
            story.headline("\nEverything is stopped; nightsafe demo starts it again.");
            return;
        }
        machine.keep();
        story.headline("\nGo on, with everything still up:");
        story.say("""
            export NIGHTSAFE_HOME=%s
            nightsafe status
            nightsafe vault show api-keys
            nightsafe task submit summarize --wait -p '{"text": "One thing. Another thing.", "sentences": 1}'
            nightsafe runner logs summarize
            nightsafe down""".formatted(home.path()));
    }

    private SecretBytes secret() {
        if (source.ask) {
            return ValueInput.prompt(terminal(), "Value of " + Demo.KEY + " (not shown): ");
        }
        return source.stdin ? ValueInput.stream(terminal().in()) : DemoSecret.random();
    }

    /** The demo has settings of its own: those for other parts of this machine don't reach it. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(terminal().environment());
        environment
                .keySet()
                .removeIf(name -> name.matches("NIGHTSAFE_(CONSOLE|KEEPER|RUNNER)_.*|NIGHTSAFE_MASTER_KEY"));
        return environment;
    }

    private void requireTools() {
        for (String tool : new String[] {"git", "python3"}) {
            if (Programs.find(tool, terminal().environment()).isEmpty()) {
                throw CliException.failed(
                        "the demo needs " + tool, "install git and Python 3.11 or newer, then try again");
            }
        }
    }
}
