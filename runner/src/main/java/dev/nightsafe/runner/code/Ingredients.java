package dev.nightsafe.runner.code;

import dev.nightsafe.core.problem.NightsafeException;
import dev.nightsafe.core.problem.ProblemCode;
import dev.nightsafe.core.signing.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a program that say what is to be installed. Those of a commit are never read: its id says it all. */
final class Ingredients {
    static final String REQUIREMENTS = "requirements.txt";
    static final String POETRY = "poetry.lock";

    private static final List<String> DECIDING = List.of(REQUIREMENTS, POETRY, "pyproject.toml");
    private static final int LONGEST = 16 << 20;

    /** Requirements that lie in other files of the program, which then decide too. */
    private static final Pattern NAMES_FILES = Pattern.compile(
            "(?m)^\\s*(-[rcef]|--(requirement|constraint|editable|find-links)|[./]|file:|[^#\\n]*/)" + "|@ file:");

    private Ingredients() {}

    /** True when the program has this file. Throws when it is a link to somewhere else. */
    static boolean has(Code code, String name) {
        return find(code, name) != null;
    }

    /** Adds what decides about the environment of this program. */
    static void addTo(Message made, Code code) {
        if (code.commit() != null) {
            made.add(code.commit());
            return;
        }
        try {
            for (String name : DECIDING) {
                byte[] content = read(code, name);
                made.add(name).add(content);
                if (name.equals(REQUIREMENTS)
                        && NAMES_FILES.matcher(text(content)).find()) {
                    addState(made, code.folder());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + code.folder(), e);
        }
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(Code code, String name) throws IOException {
        Path file = find(code, name);
        if (file == null) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(LONGEST + 1);
            if (content.length > LONGEST) {
                throw failure(name + " has more than 16 MiB; it isn't one that can be installed from");
            }
            return content;
        }
    }

    /** Where the file really is, inside the program; null when there is none. */
    private static @org.jspecify.annotations.Nullable Path find(Code code, String name) {
        Path file = code.folder().resolve(name);
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        try {
            Path real = file.toRealPath();
            if (real.startsWith(code.folder().toRealPath()) && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                return real;
            }
        } catch (IOException e) {
            // A link to nowhere.
        }
        throw failure(name + " is no file inside of code_path; put it there instead of a link");
    }

    private static void addState(Message made, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList()) {
                made.add(file.toString())
                        .add(Files.size(file))
                        .add(Files.getLastModifiedTime(file).toMillis());
            }
        }
    }

    private static NightsafeException failure(String message) {
        return new NightsafeException(ProblemCode.BAD_REQUEST, message);
    }
}
