#!/usr/bin/env python3
"""Renders films of a library through a server and measures them next to ffmpeg encoding the same frames.

    scripts/reference/films.py PATH/TO/recollect PHOTOS [--data DIR] [--sheets DIR] [--quick] [PROMPT …]

Of each film: its length against the storyboard's, its loudness, stretches that are black or stand still, media shown twice,
and the time it took, next to the time that ffmpeg alone needs for its frames: decoding and encoding them with the same
settings, less decoding them. Of the first film also: one shot changed and rendered again; rendered by a server that is
killed in between; rendered anew from the same storyboard, frame by frame the same; cancelled half-way (not with --quick).
--data: a library that is indexed already. --sheets: where a contact sheet of each film goes. --faces: a folder with YuNet
(yunet_n_dynamic.onnx) and MobileFaceNet, by which faces in a frame a second are found; those that touch the frame are
counted, whether the film or the photographer cut them. Needs ffmpeg and ffprobe.
"""

import argparse
import base64
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PROMPTS = [
    "a 60 second film of our best moments",
    "a film of last year, lively, 40 seconds",
    "a gentle film of our animals, 30 seconds",
    "a 30 second film of our holidays, vertical for the phone",
    "a nostalgic film of everybody through the years, square, 30 seconds, no captions",
]
ENCODER = ["-c:v", "libx264", "-preset", "medium", "-crf", "19", "-bf", "2", "-g", "120", "-threads", "2"]


class Server:
    """A server on a library of its own."""

    def __init__(self, program, data, photos):
        self.arguments = [program, "--data", str(data), "run", "--port", "0", str(photos)]
        self.log = open(Path(data).parent / "server.log", "ab")
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.process.stdout:
            if found := re.match(r"Recollect is at (\S+)", line):
                self.url = found[1].rstrip("/")
                return
        sys.exit("films: the server does not start")

    def ask(self, method, path, body=None):
        request = urllib.request.Request(f"{self.url}/api/v1{path}", method=method)
        request.add_header("content-type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        sent = None if body is None else json.dumps(body).encode()
        try:
            return json.load(opener.open(request, sent))["data"]
        except urllib.error.HTTPError as error:
            sys.exit(f"films: {method} {path}: {error.read().decode()}")

    def settle(self):
        """Waits until everything is indexed."""
        while True:
            time.sleep(2)
            status = self.ask("GET", "/status")
            counts = status["jobs"]
            if not status["indexing"] and status["media"] and not counts["queued"] and not counts["running"]:
                return

    def seconds(self):
        """Processor seconds of it and of the programs that it has run."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:15]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.terminate()
        self.process.wait()


def state(film):
    """The render of its storyboard as it is now."""
    current = (render for render in film["renders"] if render["quality"] == "full" and render["current"])
    return next(current, {"state": "none", "progress": 0})


def wait(server, film, until=1.0):
    """Waits until a film is rendered, or so far."""
    while True:
        now = state(server.ask("GET", f"/films/{film}"))
        if now["state"] in ("failed", "cancelled"):
            sys.exit(f"films: {now}")
        if now["state"] == "done" or now["progress"] >= until:
            return now
        time.sleep(0.2)


def render(server, film):
    """Renders a film; wall and processor seconds."""
    began, used = time.monotonic(), server.seconds()
    server.ask("POST", f"/films/{film}/render?quality=full", {})
    wait(server, film, 2.0)
    return time.monotonic() - began, server.seconds() - used


def ffmpeg(*arguments):
    return subprocess.run(["ffmpeg", "-hide_banner", "-nostdin", *map(str, arguments)], capture_output=True, text=True, check=True)


def timed(*arguments):
    """Wall and processor seconds of one run of ffmpeg."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ffmpeg(*arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, used


def encoding(video):
    """Wall and processor seconds that encoding the frames of a video takes by itself."""
    decode = timed("-threads", "2", "-i", video, "-an", "-f", "null", "-")
    both = timed("-threads", "2", "-i", video, "-an", *ENCODER, "-f", "mp4", "-y", video.with_suffix(".again.mp4"))
    video.with_suffix(".again.mp4").unlink()
    # ffmpeg decodes beside encoding: where both cores are busy, what decoding takes of them is its processor time by two.
    return both[0] - decode[1] / 2, both[1] - decode[1]


def frames(video):
    return ffmpeg("-i", video, "-an", "-f", "framemd5", "-").stdout


def check(video, board):
    """What is wrong with a film, and its figures."""
    told = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "format=duration:stream=codec_name,width,height", "-of", "json", video],
        capture_output=True, text=True, check=True).stdout
    told = json.loads(told)
    seconds = float(told["format"]["duration"])
    wanted = planned(board)
    heard = ffmpeg("-i", video, "-vn", "-af", "ebur128", "-f", "null", "-").stderr
    loudness = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", heard)[-1])
    # A film comes out of black and goes back to it; a still that does not move at all for a second is a fault.
    seen = ffmpeg("-i", video, "-an", "-vf", "blackdetect=d=0.4:pix_th=0.05,freezedetect=n=-70dB:d=1", "-f", "null", "-").stderr
    black = [tuple(map(float, pair)) for pair in re.findall(r"black_start:([\d.]+) black_end:([\d.]+)", seen)]
    black = [pair for pair in black if 1 < pair[0] and pair[1] < seconds - 1]
    frozen = [float(at) for at in re.findall(r"freeze_start: ([\d.]+)", seen) if float(at) < seconds - 2.5]
    media = [shot["media"] for shot in board["shots"] if shot["show"]["kind"] != "card"]
    faults = []
    if abs(seconds - wanted) > 0.02 * wanted:
        faults.append(f"{seconds:.2f} s long, planned {wanted:.2f}")
    if abs(loudness + 14) > 1:
        faults.append(f"{loudness} LUFS")
    if black:
        faults.append(f"black at {black}")
    if frozen:
        faults.append(f"stands still at {frozen}")
    if len(media) != len(set(media)):
        faults.append("a medium is shown twice")
    size = next(f"{stream['width']}x{stream['height']}" for stream in told["streams"] if "width" in stream)
    return f"{seconds:.1f} s {size}, {len(board['shots'])} shots, {loudness} LUFS: " + ("; ".join(faults) or "no fault found")


