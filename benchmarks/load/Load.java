import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Plays journeys that were written before against one HTTP server and tells how fast it was: the same program for both
 * sides of a comparison, which costs as little as it can, because it shares the machine with what it measures.
 *
 * <p>{@code java Load.java FILE HOST:PORT CONNECTIONS WARM CAPTURE TRIES}. The file has a count of journeys, then for each
 * its count of requests and each request's length and bytes (numbers of four bytes, big endian). A request may have
 * {@code @CAPTURED@}, which stands for the text that the journey's last answer with {@code "CAPTURE":"}, its first has it, had
 * between that and the next quotation mark. Each connection is kept alive and plays whole journeys, the next that nobody has begun. The first
 * WARM journeys aren't counted.
 *
 * <p>With TRIES above 1 the file has so many editions of each journey: all of them, then all again, written anew. One that
 * is answered 429 or 503 is played again, in its next edition, after the Retry-After that the answer names. Any other
 * answer but 2xx ends everything, and so does a connection that breaks.
 *
 * <p>Prints {@code journeys seconds p50 p90 p99 slowest refused}, times in milliseconds. The seconds are those from the
 * first counted journey's start, or, where none is left out, from before the connections are made.
 */
final class Load {
    private static final byte[] CAPTURED = "@CAPTURED@".getBytes(StandardCharsets.US_ASCII);

    private final List<byte[][]> journeys;
    private final InetSocketAddress server;
    private final int warm;
    private final String capture;
    private final int tries;
    /** Of one edition. */
    private final int count;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong finished = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final long[] nanos;

    private Load(List<byte[][]> journeys, InetSocketAddress server, int warm, String capture, int tries) {
        this.journeys = journeys;
        this.server = server;
        this.warm = warm;
        this.capture = "\"" + capture + "\":\"";
        this.tries = tries;
        this.count = journeys.size() / tries;
        this.nanos = new long[count];
    }

    public static void main(String[] args) throws Exception {
        String[] address = args[1].split(":", 2);
        Load load = new Load(
                read(Path.of(args[0])),
                new InetSocketAddress(address[0], Integer.parseInt(address[1])),
                Integer.parseInt(args[3]),
                args[4],
                Integer.parseInt(args[5]));
        load.play(Integer.parseInt(args[2]));
        load.report();
    }

