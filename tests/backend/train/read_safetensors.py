#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a safetensors file by the published description of the format, with nothing of Dubito: a line for each tensor,
"name dtype shape bits", the shape with x between the numbers, the bits of each number in hexadecimal with commas between.
"""
import json
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
(length,) = struct.unpack_from("<Q", data)
header = json.loads(data[8:8 + length])
header.pop("__metadata__")
begin = 8 + length
end = 0
for name, tensor in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
    assert tensor["dtype"] == "F32", tensor
    first, last = tensor["data_offsets"]
    assert first == end, "a hole before " + name
    end = last
    count = 1
    for size in tensor["shape"]:
        count *= size
    assert last - first == 4 * count, name
    bits = struct.unpack_from("<%dI" % count, data, begin + first)
    print(name, tensor["dtype"], "x".join(map(str, tensor["shape"])), ",".join("%08x" % number for number in bits))
assert begin + end == len(data), "bytes that belong to nobody"
