"""Look at Kafka as its clients can."""
