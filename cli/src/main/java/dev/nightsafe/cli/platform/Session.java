package dev.nightsafe.cli.platform;

import dev.nightsafe.core.access.OpaqueToken;
import dev.nightsafe.core.config.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who we are and where commands go: options, then variables, then the profile. A profile's token and root belong to its
 * own server and are never used for another. Used by one thread.
 */
public final class Session implements AutoCloseable {
    /** Where commands work that name no workspace. */
    public static final String DEFAULT_WORKSPACE = "default";

    private final Terminal terminal;
    private final GlobalOptions options;
    private boolean profileRead;
    private @Nullable Profile profile;
    private @Nullable ConsoleClient console;

    public Session(Terminal terminal, GlobalOptions options) {
        this.terminal = terminal;
        this.options = options;
    }

    public Terminal terminal() {
        return terminal;
    }

    public Output output() {
        return new Output(terminal, options.output);
    }

    /** The data folder. */
    public Path home() {
        return Settings.home(terminal.environment());
    }

    public Optional<Profile> profile() {
        if (!profileRead) {
            profile = Profile.read(home()).orElse(null);
            profileRead = true;
        }
        return Optional.ofNullable(profile);
    }

    /** Address of the console, checked. */
    public URI server() {
        String given = firstOf(options.server, variable("NIGHTSAFE_SERVER"));
        String server = given != null ? given : profile().map(Profile::server).orElse("http://127.0.0.1:7600");
        return ServerAddress.parse(server);
    }

    public String workspace() {
        return givenWorkspace().or(() -> ownProfile().map(Profile::workspace)).orElse(DEFAULT_WORKSPACE);
    }

    /** The workspace that the command line or the environment names. */
    public Optional<String> givenWorkspace() {
        return Optional.ofNullable(firstOf(options.workspace, variable("NIGHTSAFE_WORKSPACE")));
    }

    /** The API token. Throws when there is none for this server. */
    public String token() {
        String given = variable("NIGHTSAFE_TOKEN");
        if (given != null) {
            return wellFormed(given, "NIGHTSAFE_TOKEN");
        }
        Optional<String> file = ownProfile().map(Profile::tokenFile);
        return file.flatMap(name -> Profile.readText(Path.of(name)))
                .map(token -> wellFormed(token, file.get()))
                .orElseThrow(() -> new CliException(
                        ExitCode.NOT_ALLOWED,
                        "not signed in to " + server(),
                        "run: nightsafe login --server " + server() + "   (or set NIGHTSAFE_TOKEN)"));
    }

    /** Fingerprint of the root that certifies locks. Throws when none is pinned for this server. */
    public String pinnedRoot() {
        return root().orElseThrow(() -> new CliException(
                ExitCode.NOT_ALLOWED,
                "no root is pinned for " + server() + ", so nothing can be sealed",
                "get the fingerprint from whoever runs the keeper, then: nightsafe login --server " + server()
                        + " --root sha256:..."));
    }

    /** Fingerprint of the root that is pinned for this server. */
    public Optional<String> root() {
        String given = variable("NIGHTSAFE_ROOT");
        return given != null ? Optional.of(fingerprint(given)) : ownProfile().map(Profile::root);
    }

    /** False when {@link #pinnedRoot} would throw. */
    public boolean isRootPinned() {
        return variable("NIGHTSAFE_ROOT") != null
                || ownProfile().map(Profile::root).isPresent();
    }

    /** The console, as the token that is signed in; made at the first call. */
    public ConsoleClient console() {
        if (console == null) {
            String token = token();
            console = new ConsoleClient(server(), workspace(), token);
        }
        return console;
    }

    @Override
    public void close() {
        if (console != null) {
            console.close();
        }
    }

    /** The profile, when it is this server's. */
    public Optional<Profile> ownProfile() {
        return profile().filter(own -> ServerAddress.parse(own.server()).equals(server()));
    }

    private @Nullable String variable(String name) {
        String value = terminal.environment().get(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable String firstOf(@Nullable String first, @Nullable String second) {
        return first != null ? first : second;
    }

    /** Checks that a text is an API token, so that a typo is told from a refusal. */
    public static String wellFormed(String token, String where) {
        if (!OpaqueToken.isWellFormed(OpaqueToken.API, token)) {
            throw CliException.usage(
                    "what stands in " + where + " is not an API token",
                    "a token starts with '" + OpaqueToken.API + "_'; copy all of it");
        }
        return token;
    }

    /** Checks that a text is a root's fingerprint. */
    public static String fingerprint(String text) {
        if (!text.matches("sha256:[0-9a-f]{64}")) {
            throw CliException.usage(
                    "not a root's fingerprint",
                    "it is 'sha256:' and 64 hex digits; the keeper shows it when it starts");
        }
        return text;
    }
}
