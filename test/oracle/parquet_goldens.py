"""Parquet files of every kind of column, coding and page, and what pyarrow says is in them.

Writes golden/parquet/<name>.parquet and golden/parquet/values.json.gz: by file the rows as JSON values. Cells are written as the lab shows
them: decimals as their digits, times as ISO text in their unit (with Z where they have a time zone), binary data as text where it is
UTF-8, floats by Python's repr, whole numbers as digits beyond 2^53.

    python parquet_goldens.py            (pyarrow 26)
"""

import gzip
import json
import math
from datetime import date, datetime, time, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

out = Path(__file__).parent / "golden" / "parquet"
out.mkdir(parents=True, exist_ok=True)
values = {}


def cell(value, kind):
    if value is None:
        return None
    if pa.types.is_dictionary(kind):
        return cell(value, kind.value_type)
    if pa.types.is_map(kind):
        return {k: cell(v, kind.item_type) for k, v in value}
    if pa.types.is_struct(kind):
        return {field.name: cell(value[field.name], field.type) for field in kind}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [cell(v, kind.value_type) for v in value]
    if pa.types.is_timestamp(kind):
        return moment(value, kind)
    if pa.types.is_time(kind):
        digits = {"ms": 3, "us": 6, "ns": 9}[kind.unit]
        return fraction(f"{value:%H:%M:%S}", value.microsecond * 1000, digits)
    if pa.types.is_decimal(kind):
        return format(value, "f")
    if pa.types.is_date(kind):
        return value.isoformat()
    if pa.types.is_floating(kind):
        if math.isnan(value):
            return None
        if pa.types.is_float32(kind):
            # The shortest text that gives this 32-bit number again is not the lab's; the double's is.
            return repr(float(value))
        return repr(value)
    if isinstance(value, bytes):
        return value.decode("utf8")
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    return value


def fraction(text, nanoseconds, digits):
    part = f"{nanoseconds:09d}"[:digits].rstrip("0")
    return f"{text}.{part}" if part else text


