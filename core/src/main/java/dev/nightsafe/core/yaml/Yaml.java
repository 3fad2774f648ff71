package dev.nightsafe.core.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * Reads YAML 1.2 (core schema, and merge keys), of which JSON is a part: one document, no tags, within budgets. What is
 * wrong becomes a fault with its place; no fault repeats a value from the file.
 */
public final class Yaml {
    /** Bytes of a file, in UTF-8. */
    public static final int MAX_BYTES = 1 << 20;
    /** Levels of lists and fields inside each other. */
    public static final int MAX_DEPTH = 32;
    /** Uses of an anchor. */
    public static final int MAX_ALIASES = 100;
    /** Values, names and lists, with aliases written out. */
    public static final int MAX_NODES = 100_000;

    private static final CoreSchema SCHEMA = new CoreSchema() {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    };

    private Yaml() {}

    /**
     * Reads a text.
     *
     * @param file how faults name it
     * @return the document; empty for an empty one, and for one that can't be read, which is then among the faults
     */
    public static Optional<YamlNode> read(String file, String text, Faults faults) {
        if (text.length() > MAX_BYTES || text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return tooLarge(file, faults);
        }
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(file)
                    .setSchema(SCHEMA)
                    .setAllowNonScalarKeys(true)
                    // Ours are counted, each with its place; the library's own limit is lower and tells neither.
                    .setMaxAliasesForCollections(MAX_ALIASES)
                    .build();
            ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
            return new Composer(settings, new BudgetedParser(parser, file, faults))
                    .getSingleNode()
                    .map(node -> new NodeReader(file, faults).read(node));
        } catch (StopReading e) {
            faults.add(e.at(), e.what());
        } catch (ReaderException e) {
            faults.add(
                    Position.ofCodePoint(file, text, e.getPosition()), "a character that YAML doesn't take; remove it");
        } catch (MarkedYamlEngineException e) {
            faults.add(position(file, e.getProblemMark().or(e::getContextMark)), problem(e));
        } catch (YamlEngineException e) {
            faults.add(Position.startOf(file), "not YAML; check its indentation and quotes");
        }
        return Optional.empty();
    }

    /** As {@link #read}, from a file in UTF-8. */
    public static Optional<YamlNode> readFile(Path path, Faults faults) {
        String file = path.toString();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            return bytes.length > MAX_BYTES
                    ? tooLarge(file, faults)
                    : decode(file, bytes, faults).flatMap(text -> read(file, text, faults));
        } catch (IOException e) {
            faults.add(
                    Position.startOf(file),
                    "can't be read (" + e.getClass().getSimpleName() + "); check that it exists and its permissions");
            return Optional.empty();
        }
    }

    static Position position(String file, Optional<Mark> mark) {
        return mark.map(place -> new Position(file, place.getLine() + 1, place.getColumn() + 1))
                .orElseGet(() -> Position.startOf(file));
    }

    private static Optional<YamlNode> tooLarge(String file, Faults faults) {
        faults.add(Position.startOf(file), "larger than 1 MiB; use several files");
        return Optional.empty();
    }

    private static Optional<String> decode(String file, byte[] bytes, Faults faults) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        if (decoder.decode(in, out, true).isError()) {
            String good = out.flip().toString();
            faults.add(Position.ofCodePoint(file, good, good.length()), "not UTF-8; save the file as UTF-8");
            return Optional.empty();
        }
        return Optional.of(out.flip().toString());
    }

    // The library's message without its excerpt of the file; the name of an alias is an excerpt, too.
    private static String problem(MarkedYamlEngineException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.startsWith("found undefined alias")) {
            return "an alias ('*…') without its anchor ('&…'); put text that begins with '*' in quotes";
        }
        return "not YAML: " + problem.lines().findFirst().orElse("") + "; check indentation, quotes and brackets";
    }
}
