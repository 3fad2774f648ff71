package dev.nightsafe.core.sealing;

import dev.nightsafe.core.secret.SecretBytes;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.hpke.HPKE;
import org.jspecify.annotations.Nullable;

/**
 * The private half of a lock: the 32-byte seed of X-Wing, off the heap. Close it after use: what it opens with is made from
 * the seed at its first use, costs as much as half an opening, and is kept until then. Thread-safe.
 */
public final class OpeningKey implements AutoCloseable {
    private static final int SEED = 32;

    private final Lock lock;
    private final SecretBytes seed;
    private @Nullable AsymmetricCipherKeyPair pair;

    /** Takes the seed over. */
    public OpeningKey(Lock lock, SecretBytes seed) {
        if (seed.length() != SEED) {
            throw new IllegalArgumentException("an opening key has 32 bytes, this one has " + seed.length());
        }
        this.lock = lock;
        this.seed = seed;
    }

    /** Makes a new key pair from the system's secure random numbers. */
    public static OpeningKey generate(Suite suite) {
        HPKE hpke = suite.hpke();
        AsymmetricCipherKeyPair pair = hpke.generatePrivateKey();
        Lock lock = new Lock(suite, hpke.serializePublicKey(pair.getPublic()));
        return new OpeningKey(lock, SecretBytes.takeFrom(hpke.serializePrivateKey(pair.getPrivate())));
    }

    public Lock lock() {
        return lock;
    }

    /** The seed, to be wrapped and stored. */
    public SecretBytes exposeSeed() {
        return seed;
    }

    /** What the seed expands to; not to be kept. */
    synchronized AsymmetricCipherKeyPair expanded() {
        AsymmetricCipherKeyPair there = pair;
        if (there == null) {
            there = seed.exposing(bytes -> lock.suite().hpke().deserializePrivateKey(bytes, lock.publicKey()));
            pair = there;
        }
        return there;
    }

    @Override
    public synchronized void close() {
        seed.close();
        pair = null;
    }
}
