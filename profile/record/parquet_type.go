package record

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/apache/arrow/go/v17/arrow"
)

// plainTypes are the types without parameters.
var plainTypes = map[Type]arrow.DataType{
	"null": arrow.Null, "bool": arrow.FixedWidthTypes.Boolean,
	"int8": arrow.PrimitiveTypes.Int8, "int16": arrow.PrimitiveTypes.Int16,
	"int32": arrow.PrimitiveTypes.Int32, "int64": arrow.PrimitiveTypes.Int64,
	"uint8": arrow.PrimitiveTypes.Uint8, "uint16": arrow.PrimitiveTypes.Uint16,
	"uint32": arrow.PrimitiveTypes.Uint32, "uint64": arrow.PrimitiveTypes.Uint64,
	"float16": arrow.FixedWidthTypes.Float16, "float": arrow.PrimitiveTypes.Float32, "double": arrow.PrimitiveTypes.Float64,
	"date32": arrow.FixedWidthTypes.Date32, "date64": arrow.FixedWidthTypes.Date64,
	"string": arrow.BinaryTypes.String, "large_string": arrow.BinaryTypes.LargeString,
	"binary": arrow.BinaryTypes.Binary, "large_binary": arrow.BinaryTypes.LargeBinary,
	JSONType: arrow.BinaryTypes.String,
}

// plainNames is the inverse of plainTypes, by Arrow's type id.
var plainNames = func() map[arrow.Type]Type {
	names := make(map[arrow.Type]Type, len(plainTypes))
	for name, dt := range plainTypes {
		if name != JSONType {
			names[dt.ID()] = name
		}
	}
	return names
}()

// Decimals of up to 38 digits take 128 bits, up to 76 digits 256.
const (
	maxDecimal128 = 38
	maxDecimal256 = 76
)

var timeUnits = map[string]arrow.TimeUnit{
	"s": arrow.Second, "ms": arrow.Millisecond, "us": arrow.Microsecond, "ns": arrow.Nanosecond,
}

// perSecond returns the number of units in a second.
func perSecond(unit arrow.TimeUnit) int64 {
	return [...]int64{arrow.Second: 1, arrow.Millisecond: 1e3, arrow.Microsecond: 1e6, arrow.Nanosecond: 1e9}[unit]
}

// typeName returns the notation of an Arrow type; ok is false for nested and other types that cells
// cannot hold. A dictionary has the type of its values.
func typeName(dt arrow.DataType) (name Type, ok bool) {
	switch dt := dt.(type) {
	case *arrow.DictionaryType:
		return typeName(dt.ValueType)
	case arrow.ExtensionType:
		return typeName(dt.StorageType())
	case *arrow.Time32Type:
		return Type("time32[" + dt.Unit.String() + "]"), true
	case *arrow.Time64Type:
		return Type("time64[" + dt.Unit.String() + "]"), true
	case *arrow.DurationType:
		return Type("duration[" + dt.Unit.String() + "]"), true
	case *arrow.TimestampType:
		if dt.TimeZone == "" {
			return Type("timestamp[" + dt.Unit.String() + "]"), true
		}
		return Type("timestamp[" + dt.Unit.String() + ", tz=" + dt.TimeZone + "]"), true
	case *arrow.FixedSizeBinaryType:
		return Type(fmt.Sprintf("fixed_size_binary[%d]", dt.ByteWidth)), true
	case arrow.DecimalType:
		return Type(fmt.Sprintf("decimal(%d, %d)", dt.GetPrecision(), dt.GetScale())), true
	}
	name, ok = plainNames[dt.ID()]
	return name, ok
}

// parseType is the inverse of typeName.
func parseType(t Type) (arrow.DataType, error) {
	if dt, ok := plainTypes[t]; ok {
		return dt, nil
	}
	if args, ok := arguments(t, "decimal(", ")"); ok {
		return parseDecimalType(t, args)
	}
	if args, ok := arguments(t, "fixed_size_binary[", "]"); ok {
		width, err := strconv.Atoi(args)
		if err != nil || width < 1 {
			return nil, fmt.Errorf("type %q: want a width in bytes", t)
		}
		return &arrow.FixedSizeBinaryType{ByteWidth: width}, nil
	}
	base, args, _ := strings.Cut(strings.TrimSuffix(string(t), "]"), "[")
	args, tz, _ := strings.Cut(args, ", tz=")
	unit, ok := timeUnits[args]
	long := unit == arrow.Microsecond || unit == arrow.Nanosecond
	switch {
	case ok && base == "timestamp":
		return &arrow.TimestampType{Unit: unit, TimeZone: tz}, nil
	case ok && base == "duration":
		return &arrow.DurationType{Unit: unit}, nil
	case ok && base == "time32" && !long:
		return &arrow.Time32Type{Unit: unit}, nil
	case ok && base == "time64" && long:
		return &arrow.Time64Type{Unit: unit}, nil
	}
	return nil, fmt.Errorf("unknown type %q", t)
}

func arguments(t Type, prefix, suffix string) (string, bool) {
	args, ok := strings.CutPrefix(string(t), prefix)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(args, suffix)
}

func parseDecimalType(t Type, args string) (arrow.DataType, error) {
	p, s, _ := strings.Cut(args, ", ")
	precision, err1 := strconv.Atoi(p)
	scale, err2 := strconv.Atoi(s)
	if err1 != nil || err2 != nil || precision < 1 || precision > maxDecimal256 || scale < 0 || scale > precision {
		return nil, fmt.Errorf("type %q: want a precision of 1 to %d digits and a scale within it", t, maxDecimal256)
	}
	if precision <= maxDecimal128 {
		return &arrow.Decimal128Type{Precision: int32(precision), Scale: int32(scale)}, nil
	}
	return &arrow.Decimal256Type{Precision: int32(precision), Scale: int32(scale)}, nil
}
