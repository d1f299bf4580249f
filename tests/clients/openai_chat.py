"""Talks to recollect-llama with OpenAI's own Python client, as a program of somebody else would.

Usage: openai_chat.py CHAT_URL EMBEDDINGS_URL TOKEN
"""

import json
import sys

from openai import APIStatusError, AuthenticationError, BadRequestError, NotFoundError, OpenAI

chat_url, embeddings_url, token = sys.argv[1:4]
client = OpenAI(base_url=chat_url + "/v1", api_key=token, max_retries=0)
model = client.models.list().data[0].id
messages = [{"role": "system", "content": "Be brief. "}, {"role": "user", "content": "What is in the picture?"}]

# A whole answer, and the same one piece by piece.
whole = client.chat.completions.create(model=model, messages=messages, temperature=0, max_tokens=24)
assert whole.choices[0].finish_reason == "length" and whole.usage.completion_tokens == 24, whole
text = whole.choices[0].message.content
pieces, usage = [], None
for chunk in client.chat.completions.create(
    model=model, messages=messages, temperature=0, max_completion_tokens=24, stream=True,
    stream_options={"include_usage": True},
):
    pieces += [choice.delta.content or "" for choice in chunk.choices]
    usage = chunk.usage or usage
assert "".join(pieces) == text, (pieces, text)
assert usage.completion_tokens == 24 and usage.prompt_tokens_details.cached_tokens > 0, usage

# An answer in a demanded form.
schema = {"type": "object", "properties": {"day": {"enum": ["monday", "sunday"]}}, "required": ["day"],
          "additionalProperties": False}
answer = client.chat.completions.create(
    model=model, messages=messages, temperature=1, seed=3,
    response_format={"type": "json_schema", "json_schema": {"name": "day", "schema": schema, "strict": True}},
)
assert json.loads(answer.choices[0].message.content)["day"] in ("monday", "sunday"), answer

# A call of a tool, its result, and a stream of calls.
tools = [{"type": "function", "function": {"name": "count_media", "description": "Counts.", "parameters": {
    "type": "object", "properties": {"kind": {"enum": ["photo", "video"]}}, "required": ["kind"],
    "additionalProperties": False}}}]
called = client.chat.completions.create(
    model=model, messages=messages, tools=tools, tool_choice="required", parallel_tool_calls=False, temperature=0)
choice = called.choices[0]
assert choice.finish_reason == "tool_calls", called
call = choice.message.tool_calls[0]
assert call.function.name == "count_media" and json.loads(call.function.arguments)["kind"] in ("photo", "video"), call
messages += [choice.message.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": "4"}]
client.chat.completions.create(model=model, messages=messages, tools=tools, max_tokens=4)
names = []
for chunk in client.chat.completions.create(
    model=model, messages=messages[:2], tools=tools, tool_choice={"type": "function", "function": {"name": "count_media"}},
    temperature=0, stream=True,
):
    for delta in chunk.choices[0].delta.tool_calls or []:
        names.append(delta.function.name)
assert "count_media" in names, names

# Errors have the client's own types.
for kind, ask in [
    (NotFoundError, lambda: client.chat.completions.create(model="other", messages=messages[:2])),
    (BadRequestError, lambda: client.chat.completions.create(model=model, messages=[])),
    (AuthenticationError, lambda: OpenAI(base_url=chat_url + "/v1", api_key="no").models.list()),
    (BadRequestError, lambda: client.embeddings.create(model=model, input="a")),
]:
    try:
        ask()
    except kind as error:
        assert isinstance(error, APIStatusError) and error.body["message"], error
    else:
        raise AssertionError(f"{kind.__name__} was not raised")

# Embeddings; the client asks for base64 by itself.
embedder = OpenAI(base_url=embeddings_url + "/v1", api_key=token)
name = embedder.models.list().data[0].id
one, two, again = embedder.embeddings.create(model=name, input=["a beach", "a mountain", "a beach"]).data
assert len(one.embedding) == len(two.embedding) == 64 and one.embedding != two.embedding
assert max(abs(x - y) for x, y in zip(one.embedding, again.embedding)) < 1e-5
assert abs(sum(x * x for x in one.embedding) - 1) < 1e-4

print("ok")
