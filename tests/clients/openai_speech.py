"""Talks to recollect-whisper with OpenAI's own Python client, as a program of somebody else would.

Usage: openai_speech.py URL TOKEN SOUND SECONDS
The engine listens to a model of random weights and runs with --no-fallback: unsure as such a model is, whisper.cpp would
try again at random. SOUND is a recording of that length in which the model hears something.
"""

import sys
from pathlib import Path

from openai import APIStatusError, AuthenticationError, OpenAI

url, token, sound, seconds = sys.argv[1], sys.argv[2], Path(sys.argv[3]), float(sys.argv[4])
client = OpenAI(base_url=url + "/v1", api_key=token, max_retries=0)
models = client.models.list().data
assert [each.owned_by for each in models] == ["recollect"], models
model = models[0].id


def transcribe(**more):
    return client.audio.transcriptions.create(**{"model": model, "file": sound, "language": "en", **more})


# The text alone, and with everything that is known of it.
plain = transcribe(temperature=0)
assert plain.text, plain
whole = transcribe(response_format="verbose_json", timestamp_granularities=["word", "segment"])
assert whole.text == plain.text and whole.language == "english" and abs(whole.duration - seconds) < 0.01, whole
assert whole.words and whole.segments, whole
assert all(word.start <= word.end <= seconds + 0.1 for word in whole.words), whole.words
assert all(a.end <= b.start + 0.01 for a, b in zip(whole.segments, whole.segments[1:])), whole.segments

# The other forms: plain text and subtitles.
assert transcribe(response_format="text").strip() == plain.text
assert "00:00:0" in transcribe(response_format="srt")
assert transcribe(response_format="vtt").startswith("WEBVTT")

# The same piece by piece.
events = list(transcribe(stream=True))
heard = "".join(event.delta for event in events if event.type == "transcript.text.delta")
assert events[-1].type == "transcript.text.done" and events[-1].text == plain.text == heard.strip(), events

# A recording that is given as bytes, and one in another language that is wanted in English.
assert transcribe(file=("note.wav", sound.read_bytes())).text == plain.text
assert client.audio.translations.create(model=model, file=sound).text

# What is wrong is told in the client's own exceptions.
for broken, status in (({"model": "other"}, 404), ({"file": ("a.wav", b"no sound")}, 400), ({"language": "xx"}, 400)):
    try:
        transcribe(**broken)
        raise AssertionError(f"{broken} was accepted")
    except APIStatusError as error:
        assert error.status_code == status and error.message, (broken, error)
try:
    OpenAI(base_url=url + "/v1", api_key="wrong", max_retries=0).models.list()
    raise AssertionError("a wrong key was accepted")
except AuthenticationError:
    pass
print("ok")
