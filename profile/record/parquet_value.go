package record

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/parquet/pqarrow"
)

// A valueText converts between the values of a Parquet column and the texts of its cells. Parquet stores
// a value as an integer, a float or bytes; the functions of the storage that a type cannot have are nil.
// Parsing is strict: a text that the type cannot hold exactly is refused.
type valueText struct {
	tag Tag

	appendInt   func(dst []byte, v int64) []byte
	appendFloat func(dst []byte, v float64) []byte
	appendBytes func(dst, v []byte) []byte

	parseInt   func(s string) (int64, bool)
	parseFloat func(s string) (float64, bool)
	parseBytes func(s string) ([]byte, bool)
}

// textOf returns the conversions of an Arrow type.
func textOf(dt arrow.DataType) valueText {
	switch dt := dt.(type) {
	case *arrow.Int8Type, *arrow.Int16Type, *arrow.Int32Type, *arrow.Int64Type, *arrow.DurationType:
		return signedText(dt.(arrow.FixedWidthDataType).BitWidth())
	case *arrow.Uint8Type, *arrow.Uint16Type, *arrow.Uint32Type, *arrow.Uint64Type:
		return unsignedText(dt.(arrow.FixedWidthDataType).BitWidth())
	case *arrow.Float16Type:
		return valueText{tag: Number, appendBytes: appendHalf, parseBytes: parseHalf}
	case *arrow.Float32Type:
		return floatText(32)
	case *arrow.Float64Type:
		return floatText(64)
	case arrow.DecimalType:
		return decimalText(int(dt.GetPrecision()), int(dt.GetScale()))
	case *arrow.Date32Type, *arrow.Date64Type:
		return valueText{tag: Text, appendInt: appendDate, parseInt: parseDate32}
	case *arrow.Time32Type:
		return clockText(perSecond(dt.Unit))
	case *arrow.Time64Type:
		return clockText(perSecond(dt.Unit))
	case *arrow.TimestampType:
		return timestampText(perSecond(dt.Unit), dt.TimeZone != "")
	case *arrow.FixedSizeBinaryType:
		return bytesText(func(s string) ([]byte, bool) { return []byte(s), len(s) == dt.ByteWidth })
	case *arrow.StringType, *arrow.LargeStringType:
		return bytesText(func(s string) ([]byte, bool) { return []byte(strings.ToValidUTF8(s, "\ufffd")), true })
	}
	return bytesText(func(s string) ([]byte, bool) { return []byte(s), true })
}

func bytesText(parse func(string) ([]byte, bool)) valueText {
	return valueText{tag: Text, appendBytes: func(dst, v []byte) []byte { return append(dst, v...) }, parseBytes: parse}
}

// wholeNumber drops a fraction of zeros: 12.0 is an integer.
func wholeNumber(s string) string {
	whole, frac, point := strings.Cut(s, ".")
	if point && whole != "" && strings.Trim(frac, "0") == "" {
		return whole
	}
	return s
}

func signedText(size int) valueText {
	return valueText{
		tag:       Number,
		appendInt: func(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) },
		parseInt: func(s string) (int64, bool) {
			v, err := strconv.ParseInt(wholeNumber(s), 10, size)
			return v, err == nil
		},
	}
}

// unsignedText keeps a value in the int64 of the same bits, or for up to 32 bits of the same 32 bits.
func unsignedText(size int) valueText {
	mask := uint64(1)<<size - 1
	if size == 64 {
		mask = math.MaxUint64
	}
	return valueText{
		tag:       Number,
		appendInt: func(dst []byte, v int64) []byte { return strconv.AppendUint(dst, uint64(v)&mask, 10) },
		parseInt: func(s string) (int64, bool) {
			v, err := strconv.ParseUint(wholeNumber(s), 10, size)
			return int64(v), err == nil
		},
	}
}

func floatText(size int) valueText {
	return valueText{
		tag:         Number,
		appendFloat: func(dst []byte, v float64) []byte { return strconv.AppendFloat(dst, v, 'f', -1, size) },
		parseFloat: func(s string) (float64, bool) {
			v, err := strconv.ParseFloat(s, size)
			return v, err == nil
		},
	}
}

func decimalText(precision, scale int) valueText {
	width := int(pqarrow.DecimalSize(int32(precision)))
	return valueText{
		tag:         Number,
		appendInt:   func(dst []byte, v int64) []byte { return appendDecimalInt(dst, v, scale) },
		appendBytes: func(dst, v []byte) []byte { return appendDecimalBytes(dst, v, scale) },
		parseBytes:  func(s string) ([]byte, bool) { return parseDecimal(s, precision, scale, width) },
	}
}

func parseDate32(s string) (int64, bool) {
	days, ok := parseDate(s)
	return days, ok && int64(int32(days)) == days
}

func clockText(per int64) valueText {
	return valueText{
		tag:       Text,
		appendInt: func(dst []byte, v int64) []byte { return appendClock(dst, v, per) },
		parseInt:  func(s string) (int64, bool) { return parseClock(s, per) },
	}
}

func timestampText(per int64, zoned bool) valueText {
	return valueText{
		tag: Text,
		appendInt: func(dst []byte, v int64) []byte {
			dst = appendTimestamp(dst, v, per)
			if zoned {
				dst = append(dst, 'Z')
			}
			return dst
		},
		parseInt: func(s string) (int64, bool) { return parseTimestamp(s, per) },
	}
}

// appendInt96 appends Impala's old timestamp: nanoseconds of the day in 8 bytes, then the Julian day in 4.
func appendInt96(dst, v []byte) []byte {
	const julianEpoch = 2440588 // the Julian day of 1970-01-01
	nanos := int64(binary.LittleEndian.Uint64(v))
	days := int64(int32(binary.LittleEndian.Uint32(v[8:]))) - julianEpoch
	const perDay = secondsPerDay * 1e9
	days, nanos = days+floorDiv(nanos, perDay), nanos-floorDiv(nanos, perDay)*perDay
	return appendClock(append(appendDate(dst, days), 'T'), nanos, 1e9)
}
