package dev.nightsafe.runner.code;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The SDKs of {@code sdk/}, which every worker has without an index: the package {@code nightsafe} among the packages of
 * its virtual environment, the jars in a folder of it.
 */
public final class Sdks {
    /** The Python SDK's files; a test compares them with the source folder. */
    static final List<String> PYTHON = List.of(
            "__init__.py",
            "channel.py",
            "errors.py",
            "loop.py",
            "payload.py",
            "program.py",
            "py.typed",
            "report.py",
            "result.py",
            "secrets.py",
            "work.py");

    /** The Java SDK and the JSON reader that it needs. */
    static final List<String> JARS = List.of("nightsafe-sdk.jar", "jackson-core.jar");

    private static final String JAR_FOLDER = "share/nightsafe";

    /** Unpacks descriptor 3: what is Python's into the running interpreter's own packages, the rest beside them. */
    static final String UNPACK = """
            import os, sys, sysconfig, zipfile
            archive = zipfile.ZipFile(open(3, "rb"))
            for name in archive.namelist():
                python = name.startswith("nightsafe/")
                archive.extract(name, sysconfig.get_path("purelib") if python else os.path.join(sys.prefix, "share/nightsafe"))
            """;

    private Sdks() {}

    /** The class path of the Java SDK in a virtual environment. */
    public static String javaClassPath(Path environment) {
        return JARS.stream()
                .map(jar -> environment.resolve(JAR_FOLDER).resolve(jar).toString())
                .collect(Collectors.joining(":"));
    }

    /** The SDKs as a zip file; the same bytes for the same files. */
    static SecretBytes zip() {
        return SecretBytes.takeFrom(bytes());
    }

    /** Changes when one of the SDKs does. */
    static String digest() {
        return Digests.sha256Hex(bytes());
    }

    private static byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : PYTHON) {
                add(zip, "nightsafe/" + name, name);
            }
            zip.setLevel(0); // jars are packed already
            for (String jar : JARS) {
                add(zip, jar, jar);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, String resource) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        try (InputStream file = Sdks.class.getResourceAsStream("/dev/nightsafe/runner/sdk/" + resource)) {
            if (file == null) {
                throw new IllegalStateException("the runner's jar lacks the SDKs' " + resource);
            }
            file.transferTo(zip);
        }
    }
}
