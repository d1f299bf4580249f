#!/usr/bin/env python3
"""Speaks to a running recollect-whisper with OpenAI's own Python client, which knows nothing of us.

    python3 -m venv V && V/bin/pip install openai numpy
    V/bin/python scripts/reference/openai_speech.py http://127.0.0.1:PORT [MODEL]

A model with random weights is so unsure that whisper.cpp tries again at random: start the engine with --no-fallback.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import whisper_random  # noqa: E402
from openai import APIStatusError, OpenAI  # noqa: E402


def main() -> None:
    address, model = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "whisper-1"
    client = OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        whisper_random.write_wav(sound, whisper_random.sound(4))
        create = client.audio.transcriptions.create
        plain = create(model=model, file=sound, language="en", temperature=0)
        assert plain.text
        whole = create(model=model, file=sound, language="en", response_format="verbose_json",
                       timestamp_granularities=["word", "segment"])
        assert whole.text == plain.text and whole.language == "english" and abs(whole.duration - 4) < 0.01
        assert whole.words and whole.segments and whole.words[0].start <= whole.words[0].end
        assert "00:00:0" in create(model=model, file=sound, language="en", response_format="srt")
        assert create(model=model, file=sound, language="en", response_format="vtt").startswith("WEBVTT")
        assert create(model=model, file=sound, language="en", response_format="text").strip() == plain.text
        events = list(create(model=model, file=sound, language="en", stream=True))
        heard = "".join(event.delta for event in events if event.type == "transcript.text.delta")
        assert events[-1].type == "transcript.text.done" and events[-1].text == plain.text == heard.strip()
        assert client.audio.translations.create(model=model, file=sound).text
        assert [each.owned_by for each in client.models.list()] == ["recollect"]
        try:
            create(model="other", file=sound)
            raise AssertionError("another model was accepted")
        except APIStatusError as error:
            assert (error.status_code, error.code) == (404, "model_not_found")
    print("OpenAI's client understands recollect-whisper: text, words, subtitles, stream, translation, models, errors")


if __name__ == "__main__":
    main()