    private static List<byte[][]> read(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
            List<byte[][]> journeys = new ArrayList<>();
            for (int left = in.readInt(); left > 0; left--) {
                byte[][] requests = new byte[in.readInt()][];
                for (int i = 0; i < requests.length; i++) {
                    requests[i] = in.readNBytes(in.readInt());
                }
                journeys.add(requests);
            }
            return journeys;
        }
    }

    private void play(int connections) throws InterruptedException {
        begun.set(System.nanoTime());
        CountDownLatch connected = new CountDownLatch(connections);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(() -> playAll(connected)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void playAll(CountDownLatch connected) {
        try (Socket socket = new Socket()) {
            try {
                socket.setTcpNoDelay(true);
                socket.connect(server, 30_000);
            } finally {
                connected.countDown();
            }
            if (warm > 0) {
                connected.await();
            }
            Connection connection = new Connection(socket);
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                if (failure.get() != null) {
                    return;
                }
                long start = System.nanoTime();
                if (i == warm && warm > 0) {
                    begun.set(start);
                }
                playAgain(connection, i);
                long end = System.nanoTime();
                nanos[i] = end - start;
                finished.accumulateAndGet(end, Math::max);
                ended.incrementAndGet();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void playAgain(Connection connection, int journey) throws IOException, InterruptedException {
        for (int edition = 0; ; edition++) {
            try {
                play(connection, journeys.get(journey + edition * count));
                return;
            } catch (Overloaded e) {
                if (edition + 1 == tries) {
                    throw e;
                }
                refused.incrementAndGet();
                Thread.sleep(e.retryAfterSecs * 1000L);
            }
        }
    }

    private void play(Connection connection, byte[][] requests) throws IOException {
        byte[] captured = null;
        for (int i = 0; i < requests.length; i++) {
            byte[] body = connection.call(captured == null ? requests[i] : filled(requests[i], captured));
            if (i + 1 < requests.length) {
                captured = captured(body, captured);
            }
        }
    }

    private byte[] captured(byte[] body, byte[] before) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        int start = text.indexOf(capture);
        if (start < 0 && before != null) {
            return before;
        }
        if (start < 0) {
            throw new IOException("the first answer has no " + capture + ": " + text);
        }
        start += capture.length();
        return text.substring(start, text.indexOf('"', start)).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] filled(byte[] request, byte[] captured) {
        int at = indexOf(request, CAPTURED);
        if (at < 0) {
            return request;
        }
        byte[] filled = new byte[request.length - CAPTURED.length + captured.length];
        System.arraycopy(request, 0, filled, 0, at);
        System.arraycopy(captured, 0, filled, at, captured.length);
        int rest = at + CAPTURED.length;
        System.arraycopy(request, rest, filled, at + captured.length, request.length - rest);
        return filled;
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int i = 0; i <= in.length - what.length; i++) {
            if (in[i] == what[0] && Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        return -1;
    }

    private void report() {
        if (failure.get() != null) {
            System.err.println(failure.get() + " after " + ended + " journeys");
            System.exit(1);
        }
        long[] times = Arrays.copyOfRange(nanos, warm, nanos.length);
        Arrays.sort(times);
        System.out.printf(
                Locale.ROOT,
                "%d %.6f %.3f %.3f %.3f %.3f %d%n",
                times.length,
                (finished.get() - begun.get()) / 1e9,
                times[times.length / 2] / 1e6,
                times[times.length * 9 / 10] / 1e6,
                times[times.length * 99 / 100] / 1e6,
                times[times.length - 1] / 1e6,
                refused.get());
    }

    /** The server wants it later. */
    private static final class Overloaded extends IOException {
        private static final long serialVersionUID = 1;
        private final int retryAfterSecs;

        Overloaded(String answer, int retryAfterSecs) {
            super(answer);
            this.retryAfterSecs = retryAfterSecs;
        }
    }

    /** HTTP/1.1 as far as these servers use it: lengths and chunks. */
    private static final class Connection {
        private final InputStream in;
        private final OutputStream out;

        Connection(Socket socket) throws IOException {
            in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
            out = socket.getOutputStream();
        }

        byte[] call(byte[] request) throws IOException {
            out.write(request);
            String status = line();
            int length = 0;
            int retryAfter = -1;
            boolean chunked = false;
            for (String header = line(); !header.isEmpty(); header = line()) {
                String lower = header.toLowerCase(Locale.ROOT);
                if (lower.startsWith("content-length:")) {
                    length = Integer.parseInt(lower.substring(15).strip());
                } else if (lower.startsWith("transfer-encoding:") && lower.endsWith("chunked")) {
                    chunked = true;
                } else if (lower.startsWith("retry-after:")) {
                    retryAfter = Integer.parseInt(lower.substring(12).strip());
                }
            }
            byte[] body = chunked ? chunks() : in.readNBytes(length);
            if (status.charAt(9) != '2') {
                String answer = status + ": " + new String(body, StandardCharsets.UTF_8);
                throw retryAfter < 0 ? new IOException(answer) : new Overloaded(answer, retryAfter);
            }
            return body;
        }

        private byte[] chunks() throws IOException {
            byte[] body = new byte[0];
            while (true) {
                int length = Integer.parseInt(line().strip(), 16);
                int end = body.length;
                body = Arrays.copyOf(body, end + length);
                in.readNBytes(body, end, length);
                line();
                if (length == 0) {
                    return body;
                }
            }
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder(64);
            for (int c = in.read(); c != '\n'; c = in.read()) {
                if (c < 0) {
                    throw new EOFException("the server closed the connection");
                }
                if (c != '\r') {
                    line.append((char) c);
                }
            }
            return line.toString();
        }
    }
}
