package dev.nightsafe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy on a free port of this machine that passes bytes on to another port of it, and does so badly when told to.
 * Damage is only for connections that notice it, TLS that is. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {
    /** What connections suffer, those that are open too. */
    public enum Trouble {
        NONE,
        /** All are closed, and new ones as soon as they are made. */
        CUT,
        /** What is sent arrives only when the trouble is over. */
        SILENT,
        /** Each KiB takes 100 ms. */
        SLOW,
        /** One bit in one of five pieces is another. */
        DAMAGED
    }

    private static final int PIECE = 1024;
    private static final long SLOW_MILLIS = 100;
    private static final int DAMAGED_ONE_OF = 5;
    private static final int BACKLOG = 200;

    private final ServerSocket server;
    private final int target;
    private final Random random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Trouble trouble = Trouble.NONE;

    /**
     * @param target the port to pass on to
     * @param random what is damaged
     */
    public FaultyProxy(int target, Random random) {
        this.target = target;
        this.random = random;
        try {
            server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    public void set(Trouble wanted) {
        trouble = wanted;
        if (wanted == Trouble.CUT) {
            closeAll();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            closeAll();
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (trouble == Trouble.CUT) {
                return;
            }
            try (Socket other = new Socket(InetAddress.getLoopbackAddress(), target)) {
                open.add(other);
                Thread back = Thread.ofVirtual().start(() -> pump(other, client));
                pump(client, other);
                back.join();
                open.remove(other);
            }
        } catch (IOException e) {
            // Nobody listens there, which is what the client sees too.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(client);
        }
    }

    /** Passes on until either side ends, then ends both. */
    private void pump(Socket from, Socket to) {
        byte[] piece = new byte[PIECE];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                suffer(piece, length);
                out.write(piece, 0, length);
            }
        } catch (IOException e) {
            // One side hung up, or the connection was cut.
        }
    }

    private void suffer(byte[] piece, int length) {
        while (trouble == Trouble.SILENT) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        if (trouble == Trouble.SLOW) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(SLOW_MILLIS));
        }
        if (trouble == Trouble.DAMAGED && random.nextInt(DAMAGED_ONE_OF) == 0) {
            piece[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void closeAll() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is as good as closed.
            }
        }
    }

    @Override
    public void close() {
        set(Trouble.CUT);
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