def planned(board):
    return sum(shot["duration_ms"] for shot in board["shots"]) / 1000


def cut_faces(program, models, video):
    """How many faces a frame a second shows, and the seconds in which one touches the edge of the frame."""
    port, folder = 18978, Path(tempfile.mkdtemp())
    files = [argument for name in ("yunet_n_dynamic", "mobilefacenet") for argument in ("--model", models / f"{name}.onnx")]
    engine = subprocess.Popen(
        [Path(program).with_name("recollect-encoder"), "--listen", f"127.0.0.1:{port}", *files], stderr=subprocess.DEVNULL)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        ffmpeg("-i", video, "-vf", "fps=1,scale=960:960:force_original_aspect_ratio=decrease", "-q:v", "3", folder / "%04d.jpg")
        for _ in range(100):
            try:
                opener.open(f"http://127.0.0.1:{port}/health")
                break
            except OSError:
                time.sleep(0.2)
        count, touching = 0, []
        for second, frame in enumerate(sorted(folder.glob("*.jpg"))):
            image = "data:image/jpeg;base64," + base64.b64encode(frame.read_bytes()).decode()
            body = json.dumps({"images": [image], "features": ["faces"]}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/v1/images/annotations", body, {"content-type": "application/json"})
            for face in json.load(opener.open(request))["data"][0]["faces"]:
                x, y, w, h = face["box"]
                if face["score"] < 0.8:
                    continue
                count += 1
                if min(x, y) < 0.002 or max(x + w, y + h) > 0.998:
                    touching.append(second)
        return count, touching
    finally:
        engine.terminate()
        engine.wait()
        shutil.rmtree(folder, ignore_errors=True)


def sheet(video, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    ffmpeg("-i", video, "-vf", "fps=1,scale=256:256:force_original_aspect_ratio=decrease,tile=6x8", "-frames:v", "1", "-y", folder / f"{name}.png")


def say(what, words):
    print(f"{what:<28} {words}", flush=True)


def through_the_first(server, film, board, video, whole):
    """One shot changed; killed and gone on; made anew; cancelled."""
    shots = board["shots"]
    middle = next(at for at in range(len(shots) // 2, len(shots)) if shots[at]["show"]["kind"] == "still")
    before = frames(video)
    changed = json.loads(json.dumps(board))
    changed["shots"][middle]["show"]["path"]["from"], changed["shots"][middle]["show"]["path"]["to"] = (
        shots[middle]["show"]["path"]["to"], shots[middle]["show"]["path"]["from"])
    version = server.ask("PUT", f"/films/{film}/storyboard", {"storyboard": changed, "version": server.ask("GET", f"/films/{film}")["version"]})
    wall, used = render(server, version["id"])
    lines = [[line for line in listed.splitlines() if not line.startswith("#")]
             for listed in (before, frames(fetch(server, version["id"], video.with_name("changed.mp4"))))]
    other = [at for at, pair in enumerate(zip(*lines)) if pair[0] != pair[1]]
    told = f"{len(other)} of {len(lines[0])} frames differ, {other[0]} to {other[-1]}" if other else "NO FRAME DIFFERS"
    say("one shot changed", f"{wall:.1f} s, {wall / whole[0]:.3f} of the whole (processor time {used / whole[1]:.3f}), "
        f"{len(shots)} shots, shot {middle + 1}: {told}")

    again = server.ask("POST", "/films", {"prompt": "the same again", "storyboard": board})["id"]
    server.ask("POST", f"/films/{again}/render?quality=full", {})
    reached = wait(server, again, 0.45)["progress"]
    server.kill()
    server.start()
    began = time.monotonic()
    wait(server, again, 2.0)
    rest = time.monotonic() - began
    video_again = fetch(server, again, video.with_name("again.mp4"))
    same = "the same frames" if frames(video_again) == before else "OTHER FRAMES"
    say("killed and gone on", f"killed at {reached:.0%}, then {rest:.1f} s ({rest / whole[0]:.2f} of the whole): {same}")

    folder = next(Path(server.arguments[2]).rglob(again))
    third = server.ask("POST", "/films", {"prompt": "and once more", "storyboard": board})["id"]
    server.ask("POST", f"/films/{third}/render?quality=full", {})
    wait(server, third, 0.3)
    server.ask("POST", f"/films/{third}/cancel?quality=full", {})
    time.sleep(5)
    left = [str(path.name) for path in (folder.parent / third).rglob("*") if path.is_file()] if (folder.parent / third).exists() else []
    say("cancelled", f"leaves {left or 'nothing'}")


def fetch(server, film, path):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{server.url}/api/v1/films/{film}/video?quality=full") as got, open(path, "wb") as file:
        shutil.copyfileobj(got, file)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("photos", type=Path)
    parser.add_argument("prompts", nargs="*", metavar="PROMPT")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--faces", type=Path)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_intermixed_args()
    work = Path(tempfile.mkdtemp())
    server = Server(given.program, given.data or work / "data", given.photos)
    try:
        server.settle()
        for number, prompt in enumerate(given.prompts or PROMPTS):
            film = server.ask("POST", "/films", {"prompt": prompt})
            board = film["storyboard"]
            whole = render(server, film["id"])
            video = fetch(server, film["id"], work / f"{number}.mp4")
            alone = encoding(video)
            say(f"film {number + 1}", f"{check(video, board)} ({prompt})")
            say("  rendering", f"{whole[0]:.1f} s; ffmpeg alone {alone[0]:.1f} s: {whole[0] / alone[0]:.2f} times as long "
                f"(processor time {whole[1]:.1f} s, {whole[1] / alone[1]:.2f} times as much)")
            if given.faces:
                count, touching = cut_faces(given.program, given.faces, video)
                say("  faces", f"{count} in a frame a second, {len(touching)} at the edge" + (f": seconds {touching}" if touching else ""))
            if given.sheets:
                sheet(video, given.sheets, f"film-{number + 1}")
            if number == 0 and not given.quick:
                through_the_first(server, film["id"], board, video, whole)
    finally:
        server.end()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
