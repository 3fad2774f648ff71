package dev.nightsafe.cli.platform;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every group of commands has. */
@Command
public abstract class CliCommand {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    protected CliCommand() {}

    /** Who we are and where: made once for a run of the program. */
    protected Session session() {
        return ((Root) spec.root().userObject()).session();
    }

    protected Output output() {
        return session().output();
    }

    protected Terminal terminal() {
        return session().terminal();
    }

    protected CommandSpec spec() {
        return spec;
    }

    /** The command at the top. */
    public interface Root {
        Session session();
    }
}
