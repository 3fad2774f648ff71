package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.keys.LocalKeeper;
import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.NewPrivateFile;
import dev.nightsafe.cli.platform.Session;
import dev.nightsafe.cli.platform.Text;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a vault through the keeper's local socket and writes it as a {@code .env} file that 'vault import' reads. */
final class VaultExport {
    private final Session session;

    VaultExport(Session session) {
        this.session = session;
    }

    /** @param file null for standard output */
    void run(String vault, @Nullable Path file, boolean yes) {
        if (!yes) {
            confirm(vault, file);
        }
        List<LocalKeeper.Exported> all = new LocalKeeper(session.home()).export(session.workspace(), vault);
        try {
            all.forEach(VaultExport::requireFits);
            if (file == null) {
                write(all, session.terminal().out());
                session.terminal().out().flush();
            } else {
                write(all, file);
                session.terminal().say(Text.count(all.size(), "entry", "entries") + " of " + vault + " in " + file);
            }
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't write the values", "is there room?", e);
        } finally {
            all.forEach(one -> one.value().close());
        }
    }

    private static void write(List<LocalKeeper.Exported> all, Path file) throws IOException {
        try {
            NewPrivateFile.write(file, out -> write(all, out));
        } catch (FileAlreadyExistsException e) {
            throw new CliException(ExitCode.CONFLICT, file + " is there already", "remove it, or name another", e);
        }
    }

    private static void write(List<LocalKeeper.Exported> all, OutputStream out) throws IOException {
        for (LocalKeeper.Exported one : all) {
            out.write((one.key() + "=\"").getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < one.value().length(); i++) {
                writeEscaped(one.value().exposeSegment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, i), out);
            }
            out.write('"');
            out.write('\n');
        }
    }

    private static void writeEscaped(byte each, OutputStream out) throws IOException {
        switch (each) {
            case '\n' -> writeEscape('n', out);
            case '\r' -> writeEscape('r', out);
            case '\t' -> writeEscape('t', out);
            case '"', '\\', '$' -> writeEscape(each, out);
            default -> out.write(each);
        }
    }

    private static void writeEscape(int escape, OutputStream out) throws IOException {
        out.write('\\');
        out.write(escape);
    }

    private static void requireFits(LocalKeeper.Exported one) {
        boolean zero = one.value().<Boolean>exposing(bytes -> {
            for (byte each : bytes) {
                if (each == 0) {
                    return true;
                }
            }
            return false;
        });
        if (zero) {
            throw CliException.failed(
                    one.key() + " has a zero byte, which no .env file can hold; nothing was written",
                    "take the values out one by one: nightsafe vault get");
        }
    }

    private void confirm(String vault, @Nullable Path file) {
        if (!session.terminal().keyboard().isPresent()) {
            throw CliException.usage("reading values back needs --yes where nobody can be asked", "it is recorded");
        }
        String answer = session.terminal()
                .keyboard()
                .readLine("Write all values of " + vault + " to " + (file == null ? "standard output" : file)
                        + "? [y/N] ");
        if (answer == null || !answer.strip().equalsIgnoreCase("y")) {
            throw CliException.failed("nothing was read", null);
        }
    }
}