def moment(value, kind):
    """`value` is the whole number of units since 1970."""
    unit = {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}[kind.unit]
    seconds, rest = divmod(value, unit)
    text = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    return fraction(text, rest * (10**9 // unit), 9) + ("Z" if kind.tz else "")


def plain(table):
    """Timestamps as whole numbers, as Python's own type ends at microseconds."""
    columns = {}
    for field in table.schema:
        column = table.column(field.name)
        kind = field.type
        if pa.types.is_timestamp(kind):
            column = column.cast(pa.int64())
        elif pa.types.is_list(kind) and pa.types.is_timestamp(kind.value_type):
            column = column.cast(pa.list_(pa.int64()))
        columns[field.name] = [cell(value, kind) for value in column.to_pylist()]
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def write(name, table, **options):
    pq.write_table(table, out / f"{name}.parquet", **options)
    values[name] = plain(table)


def cycle(items, count=None):
    return [items[n % len(items)] for n in range(count or len(items))]


moments = [0, -1, 1_709_251_200, 1_709_251_199, -2_208_988_800, None, 4_102_444_800]
scale = {"s": 1, "ms": 1000, "us": 10**6, "ns": 10**9}
extra = {"s": 0, "ms": 120, "us": 123_456, "ns": 123_456_789}
times = {}
for unit in scale:
    for zone in (None, "UTC", "Europe/Berlin"):
        stamps = [None if m is None else m * scale[unit] + (extra[unit] if n % 2 else 0) for n, m in enumerate(moments)]
        times[f"{unit} {zone or 'plain'}"] = pa.array(stamps, pa.timestamp(unit, tz=zone))
write("timestamps", pa.table(times))
write("timestamps-int96", pa.table({"ns": times["ns plain"], "us": times["us plain"]}), use_deprecated_int96_timestamps=True)
write("dates", pa.table({
    "date32": pa.array([date(1970, 1, 1), date(1969, 12, 31), None, date(2024, 2, 29), date(9999, 12, 31), date(1, 1, 1)], pa.date32()),
    "date64": pa.array([date(1970, 1, 1), date(1600, 1, 1), None, date(2024, 2, 29), date(2100, 1, 1), date(2000, 1, 1)], pa.date64()),
    "time ms": pa.array([time(0), time(23, 59, 59, 999_000), None, time(12, 30), time(1, 2, 3), time(0, 0, 0, 1000)], pa.time32("ms")),
    "time us": pa.array([time(0), time(23, 59, 59, 999_999), None, time(12, 30), time(1, 2, 3), time(0, 0, 0, 1)], pa.time64("us")),
    "time ns": pa.array([0, 86_399_999_999_000, None, 45_000_000_000_000, 1000, 2_000_000], pa.time64("ns")),
}))
write("decimals", pa.table({
    "d9": pa.array([Decimal("1.50"), Decimal("-0.05"), None, Decimal("9999999.99"), Decimal("0.00")], pa.decimal128(9, 2)),
    "d18": pa.array([Decimal("123456789012.345678"), Decimal("-1"), None, Decimal("0.000001"), Decimal("5")], pa.decimal128(18, 6)),
    "d38": pa.array([Decimal("12345678901234567890123456789012.345678"), Decimal("-99999999999999999999.5"), None, Decimal(0), Decimal(1)], pa.decimal128(38, 6)),
    "whole": pa.array([Decimal(10**30), Decimal(-7), None, Decimal(0), Decimal(1)], pa.decimal128(38, 0)),
    "d76": pa.array([Decimal("1" * 60 + ".25"), Decimal("-0.01"), None, Decimal(0), Decimal(1)], pa.decimal256(76, 2)),
}))
write("decimals-as-integers", pa.table({
    "d9": pa.array([Decimal("1.50"), Decimal("-0.05"), None, Decimal("9999999.99")], pa.decimal128(9, 2)),
    "d18": pa.array([Decimal("123456789012.345678"), Decimal("-1"), None, Decimal("0.000001")], pa.decimal128(18, 6)),
}), store_decimal_as_integer=True)
write("numbers", pa.table({
    **{f"{sign}int{bits}": pa.array([0, 1, 2 ** (bits - (not sign)) - 1, None, 0 if sign else -(2 ** (bits - 1))], f"{sign}int{bits}")
       for bits in (8, 16, 32, 64) for sign in ("", "u")},
    "float": pa.array([0.5, -0.0, float("inf"), None, 1e-7], pa.float32()),
    "double": pa.array([0.1, 5.0, float("nan"), None, 1e22], pa.float64()),
    "half": pa.array([0.5, 5.0, -2.0, None, 0.0], pa.float16()),
    "bool": pa.array([True, False, True, None, False]),
}))
words = ["plain", "é漢😀", "", None, "a, \"b\"\n", "plain"]
write("texts", pa.table({
    "string": pa.array(words),
    "large": pa.array(words, pa.large_string()),
    "view": pa.array(words, pa.string_view()),
    "dictionary": pa.array(words).dictionary_encode(),
    "binary": pa.array([w and w.encode() for w in words], pa.binary()),
    "fixed": pa.array([b"abcd", b"efgh", "é漢"[:1].encode() * 2, None, b"    ", b"0000"], pa.binary(4)),
    "nothing": pa.array([None] * 6, pa.null()),
}))
pair = pa.struct([("text", pa.string()), ("score", pa.float64())])
deep = pa.struct([("a", pa.struct([("b", pa.struct([("c", pa.list_(pa.int32()))]))])), ("d", pa.decimal128(9, 2))])
write("nested", pa.table({
    "list": pa.array([["a", None, "b"], [], None, ["c"]], pa.list_(pa.string())),
    "large list": pa.array([[1, 2], [], None, [3]], pa.large_list(pa.int64())),
    "fixed list": pa.array([[1, 2], [None, 3], None, [4, 5]], pa.list_(pa.int32(), 2)),
    "lists": pa.array([[["a"], [], None], [], None, [["b", "c"]]], pa.list_(pa.list_(pa.string()))),
    "structs": pa.array([[{"text": "a", "score": 1.0}, None, {"text": None, "score": 0.5}], [], None, [{"text": "b", "score": None}]], pa.list_(pair)),
    "struct": pa.array([{"text": "a", "score": 1.0}, {"text": None, "score": None}, None, {"text": "", "score": -2.5}], pair),
    "struct of lists": pa.array([{"text": ["a", "b"], "label": [0, 1]}, {"text": [], "label": []}, None, {"text": None, "label": [5]}],
                                pa.struct([("text", pa.list_(pa.string())), ("label", pa.list_(pa.int64()))])),
    "deep": pa.array([{"a": {"b": {"c": [1, None]}}, "d": Decimal("1.50")}, {"a": {"b": None}, "d": None}, {"a": None, "d": Decimal("0.01")}, None], deep),
    "map": pa.array([[("k", 1), ("l", None)], [], None, [("m", 3)]], pa.map_(pa.string(), pa.int32())),
    "map of lists": pa.array([[("k", ["a"])], [], None, [("m", None)]], pa.map_(pa.string(), pa.list_(pa.string()))),
    "times": pa.array([[0, None], [], None, [1_709_251_200_000_000]], pa.list_(pa.timestamp("us"))),
    "decimals": pa.array([[Decimal("1.50"), None], [], None, [Decimal("-2.00")]], pa.list_(pa.decimal128(9, 2))),
    "one": pa.array([{"x": 1}, {"x": None}, None, {"x": 2}], pa.struct([("x", pa.int8())])),
}))

count = 300
many = pa.table({
    "text": pa.array([None if n % 7 == 3 else f"row {n} " + "word " * (n % 5) for n in range(count)]),
    "number": pa.array([None if n % 11 == 5 else n * n - 500 for n in range(count)], pa.int64()),
    "small": pa.array([n % 100 for n in range(count)], pa.int32()),
    "double": pa.array([None if n % 13 == 2 else n / 8 for n in range(count)]),
    "flag": pa.array([n % 3 == 0 for n in range(count)]),
    "list": pa.array([None if n % 17 == 1 else [f"{n}", None][: n % 3] for n in range(count)], pa.list_(pa.string())),
})
for codec in ("none", "snappy", "gzip", "zstd", "lz4", "brotli"):
    write(f"codec-{codec}", many, compression=codec, row_group_size=120)
    write(f"codec-{codec}-v2", many, compression=codec, row_group_size=120, data_page_version="2.0")
write("small-pages", many, data_page_size=256, write_batch_size=16, row_group_size=200)
write("small-pages-v2", many, data_page_size=256, write_batch_size=16, data_page_version="2.0", write_page_index=True)
write("page-index", many, data_page_size=256, write_batch_size=16, row_group_size=150, write_page_index=True)
plainly = {"use_dictionary": False, "row_group_size": 130}
write("delta", many, **plainly, column_encoding={"text": "DELTA_BYTE_ARRAY", "number": "DELTA_BINARY_PACKED", "small": "DELTA_BINARY_PACKED", "double": "BYTE_STREAM_SPLIT"})
write("delta-length", many, **plainly, column_encoding={"text": "DELTA_LENGTH_BYTE_ARRAY", "number": "BYTE_STREAM_SPLIT", "small": "BYTE_STREAM_SPLIT", "flag": "RLE"}, data_page_version="2.0")
write("required", pa.table(many.columns[2:3] + many.columns[4:5], schema=pa.schema([pa.field("small", pa.int32(), False), pa.field("flag", pa.bool_(), False)])))
fixed = pa.array([b"ab%02d" % (n % 90) for n in range(count)], pa.binary(4))
write("fixed-split", pa.table({"fixed": fixed, "half": pa.array([n / 2 for n in range(count)], pa.float16())}), use_dictionary=False, column_encoding={"fixed": "BYTE_STREAM_SPLIT", "half": "BYTE_STREAM_SPLIT"})

with pq.ParquetWriter(out / "empty-groups.parquet", many.schema) as writer:
    writer.write_table(many.slice(0, 0))
    writer.write_table(many.slice(0, 50))
    writer.write_table(many.slice(0, 0))
    writer.write_table(many.slice(50, 250))
    writer.write_table(many.slice(0, 0))
values["empty-groups"] = plain(many)
write("no-rows", many.slice(0, 0))

for path in out.glob("*.parquet"):
    if path.stem not in values:
        path.unlink()
with gzip.GzipFile(out / "values.json.gz", "wb", mtime=0) as file:
    file.write(json.dumps(values, ensure_ascii=False).encode())
