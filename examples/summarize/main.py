"""Summarizes a text, and proves that it had the secret while doing so.

There is no model behind it, so that it runs anywhere: the summary is the text's most telling
sentences. But the secret is really used: the summary is signed with OPENAI_API_KEY (HMAC-SHA256).
Who has the key can check that; nobody else learns anything of it.
"""

import hashlib
import hmac
import os
import re
from collections import Counter
from dataclasses import dataclass

from nightsafe import load, next_step, progress, run, task


@dataclass
class Text:
    """The payload."""

    text: str
    sentences: int = 2

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("text has nothing to summarize")
        if not 1 <= self.sentences <= 20:
            raise ValueError("sentences must be from 1 to 20")


@load
def key() -> bytes:
    """The secret, as its bytes are; a program without it doesn't get ready."""
    return os.fsencode(os.environ["OPENAI_API_KEY"])


@task("summarize")
def summarize(payload: Text, key: bytes) -> dict[str, object]:
    """Picks the most telling sentences and signs them."""
    sentences = split(payload.text)
    progress(f"read {len(sentences)} sentences")
    chosen = most_telling(sentences, payload.sentences)
    summary = " ".join(chosen)
    progress("signing the summary")
    if len(chosen) == len(sentences):
        next_step("give a longer text: this one was too short to leave anything out")
    else:
        next_step("call your model in summarize(), see examples/summarize/README.md")
    return {
        "summary": summary,
        "sentences": {"read": len(sentences), "kept": len(chosen)},
        "signature": hmac.new(key, summary.encode(), hashlib.sha256).hexdigest(),
    }


def split(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?])\s+", " ".join(text.split())) if part]


def most_telling(sentences: list[str], count: int) -> list[str]:
    """The sentences whose words the text uses most, in the text's order."""
    words = [re.findall(r"\w{4,}", sentence.lower()) for sentence in sentences]
    weight = Counter(word for each in words for word in each)

    def telling(index: int) -> float:
        # Divided by the length, else the longest sentence always wins; + 3, else the shortest does.
        return sum(weight[word] for word in set(words[index])) / (len(words[index]) + 3)

    best = sorted(range(len(sentences)), key=telling, reverse=True)[:count]
    return [sentences[index] for index in sorted(best)]


if __name__ == "__main__":
    run()
