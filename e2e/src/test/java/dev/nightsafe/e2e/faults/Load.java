package dev.nightsafe.e2e.faults;

import dev.nightsafe.e2e.faults.Event.Ending;
import dev.nightsafe.e2e.faults.Event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What clients do meanwhile: deposit, submit, cancel, pause, look. Each of them is a thread that does one thing at a time
 * and writes it down. Everything that it does is drawn from the seed.
 */
final class Load {
    static final String VAULT = "values";
    /** Served by workers that stay. */
    static final String STEADY = "steady";
    /** Served by a worker for each task. */
    static final String FRESH = "fresh";

    private static final int WRITERS = 3;
    private static final int LONGEST_TASK_MILLIS = 1200;
    private static final long FINAL_SECS = 240;

    private final Api api;
    private final History history;
    private final String canary;
    private final long seed;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    /** Ids of what was accepted, by name. */
    private final Map<String, String> accepted = new ConcurrentHashMap<>();

    /** @param canary what each value begins with */
    Load(Api api, History history, String canary, long seed) {
        this.api = api;
        this.history = history;
        this.canary = canary;
        this.seed = seed;
    }

    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            keys.add("KEY_" + i);
        }
        return keys;
    }

    /** Deposits the first value of each key, sees that each queue works, and begins. */
    void start() {
        keys().forEach(key -> deposit(key, 1));
        submitUntilAccepted(STEADY, "first", Ending.SUCCEED, 0);
        submitUntilAccepted(FRESH, "first" + Deposits.FRESH, Ending.SUCCEED, 0);
        long until = History.now() + TimeUnit.SECONDS.toNanos(FINAL_SECS);
        for (String task : List.of("first", "first" + Deposits.FRESH)) {
            while (!look(task, 15) && History.now() < until) {
                pause(50);
            }
        }
        for (String key : keys()) {
            begin(random -> writer(key, random));
        }
        begin(random -> submitter("steady-a", STEADY, "", 120, random));
        begin(random -> submitter("steady-b", STEADY, "", 120, random));
        begin(random -> submitter("one-shot", FRESH, Deposits.FRESH, 1200, random));
        begin(this::canceller);
        begin(this::switcher);
        begin(this::looker);
    }

    private interface Client {
        void work(Random random);
    }

    private void begin(Client client) {
        Random random = new Random(seed * 31 + threads.size());
        threads.add(Thread.ofPlatform().daemon().name("load " + threads.size()).start(() -> client.work(random)));
    }

    private void writer(String key, Random random) {
        for (long number = 2; !ending.get(); number++) {
            deposit(key, number);
            pause(random.nextInt(600));
        }
    }

    private void deposit(String key, long number) {
        long begun = History.now();
        byte[] value = (canary + key + "-" + number).getBytes(StandardCharsets.UTF_8);
        Api.Answer answer = api.deposit(VAULT, key, value);
        long version = answer.isDone() ? answer.body().get("version").asLong() : 0;
        history.add(new Event.Deposit(begun, History.now(), key, number, version, answer.outcome()));
    }

    /** Says each task again until it is accepted, and some once more. */
    private void submitter(String name, String queue, String suffix, int pace, Random random) {
        for (int i = 1; !ending.get(); i++) {
            String task = name + "-" + i + suffix;
            int drawn = random.nextInt(10);
            Ending wanted = drawn == 0 ? Ending.FAIL : drawn == 1 ? Ending.UNSTEADY : Ending.SUCCEED;
            int millis = random.nextInt(5) == 0 ? random.nextInt(LONGEST_TASK_MILLIS) : 0;
            boolean again = random.nextInt(5) == 0;
            submitUntilAccepted(queue, task, wanted, millis);
            if (again) {
                submit(queue, task, wanted, millis);
            }
            pause(random.nextInt(2 * pace));
        }
    }

    private void submitUntilAccepted(String queue, String task, Ending wanted, int millis) {
        long until = History.now() + TimeUnit.SECONDS.toNanos(FINAL_SECS);
        while (!submit(queue, task, wanted, millis) && History.now() < until) {
            pause(200);
        }
    }

    private boolean submit(String queue, String task, Ending wanted, int millis) {
        long begun = History.now();
        Map<String, Object> payload = Map.of("task", task, "millis", millis, "ending", wanted);
        Api.Answer answer =
                api.call("POST", "/queues/" + queue + "/tasks", Map.of("payload", payload, "idempotencyKey", task));
        String id = answer.isDone() ? answer.body().get("id").asString() : null;
        history.add(new Event.Submit(begun, History.now(), task, wanted, id, answer.outcome()));
        if (id != null) {
            accepted.put(task, id);
        }
        return id != null;
    }

    private void canceller(Random random) {
        while (!ending.get()) {
            pause(500 + random.nextInt(2000));
            String task = any(random);
            if (task != null) {
                long begun = History.now();
                Api.Answer answer = api.call("POST", "/tasks/" + accepted.get(task) + "/cancel", null);
                String state = answer.isDone() ? answer.body().get("state").asString() : null;
                history.add(new Event.Cancel(begun, History.now(), task, state, answer.outcome()));
            }
        }
    }

    private void switcher(Random random) {
        while (!ending.get()) {
            pause(2000 + random.nextInt(4000));
            turn(STEADY, "pause");
            pause(random.nextInt(1500));
            while (!turn(STEADY, "resume")) {
                pause(200);
            }
        }
    }

    private boolean turn(String queue, String way) {
        long begun = History.now();
        Outcome outcome = api.call("POST", "/queues/" + queue + "/" + way, null).outcome();
        history.add(new Event.Switch(begun, History.now(), queue, way.equals("pause"), outcome));
        return outcome == Outcome.DONE;
    }

    private void looker(Random random) {
        while (!ending.get()) {
            pause(random.nextInt(200));
            String task = any(random);
            if (task != null) {
                look(task, 0);
            }
        }
    }

    private @Nullable String any(Random random) {
        List<String> tasks = List.copyOf(accepted.keySet());
        return tasks.isEmpty() ? null : tasks.get(random.nextInt(tasks.size()));
    }

    /** Writes down what a task's record says; true when it has ended. */
    private boolean look(String task, int waitSecs) {
        Api.Answer answer = api.get("/tasks/" + accepted.get(task) + (waitSecs == 0 ? "" : "?wait=" + waitSecs));
        if (!answer.isDone()) {
            return false;
        }
        JsonNode record = answer.body();
        JsonNode result = record.get("result");
        Map<String, Long> numbers = new TreeMap<>();
        if (result.has("numbers")) {
            result.get("numbers")
                    .properties()
                    .forEach(entry ->
                            numbers.put(entry.getKey(), entry.getValue().asLong()));
        }
        Event.Observed seen = new Event.Observed(
                History.now(),
                task,
                record.get("state").asString(),
                result.has("execution") ? result.get("execution").asString() : null,
                numbers,
                record.get("error").isNull() ? null : record.get("error").asString());
        history.add(seen);
        return seen.isEnd();
    }

    /** After the last fault: lets everybody come to an end, and writes down how everything is. */
    void finish() throws InterruptedException {
        ending.set(true);
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(FINAL_SECS));
        }
        submitUntilAccepted(FRESH, "last" + Deposits.FRESH, Ending.SUCCEED, 0);
        long until = History.now() + TimeUnit.SECONDS.toNanos(FINAL_SECS);
        for (String task : List.copyOf(accepted.keySet())) {
            while (!look(task, 15) && History.now() < until) {
                pause(50);
            }
        }
        for (JsonNode secret : api.get("/vaults/" + VAULT).body().get("secrets")) {
            history.add(new Event.Stored(
                    History.now(),
                    secret.get("key").asString(),
                    secret.get("version").asLong()));
        }
        history.add(new Event.Counted(History.now(), count(STEADY) + count(FRESH)));
    }

    private long count(String queue) {
        long count = 0;
        for (JsonNode each : api.get("/queues/" + queue + "/activity").body().get("subQueues")) {
            for (String state : List.of("pending", "running", "succeeded", "failed", "cancelled")) {
                count += each.get(state).asLong();
            }
        }
        return count;
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
