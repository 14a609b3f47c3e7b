"""Requests for `user-patch batch` through Apache Spark, where one machine is not enough.

    pip install pyspark        # and Java 17 or newer
    cargo build --release --features cli
    python3 examples/spark_batch.py requests.ndjson replies.ndjson

Each partition of the input is piped through a process of its own (`RDD.pipe`). The replies stand in the order of the requests, and
are, line for line, those of one run of `user-patch batch`: the number of a line that is no request is counted over all
partitions. The executors need the binary at the same path; `--master` names the cluster, by default two workers on this
machine. A request is a line that ends in a line feed: a carriage return by itself, which JSON text may have between tokens, ends
a line for Spark too.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

# The end of an answer to a line that is no request: {"id":…,"error":"…","line":N}
NUMBERED = re.compile(r'^(\{"id":.*,"error":".*","line":)(\d+)\}$')


def renumbered(line, before):
    """An answer with the number of its line in all of the input."""
    found = NUMBERED.match(line)
    return f"{found[1]}{int(found[2]) + before}}}" if found else line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("requests", type=Path)
    parser.add_argument("replies", type=Path)
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    parser.add_argument("--partitions", type=int, default=8, help="at least so many (default: 8)")
    parser.add_argument("--binary", type=Path, default=Path("target/release/user-patch"))
    arguments = parser.parse_args()
    if not arguments.binary.is_file():
        parser.error(f"{arguments.binary}: no such binary; build it, or name it with --binary")

    spark = (
        SparkSession.builder.master(arguments.master)
        .appName("user-patch")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        requests = spark.sparkContext.textFile(str(arguments.requests.resolve()), arguments.partitions)
        # How many lines stand before each partition.
        counts = requests.mapPartitions(lambda lines: [sum(1 for _ in lines)]).collect()
        before = [sum(counts[:at]) for at in range(len(counts))]

        # A job a partition: the cluster has more of them at work than one process has threads.
        command = f"{arguments.binary.resolve()} batch --jobs 1"
        replies = requests.pipe(command).mapPartitionsWithIndex(
            lambda at, lines: (renumbered(line, before[at]) for line in lines)
        )
        with tempfile.TemporaryDirectory() as folder:
            replies.saveAsTextFile(f"{folder}/replies")
            written = 0
            with arguments.replies.open("wb") as out:
                for part in sorted(Path(folder, "replies").glob("part-*")):
                    with part.open("rb") as lines:
                        for line in lines:
                            out.write(line)
                            written += 1
        # A process that ended too early would have left lines unanswered. Exit 1 of `batch` says that one was no request.
        if written != sum(counts):
            sys.exit(f"{sum(counts)} requests have {written} replies")
        print(f"{written} replies from {len(counts)} partitions", file=sys.stderr)
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
