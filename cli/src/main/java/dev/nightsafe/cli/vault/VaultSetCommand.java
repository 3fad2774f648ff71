package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliCommand;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.core.address.Names;
import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code nightsafe vault set}. */
@Command(
        name = "set",
        header = "Put a value into a vault: a new key, or the next version of one.",
        description = """
            %nWithout --file, --value-stdin or VALUE the value is asked for, without echo. Its bytes are kept as they \
            are, up to 1 MiB. It is sealed here, to a lock that the pinned root certified. Workers get the new value \
            when they start the next time.""",
        footer = """
            %nExamples:
              nightsafe vault set api-keys OPENAI_API_KEY
              nightsafe vault set api-keys TLS_KEY --file key.pem
              pass show openai | nightsafe vault set api-keys OPENAI_API_KEY --value-stdin
              nightsafe vault set api-keys OPENAI_API_KEY --expires 2027-01-01 --rotate-every 90d
              nightsafe vault set api-keys LOG_LEVEL info --no-secret""")
public final class VaultSetCommand extends CliCommand implements Runnable {
    @Parameters(index = "0", paramLabel = "VAULT", description = "The vault's name.")
    private String vault = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The key, for example OPENAI_API_KEY.")
    private String key = "";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "VALUE",
            description = "The value. It stays in the shell's history; better not for secrets.")
    private @Nullable String argument;

    @ArgGroup(exclusive = true)
    private Source source = new Source();

    @Option(names = "--no-secret", description = "Plain configuration: anyone who may list the vault sees it.")
    private boolean plain;

    @Option(
            names = "--expires",
            paramLabel = "DATE",
            description = "From this day (0:00 UTC) or time on no worker is given it. Without it: never.")
    private @Nullable String expires;

    @Option(
            names = "--rotate-every",
            paramLabel = "DAYS",
            description = "Remind when it is older: 90d; 0d for not at all. Without it as before.")
    private @Nullable String rotateEvery;

    /** One of these, or VALUE, or the prompt. */
    static final class Source {
        @Option(names = "--file", paramLabel = "FILE", description = "Take all bytes of a file.")
        @Nullable
        Path file;

        @Option(names = "--value-stdin", description = "Take all bytes of standard input, a last line end included.")
        boolean stdin;
    }

    @Override
    public void run() {
        if (argument != null && (source.file != null || source.stdin)) {
            throw CliException.usage("VALUE and --file or --value-stdin exclude each other", "give one of them");
        }
        Names.requireKey(key);
        String until = TermsInput.expires(expires);
        Integer days = TermsInput.rotateEveryDays(rotateEvery);
        String root = session().pinnedRoot();
        try (SecretBytes value = value()) {
            Deposits deposits = new Deposits(session().console(), root, KnownVaults.of(session()));
            ConsoleApi.Deposited deposited = deposits.deposit(vault, key, value, !plain, until, days);
            if (!plain) {
                MaskingAdvice.warn(terminal(), key, value);
            }
            output().show(
                            deposited,
                            made -> output().done(vault + "/" + key + (made.created() ? " set" : " replaced")
                                    + ", version " + made.version()));
        }
    }

    private SecretBytes value() {
        if (source.file != null) {
            return ValueInput.file(source.file);
        }
        if (source.stdin) {
            return ValueInput.stream(terminal().in());
        }
        if (argument != null) {
            if (!plain) {
                terminal()
                        .warn(
                                "the value is in this shell's history now, and other users of this machine could see it"
                                        + " while the command ran; next time leave it out to be asked, or use --file or --value-stdin");
            }
            return ValueInput.argument(argument);
        }
        return ValueInput.prompt(terminal(), "Value of " + key + " (not shown): ");
    }
}
