"""The few requests to a broker that the tests need beside tocsin's own, each on a connection of its own.

Brokers are HOST:PORT; requests are of the oldest versions that Kafka 3 and 4 both speak, whose layouts
are at https://kafka.apache.org/protocol. A refusal is an AssertionError.
"""
import dataclasses
import socket
import struct

METADATA, CREATE_TOPICS, DELETE_TOPICS = (3, 1), (19, 2), (20, 1)  # with their versions
INCREMENTAL_ALTER_CONFIGS = (44, 0)
TOPIC, SET = 2, 0  # a kind of resource, and what is done to its setting
ANSWERS_WITHIN = 30.0


@dataclasses.dataclass(frozen=True)
class Partition:
    leader: int  # a broker's number; -1: none
    replicas: tuple
    in_sync: tuple


def partitions_of(topic, broker):
    """[Partition], as this broker sees them; empty when it has not heard of the topic."""
    answer = _ask(broker, METADATA, _list([topic], _text))
    for _ in range(answer.number()):
        answer.number(), answer.text(), answer.number(), answer.text()  # a broker, and its rack
    answer.number()  # the controller
    found = {}
    for _ in range(answer.number()):
        answer.number("h"), answer.text(), answer.number("b")  # error, name, is it Kafka's own
        for _ in range(answer.number()):
            answer.number("h")
            number = answer.number()
            found[number] = Partition(answer.number(), answer.numbers(), answer.numbers())
    return [found[number] for number in sorted(found)]


def make_topic(topic, broker, partitions, copies=1, **settings):
    """Settings as Kafka names them, with _ for each dot."""
    wanted = (_text(topic) + struct.pack(">ihi", partitions, copies, 0)
              + _list(settings.items(), lambda pair: _text(_name(pair[0])) + _text(pair[1])))
    answer = _ask(broker, CREATE_TOPICS,
                  struct.pack(">i", 1) + wanted + struct.pack(">ib", int(ANSWERS_WITHIN * 1000), 0))
    answer.number(), answer.number(), answer.text()
    answer.expect_no_error()


def delete_topic(topic, broker):
    answer = _ask(broker, DELETE_TOPICS,
                  _list([topic], _text) + struct.pack(">i", int(ANSWERS_WITHIN * 1000)))
    answer.number(), answer.number(), answer.text()
    answer.expect_no_error()


def set_topic(topic, broker, **settings):
    changes = _list(settings.items(), lambda pair: (
        _text(_name(pair[0])) + struct.pack(">b", SET) + _text(pair[1])))
    answer = _ask(broker, INCREMENTAL_ALTER_CONFIGS, struct.pack(">ib", 1, TOPIC) + _text(topic)
                  + changes + struct.pack(">b", 0))
    answer.number(), answer.number()
    answer.expect_no_error()


def _name(keyword):
    return keyword.replace("_", ".")


def _text(value):
    data = str(value).encode()
    return struct.pack(">h", len(data)) + data


def _list(values, pack):
    return struct.pack(">i", len(values)) + b"".join(pack(value) for value in values)


def _ask(broker, request, body):
    host, port = broker.split(":")
    with socket.create_connection((host, int(port)), timeout=ANSWERS_WITHIN) as connection:
        stream = connection.makefile("rwb")
        head = struct.pack(">hhih", *request, 0, -1)  # neither a number of ours nor a name
        stream.write(struct.pack(">i", len(head) + len(body)) + head + body)
        stream.flush()
        (length,) = struct.unpack(">i", stream.read(4))
        return _Answer(stream.read(length))


class _Answer:
    """Read from the front."""

    def __init__(self, data):
        self.data, self.at = data, 4  # behind the request's number

    def number(self, kind="i"):
        (value,) = struct.unpack_from(">" + kind, self.data, self.at)
        self.at += struct.calcsize(kind)
        return value

    def numbers(self):
        return tuple(self.number() for _ in range(self.number()))

    def text(self):
        length = max(0, self.number("h"))
        self.at += length
        return self.data[self.at - length:self.at].decode()

    def expect_no_error(self):
        if (error := self.number("h")) != 0:
            words = self.text() if self.at < len(self.data) else ""
            raise AssertionError(f"Kafka answered error {error}: {words}")
