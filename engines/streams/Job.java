// Departures, mean delay and cancellations of each airport and planned hour.

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.WindowStore;

public class Job {
    static final Serde<String> TEXT = Serdes.String();
    static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    static Topology topology(String source, String target) {
        var hours = TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofHours(24));
        var store = Materialized.<String, Known, WindowStore<Bytes, byte[]>>as("hours")
                .withStoreType(Materialized.StoreType.IN_MEMORY)
                .withKeySerde(TEXT)
                .withValueSerde(json(Known.class))
                // A cache would keep back all changes but the last before each commit.
                .withCachingDisabled()
                // After a crash some reports are taken again. When the past is read fast
                // their windows may be days behind; a forgotten one would begin anew.
                .withRetention(Duration.ofDays(28))
                // The changelog's records bear event times, and those are of 2013:
                // brokers would not only compact it, but also delete what is so old.
                .withLoggingEnabled(Map.of("cleanup.policy", "compact"));

        var builder = new StreamsBuilder();
        var reports = Consumed.with(TEXT, json(Report.class));
        builder.stream(source, reports.withTimestampExtractor(Job::planned))
                .groupByKey()
                .windowedBy(hours)
                .aggregate(Known::nothing, (airport, one, hour) -> hour.with(one), store)
                .toStream()
                .process(Publish::new)
                .to(target, Produced.with(TEXT, json(Result.class)));
        return builder.build();
    }

    /** The event's time; a record without one (it is negative) is passed over. */
    static long planned(ConsumerRecord<Object, Object> record, long newest) {
        return record.value() instanceof Report report ? report.planned() : -1;
    }

    /** One report of a departure. Others of the same flight may follow. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Report(int day, String scheduled, String carrier, int number, Double delay) {
        Report {
            planned(day, scheduled); // throws if that is no time
        }

        long planned() {
            return planned(day, scheduled);
        }

        static long planned(int day, String scheduled) {
            return LocalDateTime.parse("2013-02-%02dT%s".formatted(day, scheduled))
                    .toInstant(ZoneOffset.UTC)
                    .toEpochMilli();
        }

        String flight() {
            return carrier + "-" + number + "-" + day;
        }
    }

    /** The state of a window: what is known of an airport and hour. */
    record Known(int reports, Map<String, Double> delays) {
        static Known nothing() {
            return new Known(0, new HashMap<>());
        }

        Known with(Report report) {
            delays.put(report.flight(), report.delay()); // supersedes an earlier one
            return new Known(reports + 1, delays);
        }
    }

    record Result(
            String airport,
            String hour,
            int departures,
            @JsonProperty("mean_delay") Double meanDelay,
            int cancelled,
            int reports) {
        static Result of(String airport, String hour, Known known) {
            var left = known.delays().values().stream().filter(Objects::nonNull).toList();
            var mean = left.stream().mapToDouble(delay -> delay).average();
            return new Result(
                    airport,
                    hour,
                    left.size(),
                    mean.isPresent() ? mean.getAsDouble() : null,
                    known.delays().size() - left.size(),
                    known.reports());
        }
    }

    /** Gives results the time of now: those of 2013 would be deleted by the brokers. */
    static class Publish
            extends ContextualProcessor<Windowed<String>, Known, String, Result> {
        @Override
        public void process(Record<Windowed<String>, Known> change) {
            var airport = change.key().key();
            var hour = HOUR.format(change.key().window().startTime());
            var result = Result.of(airport, hour, change.value());
            var now = System.currentTimeMillis();
            context().forward(new Record<>(airport + " " + hour, result, now));
        }
    }

    static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    static <T> Serde<T> json(Class<T> type) {
        return Serdes.serdeFrom(
                (topic, value) -> {
                    try {
                        return MAPPER.writeValueAsBytes(value);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return MAPPER.readValue(bytes, type);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /** The settings, and any others given as {@code name=value}. */
    static Properties settings(String servers, String name, List<String> more) {
        var settings = new Properties();
        settings.put("bootstrap.servers", servers);
        settings.put("application.id", name);
        // By default one value that is no flight would end the job.
        var passOver = LogAndContinueExceptionHandler.class;
        settings.put("deserialization.exception.handler", passOver);
        // What was taken since the last commit is taken again after a crash: one second's
        // reports, not those of 30.
        settings.put("commit.interval.ms", 1000);
        // A new process waits until the group has given up the killed one: 6 s, not 45.
        settings.put("session.timeout.ms", 6000);
        more.forEach(one -> settings.put(one.split("=", 2)[0], one.split("=", 2)[1]));
        return settings;
    }

    public static void main(String[] args) throws InterruptedException {
        var more = Arrays.asList(args).subList(4, args.length);
        var topology = topology(args[1], args[2]);
        var streams = new KafkaStreams(topology, settings(args[0], args[3], more));
        var failed = new CountDownLatch(1);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.ERROR) failed.countDown();
        });
        var end = new Thread(() -> streams.close(Duration.ofSeconds(8)));
        Runtime.getRuntime().addShutdownHook(end);
        streams.start();
        failed.await();
        System.exit(1);
    }
}
