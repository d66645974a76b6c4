"""Reads the code in a picture of a screen, with the reader that the app has."""

from __future__ import annotations

import subprocess

from loadtests.service import REPOSITORY

_READER = """
import { readFileSync } from 'node:fs';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
const wasm = readFileSync('node_modules/zxing-wasm/dist/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length) } });
const found = await readBarcodes(new Uint8Array(readFileSync(0)), { formats: ['QRCode'] });
process.stdout.write(JSON.stringify(found.map(({ text }) => text)));
"""


def codes(png: bytes) -> str:
    """Return the texts of the codes in a picture, as a JSON array."""
    command = ["node", "--input-type=module", "--eval", _READER]
    done = subprocess.run(command, input=png, capture_output=True, cwd=REPOSITORY / "pwa", check=True, timeout=60)
    return done.stdout.decode()
