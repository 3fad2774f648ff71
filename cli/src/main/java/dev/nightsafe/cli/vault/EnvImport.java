package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Output;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.protocol.console.ConsoleApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Deposits every entry of a {@code .env} file, one after the other. */
final class EnvImport {
    private static final int MAX_FILE_BYTES = 16 << 20;

    private final Session session;
    private final String vault;
    private final boolean secret;

    EnvImport(Session session, String vault, boolean secret) {
        this.session = session;
        this.vault = vault;
        this.secret = secret;
    }

    /** Reads a file, or standard input for {@code -}, and wipes what it read. */
    static EnvFile read(Terminal terminal, String file) {
        byte[] bytes = bytes(terminal, file);
        try {
            if (bytes.length > MAX_FILE_BYTES) {
                throw CliException.usage(file + " is larger than 16 MiB", "split it");
            }
            return EnvFile.parse(file.equals("-") ? "standard input" : file, bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static byte[] bytes(Terminal terminal, String file) {
        if (file.equals("-")) {
            return bytes(terminal.in(), "standard input");
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return bytes(in, file);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + file, "check the path", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static byte[] bytes(InputStream in, String name) {
        try {
            return in.readNBytes(MAX_FILE_BYTES + 1);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static CliException unreadable(String name, IOException cause) {
        return new CliException(ExitCode.USAGE, "can't read " + name, "check that it is a file you may read", cause);
    }

    void run(EnvFile file) {
        Output output = session.output();
        List<EnvFile.Entry> entries = file.entries();
        if (entries.isEmpty()) {
            throw CliException.usage("the file has no KEY=value line", "nothing was imported");
        }
        Deposits deposits = new Deposits(session.console(), session.pinnedRoot(), KnownVaults.of(session));
        List<ConsoleApi.Deposited> done = new ArrayList<>();
        for (EnvFile.Entry entry : entries) {
            ConsoleApi.Deposited deposited = deposit(deposits, entry, done.size(), entries.size());
            done.add(deposited);
            if (!output.isJson()) {
                String progress = "[" + done.size() + "/" + entries.size() + "] ";
                output.done(progress + vault + "/" + entry.key() + (deposited.created() ? " set" : " replaced")
                        + ", version " + deposited.version());
                session.terminal().out().flush();
            }
        }
        output.show(done, all -> {});
    }

    private ConsoleApi.Deposited deposit(Deposits deposits, EnvFile.Entry entry, int before, int of) {
        try {
            ConsoleApi.Deposited deposited = deposits.deposit(vault, entry.key(), entry.value(), secret);
            if (secret) {
                MaskingAdvice.warn(session.terminal(), entry.key(), entry.value());
            }
            return deposited;
        } catch (NightsafeException e) {
            if (before > 0) {
                session.terminal()
                        .warn(Text.count(before, "entry", "entries") + " of " + of
                                + " had been imported; importing again is safe, it makes new versions");
            }
            throw e;
        }
    }
}
