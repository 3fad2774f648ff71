package dev.nightsafe.runner.code;

import dev.nightsafe.core.secret.SecretBytes;
import dev.nightsafe.core.signing.Digests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The package {@code nightsafe} of {@code sdk/python}, which every worker's environment has without an index. */
final class PythonSdk {
    /** Its files; a test compares them with the source folder. */
    static final List<String> FILES = List.of(
            "__init__.py",
            "channel.py",
            "errors.py",
            "loop.py",
            "payload.py",
            "program.py",
            "py.typed",
            "report.py",
            "result.py",
            "work.py");

    /** Unpacks descriptor 3 into the running interpreter's own packages. */
    static final String UNPACK =
            "import sysconfig,zipfile;zipfile.ZipFile(open(3,'rb')).extractall(sysconfig.get_path('purelib'))";

    private PythonSdk() {}

    /** The package as a zip file; the same bytes for the same files. */
    static SecretBytes zip() {
        return SecretBytes.takeFrom(bytes());
    }

    /** Changes when the package does. */
    static String digest() {
        return Digests.sha256Hex(bytes());
    }

    private static byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : FILES) {
                ZipEntry entry = new ZipEntry("nightsafe/" + name);
                entry.setTime(0);
                zip.putNextEntry(entry);
                try (InputStream file = PythonSdk.class.getResourceAsStream("/dev/nightsafe/runner/sdk/" + name)) {
                    if (file == null) {
                        throw new IllegalStateException("the runner's jar lacks the Python SDK's " + name);
                    }
                    file.transferTo(zip);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
