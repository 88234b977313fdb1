import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.samza.application.TaskApplication;
import org.apache.samza.application.descriptors.TaskApplicationDescriptor;
import org.apache.samza.checkpoint.kafka.KafkaCheckpointManagerFactory;
import org.apache.samza.config.MapConfig;
import org.apache.samza.context.Context;
import org.apache.samza.runtime.LocalApplicationRunner;
import org.apache.samza.serializers.JsonSerdeV2;
import org.apache.samza.serializers.KVSerde;
import org.apache.samza.serializers.StringSerde;
import org.apache.samza.standalone.PassthroughJobCoordinatorFactory;
import org.apache.samza.storage.kv.KeyValueStore;
import org.apache.samza.storage.kv.descriptors.RocksDbTableDescriptor;
import org.apache.samza.system.IncomingMessageEnvelope;
import org.apache.samza.system.OutgoingMessageEnvelope;
import org.apache.samza.system.SystemStream;
import org.apache.samza.system.SystemStreamMetadata.OffsetType;
import org.apache.samza.system.kafka.descriptors.KafkaSystemDescriptor;
import org.apache.samza.task.InitableTask;
import org.apache.samza.task.MessageCollector;
import org.apache.samza.task.StreamTask;
import org.apache.samza.task.StreamTaskFactory;
import org.apache.samza.task.TaskCoordinator;

/** The job on Samza: a task for each partition of the input, and each with a store. */
record Job(String servers, String input, String output, String name)
    implements TaskApplication {

  public static void main(String[] args) {
    var job = new Job(args[0], args[1], args[2], args[3]);
    var runner = new LocalApplicationRunner(job, new MapConfig(job.settings()));
    runner.run();
    Runtime.getRuntime().addShutdownHook(new Thread(runner::kill));
    runner.waitForFinish();
  }

  private Map<String, String> settings() {
    return Map.of(
        // Samza takes what follows a dot for the name of a stream.
        "app.name", name.replace('.', '-'),
        "processor.id", "0",
        // All tasks run in this process: no YARN, no ZooKeeper.
        "job.coordinator.factory", PassthroughJobCoordinatorFactory.class.getName(),
        "task.checkpoint.factory", KafkaCheckpointManagerFactory.class.getName(),
        // A crash sends the job back by as much; the default is a minute.
        "task.commit.ms", "1000",
        // It would listen on a port of all addresses.
        "job.jmx.enabled", "false");
  }

  @Override
  public void describe(TaskApplicationDescriptor job) {
    var kafka =
        new KafkaSystemDescriptor("kafka")
            .withProducerBootstrapServers(List.of(servers))
            .withConsumerConfigs(Map.of("bootstrap.servers", servers))
            .withDefaultStreamOffsetDefault(OffsetType.OLDEST);
    var text = new StringSerde();
    var texts = KVSerde.of(text, text);
    var hours = KVSerde.of(text, JsonSerdeV2.of(Hour.class));
    job.withDefaultSystem(kafka)
        .withInputStream(kafka.getInputDescriptor("reports", texts).withPhysicalName(input))
        .withOutputStream(kafka.getOutputDescriptor("results", texts).withPhysicalName(output))
        // In 1.8.0 a table in memory is empty after a restart; this one is not.
        .withTable(
            new RocksDbTableDescriptor<>("hours", hours)
                .withChangelogEnabled()
                .withChangelogReplicationFactor(3))
        .withTaskFactory((StreamTaskFactory) () -> new Hours(output));
  }
}

/** What the store keeps of an airport and hour; a cancelled flight has no delay. */
record Hour(int reports, Map<String, Integer> delays) {
  static final Hour EMPTY = new Hour(0, Map.of());

  Hour with(Report report) {
    var newest = new HashMap<>(delays);
    newest.put(report.flight(), report.delay());
    return new Hour(reports + 1, newest);
  }
}

/** Samza's own windows go by the clock on the wall, so the job keeps these by itself. */
class Hours implements StreamTask, InitableTask {
  private static final int LATENESS = 24;

  private final SystemStream output;
  private KeyValueStore<String, Hour> hours; // its order is that of time
  private LocalDateTime open = LocalDateTime.MIN; // earlier hours take no report

  Hours(String output) {
    this.output = new SystemStream("kafka", output);
  }

  @Override
  @SuppressWarnings("unchecked")
  public void init(Context context) {
    hours = (KeyValueStore<String, Hour>) context.getTaskContext().getStore("hours");
    var kept = hours.all();
    kept.forEachRemaining(one -> open = hourOf(one.getKey()).minusHours(LATENESS));
    kept.close();
  }

  @Override
  public void process(
      IncomingMessageEnvelope message, MessageCollector results, TaskCoordinator tasks) {
    Report report;
    try {
      report = Report.of((String) message.getMessage());
    } catch (JsonProcessingException | RuntimeException e) {
      var place = message.getSystemStreamPartition() + ", offset " + message.getOffset();
      System.err.println("passed over: " + place + " is no flight");
      return;
    }
    closeBefore(report.hour().minusHours(LATENESS));
    if (report.hour().isBefore(open)) {
      System.err.println("too late: " + report);
      return;
    }
    var key = report.hour() + " " + report.airport();
    var known = Objects.requireNonNullElse(hours.get(key), Hour.EMPTY).with(report);
    hours.put(key, known);
    results.send(result(report.airport(), report.hour(), known));
  }

  private void closeBefore(LocalDateTime hour) {
    if (hour.isAfter(open)) {
      open = hour;
      var closed = hours.range("", open.toString());
      closed.forEachRemaining(one -> hours.delete(one.getKey()));
      closed.close();
    }
  }

  private static LocalDateTime hourOf(String key) {
    return LocalDateTime.parse(key.substring(0, key.indexOf(' ')));
  }

  private OutgoingMessageEnvelope result(String airport, LocalDateTime hour, Hour known) {
    var left =
        known.delays().values().stream()
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .summaryStatistics();
    var name = hour.toString().replace('T', ' ');
    var json =
        Report.JSON.createObjectNode()
            .put("airport", airport)
            .put("hour", name)
            .put("departures", left.getCount())
            .put("mean_delay", left.getCount() == 0 ? null : left.getAverage())
            .put("cancelled", known.delays().size() - left.getCount())
            .put("reports", known.reports());
    return new OutgoingMessageEnvelope(output, airport + " " + name, json.toString());
  }
}

/** One report of a flight. */
record Report(String airport, LocalDateTime hour, String flight, Integer delay) {
  static final ObjectMapper JSON = new ObjectMapper();

  static Report of(String json) throws JsonProcessingException {
    var one = JSON.readTree(json);
    var planned =
        LocalDate.of(2013, 2, one.required("day").asInt())
            .atTime(LocalTime.parse(one.required("scheduled").asText()));
    var delay = one.required("delay");
    return new Report(
        one.required("origin").asText(),
        planned.truncatedTo(ChronoUnit.HOURS),
        one.required("carrier").asText() + one.required("number").asText(),
        delay.isNull() ? null : delay.asInt());
  }
}
