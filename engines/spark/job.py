"""The job on Spark Structured Streaming: a query on a table that never ends growing."""

import os
import signal
import sys
from threading import Event

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

servers, source, target, name = sys.argv[1:]

spark = (
    SparkSession.builder.appName(name)
    .config("spark.driver.extraClassPath", os.environ["SPARK_JARS"])
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.sql.shuffle.partitions", 3)  # tasks and state files of each batch
    # The last report of a flight supersedes the others.
    .config("spark.sql.mapKeyDedupPolicy", "LAST_WIN")
    .getOrCreate()
)

flight = "day INT, scheduled STRING, carrier STRING, number INT, origin STRING, delay INT"
planned = F.format_string("2013-02-%02d %s", "day", "scheduled")

reports = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", servers)
    .option("subscribe", source)
    .option("startingOffsets", "earliest")  # the first time; then the checkpoint knows
    .option("groupIdPrefix", name)
    .option("maxOffsetsPerTrigger", 5000)  # of one batch; all that is there by default
    .load()
    .select("offset", F.from_json(F.col("value").cast("string"), flight).alias("flight"))
    .select("offset", "flight.*")
    .withColumn("planned", F.try_to_timestamp(planned, F.lit("yyyy-MM-dd HH:mm")))
    .where("planned IS NOT NULL AND origin IS NOT NULL")  # else it is no flight
)

# State: all reports of each airport and hour, until the watermark passes its end.
hours = (
    reports.withWatermark("planned", "24 hours")
    .groupBy("origin", F.window("planned", "1 hour"))
    .agg(
        F.array_sort(
            F.collect_list(F.struct("offset", "carrier", "number", "delay"))
        ).alias("reports")
    )
)

newest = F.map_from_entries(
    F.transform(
        "reports", lambda one: F.struct(F.struct(one.carrier, one.number), one.delay)
    )
)
left = F.filter("delays", F.isnotnull)
total = F.reduce(left, F.lit(0.0), lambda total, delay: total + delay)
results = (
    hours.withColumn("delays", F.map_values(newest))
    .select(
        F.col("origin").alias("airport"),
        F.date_format("window.start", "yyyy-MM-dd HH:mm").alias("hour"),
        F.size(left).alias("departures"),
        F.try_divide(total, F.size(left)).alias("mean_delay"),
        (F.size("delays") - F.size(left)).alias("cancelled"),
        F.size("reports").alias("reports"),
    )
    .select(
        F.concat_ws(" ", "airport", "hour").alias("key"),
        F.to_json(F.struct("*"), {"ignoreNullFields": "false"}).alias("value"),
    )
)

query = (
    results.writeStream.format("kafka")
    .option("kafka.bootstrap.servers", servers)
    .option("topic", target)
    .option("checkpointLocation", "checkpoint")
    .trigger(processingTime="1 second")  # else it asks Kafka again and again for news
    .outputMode("update")  # every change; "append" would publish an hour once, closed
    .start()
)
stopping = Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
# A handler that raises would leave the connection to the JVM waiting for ever.
while not stopping.is_set() and not query.awaitTermination(timeout=1):
    continue
query.stop()
spark.stop()
