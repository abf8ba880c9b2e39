"""Reads the messages of a queue, with the types that `npm run docs` makes from the JSON Schemas.

    python3 consumer.py QUEUE_URL    polls the queue; needs boto3
    python3 consumer.py -            reads bodies of SQS messages from standard input, one in each line
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import cast

from whatsapp_events import Message

seen: set[str] = set()


def handle(event: Message) -> None:
    """Prints one line for each message. Raise an error to have the message delivered again."""
    meta, data = event["meta"], event["data"]
    # SQS and EventBridge may deliver twice: keep the ids of what is done where it outlives the process.
    if meta["id"] in seen:
        return
    chat = meta.get("chat", "?")
    print(f'{meta["occurredAt"]} {chat} {data["content"]}: {len(data.get("body", ""))} characters')
    seen.add(meta["id"])


def detail_of(body: str) -> Message:
    """The event in the body of an SQS message: what EventBridge delivers has it in `detail`."""
    return cast(Message, json.loads(body)["detail"])


def from_stdin() -> Iterator[tuple[str, Callable[[], object]]]:
    for line in sys.stdin:
        yield line, lambda: None


def from_queue(url: str) -> Iterator[tuple[str, Callable[[], object]]]:
    import boto3  # AWS_ENDPOINT_URL makes it use the local run

    sqs = boto3.client("sqs")
    while True:
        answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=20)
        for message in answer.get("Messages", []):
            handle_id = message["ReceiptHandle"]
            yield message["Body"], lambda: sqs.delete_message(QueueUrl=url, ReceiptHandle=handle_id)


def main(source: str) -> None:
    for body, delete in from_stdin() if source == "-" else from_queue(source):
        try:
            handle(detail_of(body))
        except Exception as error:  # not deleted: SQS delivers it again, and after three times to the dead-letter queue
            print(f"failed: {type(error).__name__}", file=sys.stderr)
            continue
        delete()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
