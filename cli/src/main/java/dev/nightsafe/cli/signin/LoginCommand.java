package dev.nightsafe.cli.signin;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ConsoleClient;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Profile;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.core.keys.KeyFile;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nightsafe login}. */
@Command(name = "login", header = "Sign in to a console and pin its keeper's root.", description = """
            %nNot needed on the machine of 'nightsafe up'. The root's fingerprint comes from whoever runs the keeper; \
            from then on values are sealed only to locks that this root certified. Address, root and token are kept in \
            $NIGHTSAFE_HOME/cli, readable by you only.""", footer = """
            %nExamples:
              nightsafe login --server https://console.example.com --root sha256:3f2a...
              nightsafe login --server https://console.example.com --root sha256:3f2a... --token-stdin < token
            %nWithout a login, for scripts: NIGHTSAFE_SERVER, NIGHTSAFE_TOKEN, NIGHTSAFE_ROOT, NIGHTSAFE_WORKSPACE.""")
public final class LoginCommand extends CliCommand implements Runnable {
    static final String TOKEN_FILE = "cli/login.token";

    @Option(names = "--root", paramLabel = "FINGERPRINT", description = "sha256:... of the keeper's root.")
    private @Nullable String root;

    @Option(names = "--token-stdin", description = "Read the token from standard input instead of asking.")
    private boolean tokenStdin;

    @Override
    public void run() {
        Session session = session();
        String given = root == null ? null : Session.fingerprint(root);
        String token = token();
        try (ConsoleClient console = new ConsoleClient(session.server(), session.workspace(), token)) {
            ConsoleApi.WhoAmI whoami = console.whoami();
            String pinned = new RootPin(session.terminal())
                    .decide(given, console.status().rootFingerprint());
            Path file = session.home().resolve(TOKEN_FILE);
            KeyFile.folder(session.home());
            KeyFile.folder(session.home().resolve("cli"));
            KeyFile.write(file, (token + "\n").getBytes(StandardCharsets.UTF_8));
            Profile profile =
                    new Profile(session.server().toString(), pinned, workspace(console, whoami), file.toString());
            profile.write(session.home());
            output().show(
                            whoami,
                            me -> output().done("signed in to " + profile.server() + " as " + me.name() + ", workspace "
                                    + (profile.workspace() == null ? "default" : profile.workspace())));
        }
    }

    private @Nullable String workspace(ConsoleClient console, ConsoleApi.WhoAmI whoami) {
        if (session().givenWorkspace().isPresent() || whoami.workspace() != null) {
            return session().givenWorkspace().orElse(whoami.workspace());
        }
        List<ConsoleApi.Workspace> workspaces = console.workspaces();
        return workspaces.size() == 1 ? workspaces.getFirst().name() : null;
    }

    private String token() {
        if (tokenStdin) {
            try {
                byte[] bytes = terminal().in().readNBytes(4096);
                return Session.wellFormed(new String(bytes, StandardCharsets.UTF_8).strip(), "standard input");
            } catch (IOException e) {
                throw new CliException(ExitCode.FAILED, "can't read standard input", null, e);
            }
        }
        if (!terminal().keyboard().isPresent()) {
            throw CliException.usage("there is no terminal to ask for the token", "give it with --token-stdin");
        }
        char[] typed = terminal().keyboard().readHidden("API token (not shown): ");
        String token = typed == null ? "" : new String(typed).strip();
        if (typed != null) {
            Arrays.fill(typed, '\0');
        }
        return Session.wellFormed(token, "your answer");
    }
}
