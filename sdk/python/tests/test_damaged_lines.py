"""Damaged lines from the runner: each gets one answer, and the program goes on."""

import json
import os
import random
from collections.abc import Mapping
from typing import Any, cast

import pytest

from nightsafe.channel import Channel
from nightsafe.loop import _answer
from nightsafe.program import Program
from nightsafe.result import encode

SEEDS = [
    b'{"task_id":"1","type":"echo","payload":{"a":[1,2.5,null,true,"\\u00e4\\ud83d\\ude00"]},"retry_count":0}',
    b'{"task_id":7,"payload":{"text":"\xc3\xa4","n":-0.0,"big":12345678901234567890}}',
    b'{"task_id":"x","payload":' + b"[" * 60 + b"]" * 60 + b"}",
    b"[]",
    b'{"task_id":"\\ud800","payload":1}',
    b'{"task_id":"1","payload":1e400}',
    b'{"task_id":"1","payload":NaN}',
]
PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"\\",
    b"\\ud800",
    b"\x00",
    b"\xff",
    b"\xef\xbb\xbf",
    b"null",
    b"-",
    b"1e999",
    b"Infinity",
    b'"task_id":',
    b'"payload":',
    b"9" * 5000,
    b"[" * 3000,
    b"\\u0000",
    b" ",
]


class SilentChannel:
    """Takes progress, which an echo doesn't send."""

    def send(self, message: Mapping[str, Any]) -> None:
        encode(dict(message))


def damaged(line: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(line) + 1)
        end = min(len(line), start + chance.choice([0, 1, 1, 5, 40]))
        piece = chance.choice([chance.choice(PIECES), chance.randbytes(3), line[start:end], b""])
        line = line[:start] + piece + line[end:]
    return line.replace(b"\n", b" ")


def echo(payload: object) -> object:
    return payload


@pytest.mark.parametrize("seed", [int(os.environ.get("SEED", "1")), 2, 3])
def test_a_damaged_line_gets_one_answer_that_is_json_and_names_a_task(seed: int) -> None:
    chance = random.Random(seed)
    program = Program()
    program.add_handler(echo, ())
    program.start()
    channel = cast(Channel, SilentChannel())
    for line in [*SEEDS, *(damaged(chance.choice(SEEDS), chance) for _ in range(1500))]:
        written = encode(_answer(program, channel, line))
        answer = json.loads(written)
        assert written.count(b"\n") == 1, line
        assert type(answer["task_id"]) in (str, int), line
        assert (answer["error"] is None) or answer["result"] is None, line
