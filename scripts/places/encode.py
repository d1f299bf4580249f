"""Writes the data files. `src/ingest/places/data.rs` reads them and documents the format."""

import brotli  # the only package beside Python's own that the build imports


class Section:
    """Bytes of one section: variable-length integers and strings."""

    def __init__(self):
        self.bytes = bytearray()

    def unsigned(self, value: int) -> None:
        """Seven bits a byte, the lowest first; the top bit says that more follow."""
        while value > 127:
            self.bytes.append(value & 127 | 128)
            value >>= 7
        self.bytes.append(value)

    def signed(self, value: int) -> None:
        """Zigzag: small magnitudes of either sign stay short."""
        self.unsigned(value * 2 if value >= 0 else -value * 2 - 1)


def text(lines: list[str]) -> bytes:
    """Lines as one section."""
    assert not any("\n" in line for line in lines)
    return "\n".join(lines).encode("utf-8")


def write(path, sections: list[bytes]) -> None:
    """All sections, each after its length, compressed as one brotli stream."""
    whole = Section()
    for section in sections:
        whole.unsigned(len(section))
        whole.bytes += section
    packed = brotli.compress(bytes(whole.bytes), quality=11, lgwin=24)
    path.write_bytes(packed)
    print(f"{path.name}: {len(whole.bytes):,} bytes, {len(packed):,} compressed")
