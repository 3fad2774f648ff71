package dev.nightsafe.cli.vault;

import dev.nightsafe.cli.platform.CliException;
import dev.nightsafe.cli.platform.ExitCode;
import dev.nightsafe.cli.platform.Keyboard;
import dev.nightsafe.cli.platform.Terminal;
import dev.nightsafe.cli.platform.Text;
import dev.nightsafe.core.sealing.Sealing;
import dev.nightsafe.core.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where values come from. Bytes are kept exactly as they are: nothing is trimmed, no line end is added or taken. What
 * passes through the heap is wiped. Empty and too long values are refused here, before anything is sent.
 */
public final class ValueInput {
    private static final char REPLACEMENT = '\uFFFD';

    private ValueInput() {}

    /** All bytes of a file. */
    public static SecretBytes file(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.USAGE, "no such file: " + file, "check the path", e);
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, "can't read " + file, "check that it is a file you may read", e);
        }
    }

    /** All bytes of a stream. */
    public static SecretBytes stream(InputStream in) {
        try {
            return read(in);
        } catch (IOException e) {
            throw new CliException(ExitCode.FAILED, "can't read standard input", null, e);
        }
    }

    /** Asks for a line without echo and says how many bytes were taken. */
    public static SecretBytes prompt(Terminal terminal, String prompt) {
        Keyboard keyboard = terminal.keyboard();
        if (!keyboard.isPresent()) {
            throw CliException.usage(
                    "there is no terminal to ask for the value",
                    "give it with --value-stdin or --file, for example: pass show key | nightsafe vault set VAULT KEY"
                            + " --value-stdin");
        }
        char[] typed = keyboard.readHidden(prompt);
        if (typed == null) {
            throw CliException.usage("no value was typed", "nothing was changed");
        }
        try {
            requireUndamaged(CharBuffer.wrap(typed), keyboard.charset().equals(StandardCharsets.UTF_8));
            SecretBytes value = utf8(CharBuffer.wrap(typed));
            terminal.say(Text.count(value.length(), "byte", "bytes") + " taken");
            return value;
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    /** A value that stood on the command line; it is a String already and can't be wiped. */
    public static SecretBytes argument(String value) {
        return argument(value, "UTF-8".equals(System.getProperty("sun.jnu.encoding")));
    }

    static SecretBytes argument(String value, boolean localeIsUtf8) {
        requireUndamaged(value, localeIsUtf8);
        return utf8(CharBuffer.wrap(value));
    }

    private static SecretBytes read(InputStream in) throws IOException {
        byte[] buffer = new byte[Sealing.MAX_VALUE_BYTES + 1];
        try {
            int length = in.readNBytes(buffer, 0, buffer.length);
            Sealing.requireSize(length);
            return SecretBytes.takeFrom(buffer, 0, length);
        } finally {
            Arrays.fill(buffer, (byte) 0);
        }
    }

    /** Under another locale the JVM has already replaced what it couldn't decode; such a value would be a wrong one. */
    private static void requireUndamaged(CharSequence text, boolean utf8) {
        boolean damaged = text.chars().anyMatch(c -> c == REPLACEMENT || (c > 127 && !utf8));
        if (damaged) {
            throw CliException.usage(
                    "the value has characters that this locale can't carry unchanged",
                    "use --file or --value-stdin, which take bytes as they are, or a UTF-8 locale");
        }
    }

    private static SecretBytes utf8(CharBuffer text) {
        ByteBuffer bytes = ByteBuffer.allocate(text.remaining() * 3);
        try {
            if (StandardCharsets.UTF_8.newEncoder().encode(text, bytes, true).isError()) {
                throw new CharacterCodingException();
            }
            Sealing.requireSize(bytes.position());
            return SecretBytes.takeFrom(bytes.array(), 0, bytes.position());
        } catch (CharacterCodingException e) {
            throw CliException.usage("the value is not valid text", "use --file or --value-stdin for bytes");
        } finally {
            Arrays.fill(bytes.array(), (byte) 0);
        }
    }
}
