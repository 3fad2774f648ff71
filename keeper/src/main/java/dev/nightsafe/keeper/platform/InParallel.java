package dev.nightsafe.keeper.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Computes on all processors, and on no more threads than there are, whoever asks. Thread-safe. */
public final class InParallel implements AutoCloseable {
    private final int threads = Runtime.getRuntime().availableProcessors();
    private final ExecutorService pool;

    /** @param name of its threads */
    public InParallel(String name) {
        pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name(name, 0).factory());
    }

    /** Of each, in order. Throws what the function threw, when nothing that was begun goes on any more. */
    public <T, R> List<R> map(List<T> all, Function<T, R> function) {
        AtomicInteger next = new AtomicInteger();
        List<CompletableFuture<Map<Integer, R>>> parts = IntStream.range(0, Math.min(threads, all.size()))
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> some(all, function, next), pool))
                .toList();
        try {
            CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
        TreeMap<Integer, R> results = new TreeMap<>();
        parts.forEach(part -> results.putAll(part.join()));
        return List.copyOf(results.values());
    }

    private static <T, R> Map<Integer, R> some(List<T> all, Function<T, R> function, AtomicInteger next) {
        Map<Integer, R> results = new TreeMap<>();
        try {
            for (int index = next.getAndIncrement(); index < all.size(); index = next.getAndIncrement()) {
                results.put(index, function.apply(all.get(index)));
            }
            return results;
        } catch (Throwable e) {
            next.set(all.size());
            throw e;
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
